import { type JWTPayload, SignJWT } from 'jose';

/** What a token says. Times are in seconds since the epoch, as in the token. */
export type Claims = JWTPayload;

const HOUR_S = 3_600;

/** Signs claims with HS256; the token is good for an hour from `now` (ms), unless they say otherwise. */
export function signToken(
  claims: Claims,
  { secret, now }: { readonly secret: string; readonly now: number },
): Promise<string> {
  const exp = Math.floor(now / 1000) + HOUR_S;
  return new SignJWT({ exp, ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(secret));
}
