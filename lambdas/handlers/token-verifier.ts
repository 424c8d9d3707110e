import {
  createRemoteJWKSet,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import { Fault } from '../core/fault.ts';
import type { Claims, Tokens } from '../core/identify-user.ts';

export type TokenSettings = {
  /** The HS256 secret, read once. */
  readonly secret?: () => Promise<string>;
  /** Where the issuer publishes its asymmetric keys. */
  readonly jwksUrl?: string;
  readonly issuer?: string;
  readonly audience?: string;
};

type Verify = (token: string, options: JWTVerifyOptions) => Promise<JWTPayload>;

const ASYMMETRIC = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** Stands for “never”, in tokens without `exp` and with one beyond it: the last moment a Date can name. */
const NEVER_MS = 8.64e15;
const ID_MAX = 128;
const SERVICE = 'service';
const TEXT_MAX = 256;

/**
 * Verifies tokens as ruled (RULINGS §1 “Tokens”). Each way of verifying has its own fixed algorithms, so a token's
 * header can choose neither its algorithm nor which kind of key checks it.
 *
 * With neither a secret nor a key set configured, every verification fails, and the log says why.
 */
export function tokenVerifier(
  { secret, jwksUrl, issuer, audience }: TokenSettings,
  now: () => number,
): Tokens {
  const ways: Verify[] = [];
  if (secret) ways.push(withSecret(secret));
  if (jwksUrl !== undefined) ways.push(withKeySet(createRemoteJWKSet(new URL(jwksUrl))));
  const expected = { ...(issuer !== undefined && { issuer }), ...(audience !== undefined && { audience }) };
  return {
    verify: async (token) => {
      const options = { ...expected, currentDate: new Date(now()) };
      return claimsOf(await verifyEither(ways, token.replace(/^Bearer /i, ''), options));
    },
  };
}

function withSecret(secret: () => Promise<string>): Verify {
  let key: Promise<Uint8Array> | undefined;
  return async (token, options) => {
    key ??= secret().then((text) => new TextEncoder().encode(text));
    const bytes = await key.catch((thrown) => {
      key = undefined;
      throw thrown;
    });
    return (await jwtVerify(token, bytes, { ...options, algorithms: ['HS256'] })).payload;
  };
}

function withKeySet(keys: JWTVerifyGetKey): Verify {
  return async (token, options) =>
    (await jwtVerify(token, keys, { ...options, algorithms: ASYMMETRIC })).payload;
}

/** The first way's verdict, unless the token is not of its algorithm at all and there is another. */
async function verifyEither(
  ways: readonly Verify[],
  token: string,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  const [first, ...others] = ways;
  if (!first)
    throw new Error('No token can be verified: set a JWT secret (JWT_SECRET, JWT_SECRET_ARN) or JWKS_URL.');
  try {
    return await first(token, options);
  } catch (thrown) {
    if (thrown instanceof errors.JOSEAlgNotAllowed && others.length > 0)
      return verifyEither(others, token, options);
    throw refusal(thrown);
  }
}

function refusal(thrown: unknown): unknown {
  if (thrown instanceof errors.JWTExpired) return new Fault('token-expired');
  // A key set that cannot be had says nothing about the token.
  if (thrown instanceof errors.JWKSTimeout || thrown instanceof errors.JWKSInvalid) return thrown;
  if (!(thrown instanceof errors.JOSEError) || thrown.code === 'ERR_JOSE_GENERIC') return thrown;
  return new Fault('token-invalid', undefined, { cause: thrown });
}

function claimsOf(payload: JWTPayload): Claims {
  const { exp } = payload;
  const userId = [payload.sub, payload.userId, payload.id, payload._id].find(
    (id) => id !== undefined && id !== null,
  );
  return {
    // The platform's own backend is nobody in particular (RULINGS §4).
    userId: idOf(userId ?? (payload.role === SERVICE ? SERVICE : undefined)),
    expiresAt: exp === undefined ? NEVER_MS : Math.min(exp * 1000, NEVER_MS),
    ...textClaims(payload),
  };
}

function idOf(value: unknown): string {
  const id = typeof value === 'number' ? String(value) : value;
  const isId =
    typeof id === 'string' && id.length > 0 && id.length <= ID_MAX && !/[\p{Cc}\p{Surrogate}]/u.test(id);
  if (!isId) throw new Fault('token-invalid', 'no usable user id');
  return id;
}

function textClaims(payload: JWTPayload): Omit<Claims, 'userId' | 'expiresAt'> {
  const names = ['name', 'username', 'email', 'role', 'therapistId', 'dialect'] as const;
  return Object.fromEntries(names.flatMap((name) => textOf(payload[name]).map((text) => [name, text])));
}

/** A claim's text, if it has one worth keeping: empty, overlong and ill-formed ones count as absent. */
function textOf(value: unknown): readonly string[] {
  const isText = typeof value === 'string' && value.trim() !== '' && value.length <= TEXT_MAX;
  return isText && !/[\p{Cc}\p{Surrogate}]/u.test(value) ? [value] : [];
}
