import { expect, test } from 'vitest';
import { sweep } from '../../lambdas/handlers/sweep.ts';
import type { SocketIoServer } from '../../lambdas/wire/socket-io/server.ts';
import { HEARTBEAT_SLOTS } from '../../lambdas/wire/socket-io/session.ts';
import { memoryLogbook } from '../fakes/memory-logbook.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';

/** A sweep that finds these sessions out of reach; the slots that it beats, in order. */
function swept(out: readonly string[] = []) {
  const slots: number[] = [];
  const log = memoryLogbook();
  const { ports, ...memory } = memoryPorts();
  const settled: number[] = [];
  const settle = async (until: number) => {
    settled.push(until);
    if (out.length > 0) throw new Error('the table is on fire');
  };
  const statistics = { ...memory.statistics, settle };
  const beat = async (slot: number) => {
    slots.push(slot);
    return out.map((key) => ({ key, cause: new Error(`${key}: the table is on fire`) }));
  };
  const run = sweep({ beat } as unknown as SocketIoServer, { log, ports, statistics });
  return { slots, log, settled, now: () => ports.clock.now(), run };
}

async function beaten(times: readonly string[]) {
  const { slots, run } = swept();
  for (const time of times) await run({ time });
  return slots;
}

test('every slot has its turn, once in nine minutes', async () => {
  const slots = await beaten(
    Array.from({ length: HEARTBEAT_SLOTS }, (_, minute) => `2026-11-20T12:0${minute}:30Z`),
  );
  expect(slots.toSorted((a, b) => a - b)).toEqual(Array.from({ length: HEARTBEAT_SLOTS }, (_, slot) => slot));
});

test('an invocation that comes late leaves no slot out, and one that comes twice beats the same', async () => {
  const [first = -1, second, again] = await beaten([
    '2026-11-20T12:00:59Z',
    '2026-11-20T12:01:59Z',
    '2026-11-20T12:01:59Z',
  ]);
  expect(second).toBe((first + 1) % HEARTBEAT_SLOTS);
  expect(again).toBe(second);
});

test('what goes wrong with a session is logged, and the sweep is not done again for it', async () => {
  const { log, run } = swept(['one', 'two']);
  await run({ time: '2026-11-20T12:00:59Z' });
  expect(log.errors).toMatchObject([
    { event: 'statistics' },
    { event: 'sweep', fields: { connectionId: 'one' } },
    { event: 'sweep', fields: { connectionId: 'two' } },
  ]);
});

test('the statistics take in what has been quiet for long enough', async () => {
  const { settled, now, run } = swept();
  await run({ time: '2026-11-20T12:00:59Z' });
  expect(settled).toEqual([now() - 90_000]);
});
