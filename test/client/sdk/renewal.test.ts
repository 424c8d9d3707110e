import { expect, test, vi } from 'vitest';
import { bookingOf, Street, watch } from './device.ts';

const MINUTE_MS = 60_000;

/** A client whose tokens hold for ten minutes, and what its connection went through. */
function scene(getToken: () => string) {
  const street = new Street();
  street.backend.holdsMs = 10 * MINUTE_MS;
  const client = street.client('ann', { getToken });
  const statuses: string[] = [];
  client.connection.subscribe(() => statuses.push(client.connection.getSnapshot().status));
  return { street, client, statuses };
}

test('a token is renewed before it expires, again and again, on the same connection', async () => {
  const getToken = vi.fn(() => `token-${getToken.mock.calls.length}`);
  const { street, statuses } = scene(getToken);
  await street.pass(30 * MINUTE_MS);
  expect(street.backend.tokens).toEqual(['token-1', 'token-2', 'token-3', 'token-4']);
  expect(statuses).toEqual(['online']);
});

test('one that is the same still is asked for again, more and more often, and not brought again', async () => {
  const getToken = vi.fn(() => 'same');
  const { street, statuses } = scene(getToken);
  await street.pass(10 * MINUTE_MS - 1_000);
  expect(getToken.mock.calls.length).toBeGreaterThan(4);
  expect(street.backend.tokens).toEqual(['same']);
  expect(statuses).toEqual(['online']);
});

test('one that does not end is not renewed', async () => {
  const tokens = ['ends', 'does not end', 'is brought by a new connection'];
  const { street, statuses } = scene(() => tokens.shift() ?? 'is asked for too often');
  await street.pass(MINUTE_MS);
  street.backend.holdsMs = undefined;
  await street.pass(60 * MINUTE_MS);
  expect(street.backend.tokens).not.toContain('is asked for too often');
  expect(statuses.at(-1)).toBe('online');
});

test('where there is no other in time the connection is lost, and back as soon as there is one', async () => {
  let token: string | undefined = 'first';
  const { street, client, statuses } = scene(() => {
    if (token === undefined) throw new Error('The session has ended.');
    return token;
  });
  watch(bookingOf(client));
  await street.pass(MINUTE_MS);
  token = undefined;
  await street.pass(12 * MINUTE_MS);
  expect(statuses.slice(0, 2)).toEqual(['online', 'offline']);
  const said = bookingOf(client).send({ content: 'meanwhile' });
  token = 'second';
  await street.pass(10_000);
  expect(await said).toMatchObject({ content: 'meanwhile' });
  expect(statuses.at(-1)).toBe('online');
  expect(street.backend.tokens).toEqual(['first', 'second']);
});

test('a connection that is closed has nothing renewed', async () => {
  const getToken = vi.fn(() => 'first');
  const { street, client } = scene(getToken);
  await street.pass(MINUTE_MS);
  client.close();
  const calls = getToken.mock.calls.length;
  await street.pass(20 * MINUTE_MS);
  expect(getToken).toHaveBeenCalledTimes(calls);
  expect(street.clock.scheduled).toBe(0);
});
