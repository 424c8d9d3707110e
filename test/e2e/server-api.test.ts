import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { newPerson, platformOf } from '../support/booking-scene.ts';
import { call } from '../support/rest.ts';
import { backendForFile } from '../support/stack.ts';

const backend = await backendForFile();
const platform = await platformOf(backend);

describe('who may call', () => {
  const routes = [
    ['PUT', 'users', { name: 'Eve' }],
    ['PUT', 'businesses', { name: 'Eve’s', ownerId: 'eve' }],
    ['PUT', 'bookings', { clientId: 'eve', businessId: 'x' }],
    ['DELETE', 'users', undefined],
    ['DELETE', 'businesses', undefined],
    ['DELETE', 'bookings', undefined],
  ] as const;

  test('the platform’s backend alone', async () => {
    const { userId } = await newPerson(backend, 'Eve');
    const exp = Math.floor(backend.now() / 1000) - 1;
    const ordinary = await backend.token({ sub: userId, role: 'admin' });
    const expired = await backend.token({ sub: 'platform', role: 'service', exp });
    const before = await backend.rows();
    for (const [method, kind, body] of routes) {
      const path = `/api/server/${kind}/${randomUUID()}`;
      const answers = await Promise.all(
        [undefined, ordinary, expired, 'garbage'].map((token) =>
          call(backend, method, path, { token, body }),
        ),
      );
      expect(
        answers.map(({ status, body: { error } }) => [status, error]),
        `${method} ${kind}`,
      ).toEqual([
        [401, 'AUTHENTICATION_FAILED'],
        [403, 'UNAUTHORIZED'],
        [401, 'AUTHENTICATION_FAILED'],
        [401, 'AUTHENTICATION_FAILED'],
      ]);
    }
    expect(await backend.rows()).toEqual(before);
  });

  test('not a user whom the platform gave the role', async () => {
    const { userId } = await newPerson(backend, 'Eve');
    await platform.put(`users/${userId}`, { name: 'Eve', role: 'service' });
    const token = await backend.token({ sub: userId });
    expect(await call(backend, 'DELETE', '/api/server/users/x', { token })).toMatchObject({ status: 403 });
  });
});

describe('what is told', () => {
  test('is answered in the envelope', async () => {
    const bookingId = `booking-${randomUUID()}`;
    const booking = { clientId: 'c', businessId: 'b', status: 'confirmed', title: 'T', message: 'M' };
    const startTime = '2026-02-09T11:30:00+01:00';
    const { body } = await platform.put(`bookings/${bookingId}`, { ...booking, startTime });
    const data = { bookingId, ...booking, startTime: '2026-02-09T10:30:00.000Z' };
    expect(body).toStrictEqual({ success: true, message: expect.any(String), data });
  });

  test('may be forgotten though it was never told', async () => {
    for (const kind of ['users', 'businesses', 'bookings']) await platform.forget(`${kind}/${randomUUID()}`);
  });

  test('is refused with 400 when it is not what it should be', async () => {
    const token = await backend.token({ sub: 'platform', role: 'service' });
    const long = 'x'.repeat(300);
    const before = await backend.rows();
    for (const [kind, bodies] of [
      [
        'users',
        [
          {},
          [],
          'null',
          '"x"',
          '{',
          '',
          { name: '' },
          { name: ' ' },
          { name: 7 },
          { name: long },
          { name: '\u0000' },
        ],
      ],
      [
        'users',
        [{ name: 'x', email: 7 }, { name: 'x', role: {} }, { name: '\ud800' }, { name: 'x', username: null }],
      ],
      [
        'businesses',
        [{}, { name: 'x' }, { ownerId: 'x' }, { name: 'x', ownerId: '' }, { name: 'x', ownerId: long }],
      ],
      ['bookings', [{}, { clientId: 'x' }, { businessId: 'x' }, { clientId: 'x', businessId: {} }]],
      [
        'bookings',
        ['tomorrow', '', '2026-02-09', '2026-02-09T10:30:00', 0, null].map((startTime) => ({
          clientId: 'x',
          businessId: 'x',
          startTime,
        })),
      ],
    ] as const) {
      for (const body of bodies) {
        const answer = await call(backend, 'PUT', `/api/server/${kind}/x`, { token, body });
        expect(answer, JSON.stringify(body)).toMatchObject({
          status: 400,
          body: { error: 'INVALID_PAYLOAD' },
        });
      }
    }
    expect(await backend.rows()).toEqual(before);
  });

  test.each(['a b', 'a+b', 'a%41b', 'a#b', 'a&b=c', 'ü:é', '\'"<>', '..', '%', '__proto__', 'x'.repeat(128)])(
    'may have the id %s',
    async (name) => {
      const unique = `${randomUUID().slice(0, 8)}${name}`.slice(0, 128);
      const path = encodeURIComponent(unique);
      await platform.put(`users/${path}`, { name: 'Odd' });
      const { data } = (await platform.put(`users/${path}`, { name: 'Odd' })).body;
      expect(data).toEqual({ userId: unique, name: 'Odd' });
      const token = await backend.token({ sub: unique });
      expect(await call(backend, 'GET', '/api/messages/my-conversations', { token })).toMatchObject({
        status: 200,
      });
    },
  );
});
