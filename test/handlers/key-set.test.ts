import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { connect, refused } from '../support/booking-scene.ts';
import { startKeyServer } from '../support/key-server.ts';
import { openNative } from '../support/native-client.ts';
import { call } from '../support/rest.ts';
import { localBackend } from '../support/stack.ts';

/* The whole stack with an issuer's key set beside the secret; issuer and audience are checked. */

const ISSUER = { iss: 'https://issuer.example', aud: 'parley' };
const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
const keys = await startKeyServer();
keys.fail(503);
const backend = await localBackend({
  JWKS_URL: keys.url,
  JWT_ISSUER: ISSUER.iss,
  JWT_AUDIENCE: ISSUER.aud,
});

const signed = (claims: object) =>
  new SignJWT({ ...ISSUER, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
    .setExpirationTime('1h')
    .sign(privateKey);
const listOwn = (token: string) => call(backend, 'GET', '/api/messages/my-conversations', { token });
const INTERNAL = { code: 'INTERNAL', message: 'Internal error' };

test('while the keys cannot be had nobody is refused for a bad token, and the log knows why', async () => {
  const token = await signed({ sub: 'ann', name: 'Ann' });
  const anonymous = await connect(backend);
  expect(await anonymous.request('authenticate', token)).toEqual(refused('INTERNAL', INTERNAL.message));
  expect(await anonymous.next('error')).toEqual(INTERNAL);
  expect(await openNative(backend.webSocketUrl, { token })).toBe(500);
  expect(await listOwn(token)).toMatchObject({
    status: 500,
    body: { success: false, message: 'Internal error', data: null, error: 'INTERNAL' },
  });
  expect(backend.failures()).toHaveLength(3);

  keys.publish(jwk);
  expect(await anonymous.request('authenticate', token)).toMatchObject({ ok: true, userId: 'ann' });
  expect(await listOwn(token)).toMatchObject({ status: 200 });
});

test('a token of the issuer, and one of the secret, opens everything; of another issuer, nothing', async () => {
  keys.publish(jwk);
  for (const token of [
    await signed({ sub: 'ann', name: 'Ann' }),
    await backend.token({ sub: 'ann', name: 'Ann', ...ISSUER }),
  ]) {
    await connect(backend, { token });
    expect(await listOwn(token)).toMatchObject({ status: 200 });
  }
  for (const wrong of [{ iss: 'https://other.example' }, { aud: 'other' }]) {
    for (const token of [
      await signed({ sub: 'ann', name: 'Ann', ...wrong }),
      await backend.token({ sub: 'ann', name: 'Ann', ...ISSUER, ...wrong }),
    ]) {
      expect(await openNative(backend.webSocketUrl, { token })).toBe(401);
      expect(await listOwn(token)).toMatchObject({ status: 401 });
    }
  }
});
