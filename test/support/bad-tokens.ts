import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { type Claims, signToken } from './tokens.ts';

/** A token that must not be let in, and why. */
export type BadToken = { readonly why: string; readonly token: string };

const base64url = (text: string) => Buffer.from(text).toString('base64url');

/** Tokens of every kind of badness, for somebody whom a good token would let in. */
export async function badTokens(
  userId: string,
  { secret, now }: { readonly secret: string; readonly now: number },
): Promise<readonly BadToken[]> {
  const at = Math.floor(now / 1000);
  const signed = (claims: Claims, key = secret) => signToken(claims, { secret: key, now });
  const key = new TextEncoder().encode(secret);
  const as = (alg: string) => new SignJWT({ sub: userId, exp: at + 600 }).setProtectedHeader({ alg });
  const { privateKey } = await generateKeyPair('ES256');
  const good = await signed({ sub: userId });
  const [header = '', payload = '', signature = ''] = good.split('.');
  const admin = base64url(JSON.stringify({ sub: userId, role: 'service', exp: at + 600 }));
  const critical = new SignJWT({ sub: userId }).setProtectedHeader({ alg: 'HS256', crit: ['x'], x: 1 });
  const jwk = { kty: 'oct', k: base64url('x'.repeat(32)) } as const;
  return Object.entries({
    'has expired': await signed({ sub: userId, exp: at - 1 }),
    'expires now': await signed({ sub: userId, exp: at }),
    'is not valid yet': await signed({ sub: userId, nbf: at + 60 }),
    'has an expiry that is no time': await signed({ sub: userId, exp: 'tomorrow' as never }),
    'is signed with another secret': await signed({ sub: userId }, 'another secret that is long enough, too'),
    'is signed with an empty secret': await new SignJWT({ sub: userId })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new Uint8Array(32)),
    'says alg none': new UnsecuredJWT({ sub: userId }).setExpirationTime(at + 600).encode(),
    'says alg None': `${base64url('{"alg":"None"}')}.${payload}.`,
    'has lost its signature': `${header}.${payload}.`,
    'has lost its signature and the dot': `${header}.${payload}`,
    'has another payload than was signed': `${header}.${admin}.${signature}`,
    'has another signature': `${header}.${payload}.${base64url('x'.repeat(32))}`,
    'is signed with HS512': await as('HS512').sign(key),
    'is signed with HS384': await as('HS384').sign(key),
    'is signed with a private key nobody knows': await as('ES256').sign(privateKey),
    'carries the key that it is signed with': await new SignJWT({ sub: userId })
      .setProtectedHeader({ alg: 'HS256', jwk: jwk as { readonly kty: 'oct' } })
      .sign(new TextEncoder().encode('x'.repeat(32))),
    'needs an extension to be understood': await critical.sign(key, { crit: { x: true } }),
    'names nobody': await signed({}),
    'names nobody by an empty id': await signed({ sub: '' }),
    'names its user by an object': await signed({ sub: { id: userId } as never }),
    'names its user by true': await signed({ id: true }),
    'names its user by too long an id': await signed({ sub: 'x'.repeat(129), name: 'X' }),
    'names its user by a control character': await signed({ sub: 'a\u0000b', name: 'X' }),
    'is of somebody unheard of': await signed({ sub: 'unheard-of' }),
    'is garbage': 'garbage',
    'is garbage with dots': 'a.b.c',
    'is two dots': '..',
    'is an empty object': `${base64url('{}')}.${base64url('{}')}.x`,
    'is no JSON inside': `${base64url('{')}.${base64url('{')}.x`,
    'is 10 KB of garbage': 'x'.repeat(10_000),
    'is a good one twice': `${good}.${good}`,
    'is a good one with something behind': `${good}x`,
    'is Bearer twice': `Bearer Bearer ${good}`,
    'is of another scheme': `Basic ${good}`,
  }).map(([why, token]) => ({ why, token }));
}
