import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Fault } from '../../lambdas/core/fault.ts';
import { type TokenSettings, tokenVerifier } from '../../lambdas/handlers/token-verifier.ts';
import { badTokens } from '../support/bad-tokens.ts';
import { startKeyServer } from '../support/key-server.ts';

const SECRET = 'a secret of the tests, long enough for HS256';
const NOW = Date.now();
const IN_AN_HOUR_S = Math.floor(NOW / 1000) + 3_600;
/** jose asks a key server for unknown keys at most this often. */
const COOLDOWN_MS = 31_000;

const verifier = (settings: TokenSettings) => tokenVerifier(settings, () => NOW);
const bySecret = { secret: async () => SECRET };
const hs256 = (claims: JWTPayload, secret: string | Uint8Array = SECRET) =>
  new SignJWT({ exp: IN_AN_HOUR_S, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(typeof secret === 'string' ? new TextEncoder().encode(secret) : secret);

/** RSA keys take long to find. */
const rsa = generateKeyPair('RS256', { extractable: true });

/** A key pair of an issuer, the public half as it is published, and a way to sign with the other. */
async function issuerKey(alg: string, kid: string) {
  const pair = alg === 'RS256' ? rsa : generateKeyPair(alg, { extractable: true });
  const { publicKey, privateKey } = await pair;
  const sign = (claims: JWTPayload, header: { readonly kid?: string } = { kid }) =>
    new SignJWT({ exp: IN_AN_HOUR_S, ...claims }).setProtectedHeader({ alg, ...header }).sign(privateKey);
  return { publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }, sign };
}

const failureOf = (verified: Promise<unknown>) =>
  verified.then(
    () => 'accepted',
    (thrown: unknown) => thrown,
  );
const reasonOf = async (verified: Promise<unknown>) => {
  const failure = await failureOf(verified);
  return failure instanceof Fault ? failure.reason : failure;
};

afterEach(() => vi.useRealTimers());

describe('claims', () => {
  test('are those that are ruled, and only where they are worth keeping', async () => {
    const { verify } = verifier(bySecret);
    const claims = {
      sub: 'u1',
      name: 'Ann',
      username: 'ann',
      email: 'ann@x.y',
      role: 'client',
      therapistId: 't',
      dialect: 'booking',
    };
    const { sub: userId, ...said } = claims;
    expect(await verify(await hs256({ ...claims, other: 1 }))).toEqual({
      userId,
      expiresAt: IN_AN_HOUR_S * 1000,
      ...said,
    });
    const worthless = {
      sub: 'u1',
      name: '',
      username: ' ',
      email: 7,
      role: 'x'.repeat(257),
      dialect: 'a\u0000',
    };
    expect(await verify(await hs256(worthless))).toEqual({ userId: 'u1', expiresAt: IN_AN_HOUR_S * 1000 });
  });

  test.each([
    ['none', {}, 8.64e15],
    ['one beyond all dates', { exp: Number.MAX_SAFE_INTEGER }, 8.64e15],
    ['one beyond all numbers', { exp: 1e300 }, 8.64e15],
    ['a fraction of a second', { exp: IN_AN_HOUR_S + 0.5 }, (IN_AN_HOUR_S + 0.5) * 1000],
  ])('with an expiry of %s have one that can be kept', async (_, claims, expiresAt) => {
    const token = await new SignJWT({ sub: 'u1', ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(SECRET));
    expect(await verifier(bySecret).verify(token)).toEqual({ userId: 'u1', expiresAt });
  });

  test('of a token that has run out are told apart from those of a bad one', async () => {
    const { verify } = verifier(bySecret);
    const at = Math.floor(NOW / 1000);
    expect(await reasonOf(verify(await hs256({ sub: 'u1', exp: at - 1 })))).toBe('token-expired');
    expect(await reasonOf(verify(await hs256({ sub: 'u1', nbf: at + 1 })))).toBe('token-invalid');
  });
});

describe('with a secret', () => {
  test('every bad token is refused', async () => {
    const { verify } = verifier(bySecret);
    for (const { why, token } of await badTokens('u1', { secret: SECRET, now: NOW })) {
      if (why === 'is of somebody unheard of') continue;
      expect(await reasonOf(verify(token)), why).toMatch(/^token-(invalid|expired)$/);
    }
  });

  test('one that cannot be read says nothing about the token, and is read again', async () => {
    const secret = vi.fn().mockRejectedValueOnce(new Error('no answer')).mockResolvedValue(SECRET);
    const { verify } = verifier({ secret });
    const token = await hs256({ sub: 'u1' });
    expect(await failureOf(verify(token))).toEqual(new Error('no answer'));
    expect(await verify(token)).toMatchObject({ userId: 'u1' });
    await verify(token);
    expect(secret).toHaveBeenCalledTimes(2);
  });

  test('an asymmetric token is refused', async () => {
    const key = await issuerKey('RS256', 'k1');
    expect(await reasonOf(verifier(bySecret).verify(await key.sign({ sub: 'u1' })))).toBe('token-invalid');
  });
});

describe('issuer and audience', () => {
  test('are checked when they are set', async () => {
    const { verify } = verifier({ ...bySecret, issuer: 'https://issuer.example', audience: 'parley' });
    const right = { sub: 'u1', iss: 'https://issuer.example', aud: 'parley' };
    expect(await verify(await hs256(right))).toMatchObject({ userId: 'u1' });
    expect(await verify(await hs256({ ...right, aud: ['other', 'parley'] }))).toMatchObject({ userId: 'u1' });
    for (const wrong of [{ iss: 'https://issuer.example/' }, { iss: '' }, { aud: 'other' }, { aud: [] }]) {
      expect(await reasonOf(verify(await hs256({ ...right, ...wrong })))).toBe('token-invalid');
    }
    const { iss, aud } = right;
    expect(await reasonOf(verify(await hs256({ sub: 'u1', aud })))).toBe('token-invalid');
    expect(await reasonOf(verify(await hs256({ sub: 'u1', iss })))).toBe('token-invalid');
  });
});

describe('with a key set', () => {
  test.each(['RS256', 'ES256', 'ES512', 'EdDSA'])('a token signed with %s is accepted', async (alg) => {
    const key = await issuerKey(alg, 'k1');
    const { url } = await startKeyServer(key.jwk);
    const { verify } = verifier({ jwksUrl: url });
    expect(await verify(await key.sign({ sub: 'u1' }))).toMatchObject({ userId: 'u1' });
    expect(await verify(await key.sign({ sub: 'u1' }, {}))).toMatchObject({ userId: 'u1' });
  });

  test('alone, no HS256 token is accepted: not by a secret, nor by the public key as one', async () => {
    const key = await issuerKey('RS256', 'k1');
    const shared = { kty: 'oct', kid: 'k2', alg: 'HS256', k: Buffer.from(SECRET).toString('base64url') };
    const { url } = await startKeyServer(key.jwk, shared);
    const { verify } = verifier({ jwksUrl: url });
    const spki = await exportSPKI(key.publicKey);
    for (const secret of [SECRET, spki, spki.trim(), JSON.stringify(key.jwk), key.jwk.n ?? '']) {
      expect(await reasonOf(verify(await hs256({ sub: 'u1' }, secret)))).toBe('token-invalid');
    }
    const named = new SignJWT({ sub: 'u1' }).setProtectedHeader({ alg: 'HS256', kid: 'k2' });
    const confused = await named.sign(new TextEncoder().encode(SECRET));
    expect(await reasonOf(verify(confused))).toBe('token-invalid');
  });

  test('and a secret, each kind of token has its own key', async () => {
    const key = await issuerKey('RS256', 'k1');
    const { url } = await startKeyServer(key.jwk);
    const { verify } = verifier({ ...bySecret, jwksUrl: url });
    expect(await verify(await hs256({ sub: 'u1' }))).toMatchObject({ userId: 'u1' });
    expect(await verify(await key.sign({ sub: 'u2' }))).toMatchObject({ userId: 'u2' });
    const confused = await hs256({ sub: 'u1' }, await exportSPKI(key.publicKey));
    expect(await reasonOf(verify(confused))).toBe('token-invalid');
    for (const { why, token } of await badTokens('u1', { secret: SECRET, now: NOW })) {
      if (why === 'is of somebody unheard of') continue;
      expect(await reasonOf(verify(token)), why).toMatch(/^token-(invalid|expired)$/);
    }
  });

  test('a token by a key that is not in it is refused, and its jku is not asked', async () => {
    const [known, unknown] = [await issuerKey('ES256', 'k1'), await issuerKey('ES256', 'k2')];
    const { url } = await startKeyServer(known.jwk);
    const elsewhere = await startKeyServer(unknown.jwk);
    const { verify } = verifier({ jwksUrl: url });
    expect(await reasonOf(verify(await unknown.sign({ sub: 'u1' })))).toBe('token-invalid');
    expect(await reasonOf(verify(await unknown.sign({ sub: 'u1' }, { kid: 'k1' })))).toBe('token-invalid');
    const pointing = { kid: 'k2', jku: elsewhere.url };
    expect(await reasonOf(verify(await unknown.sign({ sub: 'u1' }, pointing)))).toBe('token-invalid');
    expect(elsewhere.asked()).toBe(0);
  });

  test('new keys are fetched when they come into use, and old ones are forgotten', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW });
    const [old, fresh] = [await issuerKey('ES256', 'k1'), await issuerKey('ES256', 'k2')];
    const server = await startKeyServer(old.jwk);
    const { verify } = verifier({ jwksUrl: server.url });
    expect(await verify(await old.sign({ sub: 'u1' }))).toMatchObject({ userId: 'u1' });
    expect(await verify(await old.sign({ sub: 'u1' }))).toMatchObject({ userId: 'u1' });
    expect(server.asked()).toBe(1);
    server.publish(fresh.jwk);
    vi.setSystemTime(NOW + COOLDOWN_MS);
    expect(await verify(await fresh.sign({ sub: 'u1' }))).toMatchObject({ userId: 'u1' });
    expect(await reasonOf(verify(await old.sign({ sub: 'u1' })))).toBe('token-invalid');
  });

  test.each([
    ['answers 500', 500, ''],
    ['answers 404', 404, '{}'],
    ['answers no JSON', 200, 'x'],
    ['answers no key set', 200, '{"keys":7}'],
  ])('that %s says nothing about the token, and is asked again', async (_, status, body) => {
    const key = await issuerKey('ES256', 'k1');
    const server = await startKeyServer(key.jwk);
    server.fail(status, body);
    const { verify } = verifier({ jwksUrl: server.url });
    const token = await key.sign({ sub: 'u1' });
    expect(await failureOf(verify(token))).not.toBeInstanceOf(Fault);
    expect(await failureOf(verify(token))).toBeInstanceOf(Error);
    server.publish(key.jwk);
    expect(await verify(token)).toMatchObject({ userId: 'u1' });
  });

  test('that cannot be reached says nothing about the token', async () => {
    const key = await issuerKey('ES256', 'k1');
    const { verify } = verifier({ jwksUrl: 'http://127.0.0.1:1/keys' });
    const failure = await failureOf(verify(await key.sign({ sub: 'u1' })));
    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(Fault);
  });
});

test('with neither, no token is accepted, and the log is told what to set', async () => {
  const failure = await failureOf(verifier({}).verify(await hs256({ sub: 'u1' })));
  expect(failure).not.toBeInstanceOf(Fault);
  expect(failure).toHaveProperty('message', expect.stringContaining('JWT_SECRET'));
});

test('a token of the platform’s own backend needs no user id', async () => {
  const token = await hs256({ role: 'service' });
  expect(await verifier(bySecret).verify(token)).toMatchObject({ userId: 'service', role: 'service' });
  expect(await reasonOf(verifier(bySecret).verify(await hs256({ role: 'client' })))).toBe('token-invalid');
});
