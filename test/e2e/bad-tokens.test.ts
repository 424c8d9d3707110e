import { expect, test } from 'vitest';
import { badTokens } from '../support/bad-tokens.ts';
import { connect, newPerson, newScene, refused } from '../support/booking-scene.ts';
import { openNative } from '../support/native-client.ts';
import { call } from '../support/rest.ts';
import { backendForFile } from '../support/stack.ts';

const backend = await backendForFile();
const UNAUTHENTICATED = refused('AUTHENTICATION_FAILED');
/** API Gateway takes no longer URL; a header may be longer. */
const URL_MAX = 4_000;

const bad = async (userId: string) => badTokens(userId, { secret: backend.secret, now: backend.now() });

test('a bad token opens no connection', async () => {
  const { userId } = await newPerson(backend, 'Ann');
  const before = await backend.rows();
  for (const { why, token } of await bad(userId)) {
    expect(await openNative(backend.webSocketUrl, { authorization: `Bearer ${token}` }), why).toBe(401);
    if (token.length > URL_MAX) continue;
    expect(await openNative(backend.webSocketUrl, { token }), why).toBe(401);
  }
  expect(await backend.rows()).toEqual(before);
});

test('a bad token opens no route', async () => {
  const { bookingId, client } = await newScene(backend);
  const before = await backend.rows();
  for (const { why, token } of await bad(client.userId)) {
    const answer = await call(backend, 'GET', `/api/messages/booking/${bookingId}`, { token });
    expect(answer, why).toMatchObject({
      status: 401,
      body: { success: false, data: null, error: 'AUTHENTICATION_FAILED' },
    });
  }
  expect(await backend.rows()).toEqual(before);
});

test('a bad token authenticates nobody, and the connection stays what it was', async () => {
  const { bookingId, client } = await newScene(backend);
  const [anonymous, ann] = [await connect(backend), await client.connect()];
  const before = await backend.rows();
  for (const { why, token } of await bad(client.userId)) {
    expect(await anonymous.request('authenticate', token), why).toEqual(UNAUTHENTICATED);
    expect(await anonymous.next('error'), why).toEqual(UNAUTHENTICATED.error);
    expect(await ann.request('authenticate', { token }), why).toEqual(expect.objectContaining({ ok: false }));
  }
  expect(await anonymous.request('joinBooking', bookingId)).toEqual(UNAUTHENTICATED);
  expect(await backend.rows()).toEqual(before);
  expect(await ann.request('joinBooking', bookingId)).toMatchObject({ ok: true });
});
