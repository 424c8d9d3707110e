import { expect, test } from 'vitest';
import { sweep } from '../../lambdas/handlers/sweep.ts';
import type { SocketIoServer } from '../../lambdas/wire/socket-io/server.ts';
import { HEARTBEAT_SLOTS } from '../../lambdas/wire/socket-io/session.ts';

/** The slots that a schedule of one minute beats, in order. */
async function beaten(invocations: readonly { readonly time: string; readonly clock: string }[]) {
  const slots: number[] = [];
  const sockets = { beat: async (slot: number) => void slots.push(slot) } as unknown as SocketIoServer;
  for (const { time, clock } of invocations) await sweep(sockets, () => Date.parse(clock))({ time });
  return slots;
}

test('every slot has its turn, once in nine minutes', async () => {
  const minutes = Array.from({ length: HEARTBEAT_SLOTS }, (_, minute) => `2026-11-20T12:0${minute}:30Z`);
  const slots = await beaten(minutes.map((time) => ({ time, clock: time })));
  expect(slots.toSorted((a, b) => a - b)).toEqual(Array.from({ length: HEARTBEAT_SLOTS }, (_, slot) => slot));
});

test('an invocation that comes late leaves no slot out, and one that comes twice beats the same', async () => {
  const [first = -1, second, again] = await beaten([
    { time: '2026-11-20T12:00:59Z', clock: '2026-11-20T12:00:59Z' },
    { time: '2026-11-20T12:01:59Z', clock: '2026-11-20T12:02:00Z' },
    { time: '2026-11-20T12:01:59Z', clock: '2026-11-20T12:02:58Z' },
  ]);
  expect(second).toBe((first + 1) % HEARTBEAT_SLOTS);
  expect(again).toBe(second);
});
