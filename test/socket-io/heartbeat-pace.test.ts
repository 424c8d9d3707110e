import { expect, test } from 'vitest';
import { beat } from '../../lambdas/wire/socket-io/heartbeat.ts';
import type { ServerParts } from '../../lambdas/wire/socket-io/server.ts';
import type { Session } from '../../lambdas/wire/socket-io/session.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';

const SECOND_MS = 1000;

/** The times at which so many sessions are pinged, by a clock that goes on only where it is waited for. */
async function pingedAt(count: number): Promise<readonly number[]> {
  const clock = new VirtualClock();
  const times: number[] = [];
  const openedAt = clock.now();
  async function* due(): AsyncIterable<Partial<Session>> {
    for (let n = 0; n < count; n += 1) yield { key: `c${n}`, webSocket: `c${n}`, openedAt };
  }
  const post = async () => {
    times.push(clock.now());
    return 'delivered';
  };
  const parts = {
    store: { due },
    gateway: { post },
    clock: { now: () => clock.now(), sleep: async (ms: number) => clock.pass(ms) },
  };
  await beat(parts as unknown as ServerParts, 0);
  return times;
}

test('however many sessions are due, the answers that come back are no more than a stage takes', async () => {
  const times = await pingedAt(5_000);
  expect(times).toHaveLength(5_000);
  const busiest = Math.max(
    ...times.map((from) => times.filter((at) => at >= from && at < from + SECOND_MS).length),
  );
  expect(busiest).toBeLessThanOrEqual(1_000);
});

test('few are pinged at once', async () => {
  expect(new Set(await pingedAt(50)).size).toBe(1);
});

test('one session that can be neither pinged nor ended keeps no other from its ping', async () => {
  const posted: string[] = [];
  const sessions = Array.from({ length: 200 }, (_, n) => ({ key: `c${n}`, webSocket: `c${n}`, openedAt: 0 }));
  async function* due(): AsyncIterable<Partial<Session>> {
    for (const session of sessions) yield { ...session, sockets: new Map() };
  }
  const post = async (id: string) => {
    posted.push(id);
    return id.endsWith('7') ? 'gone' : 'delivered';
  };
  const onFire = new Error('the table is on fire');
  const parts = {
    application: {},
    store: { due, remove: () => Promise.reject(onFire) },
    gateway: { post },
    clock: { now: () => 0, sleep: async () => {} },
  };
  const missed = await beat(parts as unknown as ServerParts, 0);
  expect(posted).toEqual(sessions.map(({ key }) => key));
  expect(missed).toHaveLength(20);
  expect(missed).toContainEqual({ key: 'c107', cause: onFire });
});
