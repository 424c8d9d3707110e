import { randomUUID } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sessionStore } from '../../lambdas/aws/session-store.ts';
import { connectTable, type Table } from '../../lambdas/aws/table-client.ts';
import type { Recoverable, SessionStore } from '../../lambdas/wire/socket-io/session.ts';
import { type Mishaps, sufferMishaps } from '../aws/mishaps.ts';
import { freshTable } from '../support/table.ts';

let table: Table;
let store: SessionStore;
let mishaps: Mishaps;
beforeAll(async () => {
  const place = await freshTable();
  table = { ...connectTable(place), name: place.tableName };
  mishaps = sufferMishaps(table.client);
  store = sessionStore(table);
});
afterAll(() => table.client.destroy());

/** Far ahead of the machine's clock, by which the engine deletes rows. */
const NOW = Date.UTC(2040, 0, 1);

const pidOf = (key: string) => `${key}~${randomUUID()}`;

function recoverable(holder: string, more: Partial<Recoverable> = {}): Recoverable {
  const kept = { namespace: '/', sid: 'sid', state: { userId: 'ann', joinedAfter: { room: 7 } } };
  return { kept, until: NOW + 60_000, holder, ...more };
}

/** Lets the answer of the next request be lost, which the SDK then makes once more. */
async function withLostAnswer<T>(act: () => Promise<T>): Promise<T> {
  Object.assign(mishaps, { count: 0, of: (nth: number) => (nth === 0 ? 'lost' : undefined) });
  try {
    return await act();
  } finally {
    mishaps.of = () => undefined;
  }
}

test('nothing is kept of a socket that has not ended', async () => {
  expect(await store.kept(pidOf('one'))).toBeUndefined();
});

test('what is kept is found as it was, as often as asked', async () => {
  const pid = pidOf('one');
  await store.keep(pid, recoverable('one'));
  expect(await store.kept(pid)).toStrictEqual(recoverable('one'));
  expect(await store.kept(pid)).toStrictEqual(recoverable('one'));
});

test('its holder may keep it anew, with what it is by then', async () => {
  const pid = pidOf('one');
  const later = recoverable('one', { until: NOW + 90_000 });
  await store.keep(pid, recoverable('one'));
  await store.keep(pid, later);
  expect(await store.kept(pid)).toStrictEqual(later);
});

test('the session that had it before keeps nothing any more, however late it ends', async () => {
  const pid = pidOf('one');
  await store.keep(pid, recoverable('one'));
  expect(await store.handOver(pid, recoverable('one'), 'two', NOW)).toBe(true);
  await store.keep(pid, recoverable('one', { until: NOW + 90_000 }));
  await store.forget(pid, 'one');
  expect(await store.kept(pid)).toStrictEqual(recoverable('two'));
  const after = recoverable('two', { kept: { namespace: '/', sid: 'sid', state: 'later' } });
  await store.keep(pid, after);
  expect(await store.kept(pid)).toStrictEqual(after);
});

test('what was kept anew since it was read is handed to nobody', async () => {
  const pid = pidOf('one');
  await store.keep(pid, recoverable('one'));
  const later = recoverable('one', { until: NOW + 90_000 });
  await store.keep(pid, later);
  expect(await store.handOver(pid, recoverable('one'), 'two', NOW)).toBe(false);
  expect(await store.handOver(pid, later, 'two', NOW)).toBe(true);
});

test('of many that ask for the same at once, one gets it', async () => {
  const pid = pidOf('one');
  await store.keep(pid, recoverable('one'));
  const sessions = Array.from({ length: 12 }, (_, index) => `session-${index}`);
  const won = await Promise.all(
    sessions.map((session) => store.handOver(pid, recoverable('one'), session, NOW)),
  );
  expect(won.filter(Boolean)).toHaveLength(1);
  expect(await store.kept(pid)).toStrictEqual(recoverable(sessions[won.indexOf(true)] ?? ''));
});

test('what was never kept is handed to nobody', async () => {
  const pid = pidOf('one');
  expect(await store.handOver(pid, recoverable('one'), 'two', NOW)).toBe(false);
  expect(await store.kept(pid)).toBeUndefined();
});

test('it is forgotten by its holder alone', async () => {
  const pid = pidOf('one');
  await store.keep(pid, recoverable('one'));
  await store.forget(pid, 'two');
  expect(await store.kept(pid)).toStrictEqual(recoverable('one'));
  await store.forget(pid, 'one');
  await store.forget(pid, 'one');
  expect(await store.kept(pid)).toBeUndefined();
});

test('a lost answer changes nothing', async () => {
  const pid = pidOf('one');
  await withLostAnswer(() => store.keep(pid, recoverable('one')));
  expect(await store.kept(pid)).toStrictEqual(recoverable('one'));
  expect(await withLostAnswer(() => store.handOver(pid, recoverable('one'), 'two', NOW))).toBe(true);
  expect(await store.kept(pid)).toStrictEqual(recoverable('two'));
  await withLostAnswer(() => store.forget(pid, 'two'));
  expect(await store.kept(pid)).toBeUndefined();
});

test('it says until when it is kept, though its row stands for days longer', async () => {
  const pid = pidOf('one');
  await store.keep(pid, recoverable('one', { until: NOW - 1 }));
  expect(await store.kept(pid)).toMatchObject({ until: NOW - 1 });
});

test('its row outlives the session that it was handed to', async () => {
  const pid = pidOf('one');
  await store.keep(pid, recoverable('one'));
  await store.handOver(pid, recoverable('one'), 'two', NOW);
  const Key = { pk: `RECOVERY#${pid}`, sk: 'RECOVERY' };
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key }));
  expect(Item?.ttl).toBeGreaterThanOrEqual(NOW / 1000 + 2 * 60 * 60);
});
