import { describe, expect, test } from 'vitest';
import type { Posted } from '../../lambdas/core/gateway.ts';
import type { Delivery } from '../../lambdas/core/signals.ts';
import type { Told } from '../../lambdas/core/told.ts';
import { endSocket } from '../../lambdas/handlers/end-socket.ts';
import { createOutbox } from '../../lambdas/handlers/outbox.ts';
import { createMessaging } from '../../lambdas/handlers/runtime.ts';
import { heldAddress } from '../../lambdas/wire/socket-io/push-frame.ts';
import type { SocketIoServer } from '../../lambdas/wire/socket-io/server.ts';
import { connectionOf, entryAt, openedBy, unique } from '../contracts/fixture.ts';
import { memoryGateway } from '../fakes/memory-gateway.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';

/** What is noted of a push that was late or failed, and what follows for whoever has taken its device's place. */

const silent = { info: () => undefined, error: () => undefined };

/** A message of a room that Ann's device has joined, and a way to push it. */
async function scene(outcome: Posted = 'delivered', takesMs = 0, wire: 'socket.io' | 'native' = 'socket.io') {
  const ground = memoryPorts();
  const { ports, clock } = ground;
  const connection = { ...connectionOf(unique('ann')), wire };
  const { userId } = connection.caller;
  const key = { userId, connectionId: connection.connectionId };
  const { id, owner } = await openedBy(ground, { client: userId });
  await ports.connections.admit(connection, clock.now());
  await ports.connections.join(key, id, 0);
  const entry = entryAt(1, owner, { createdAt: clock.now() });
  await ports.log.append(id, entry, undefined);
  const gateway = memoryGateway({
    outcome: () => {
      clock.pass(takesMs);
      return outcome;
    },
  });
  const message = {
    ...entry,
    id: `${id}.1`,
    conversation: { id, kind: 'direct', createdAt: 0, touchedAt: 0 },
  };
  const shown = { type: 'text', sender: { userId: owner, name: 'Olga' }, attachments: [], reactions: [] };
  const signal = { kind: 'message-published', message: { ...message, ...shown, isRead: false, readBy: [] } };
  const outbox = createOutbox({ ports, gateway, log: silent });
  const push = async (notBefore?: number) => {
    const delivery = { signal, users: [userId], ...(notBefore !== undefined && { notBefore }) };
    await outbox.deliver([delivery as unknown as Delivery]);
    return clock.now();
  };
  const lateUntil = async () => (await ports.log.entriesAt(id, [1]))[0]?.lateUntil;
  const tasks = () => ground.queue.map(({ task }) => task);
  return {
    ground,
    ports,
    gateway,
    outbox,
    connection,
    key,
    room: id,
    undelivered: [message.id],
    push,
    lateUntil,
    tasks,
  };
}

describe('a push', () => {
  test('that is over in time is noted nowhere, even if its connection has ended', async () => {
    const { push, lateUntil, key, tasks } = await scene('gone', 149);
    await push();
    expect(await lateUntil()).toBeUndefined();
    expect(tasks()).toEqual([{ kind: 'end-socket', ...key }]);
  });

  test('that had to wait for another is not late by that', async () => {
    const { ground, push, lateUntil } = await scene('delivered', 149);
    await push(ground.clock.now() + 1_000);
    expect(await lateUntil()).toBeUndefined();
  });

  test('that was late is noted, with the time at which it was over', async () => {
    const { push, lateUntil, tasks } = await scene('delivered', 150);
    const over = await push();
    expect(await lateUntil()).toBe(over);
    expect(tasks()).toEqual([]);
  });

  test('that was late, and came to nobody, is looked after by whoever ends the session', async () => {
    const { push, lateUntil, key, undelivered, tasks } = await scene('gone', 150);
    const over = await push();
    expect(await lateUntil()).toBe(over);
    expect(tasks()).toEqual([{ kind: 'end-socket', ...key, undelivered }]);
  });

  test('that failed is noted for as long as the session may go on', async () => {
    const { push, lateUntil, key, undelivered, tasks } = await scene('failed');
    const over = await push();
    expect(await lateUntil()).toBe(over + 5_000);
    expect(tasks()).toEqual([{ kind: 'end-socket', ...key, undelivered }]);
  });

  test('to a client that does not count is noted nowhere', async () => {
    const { push, lateUntil } = await scene('delivered', 5_000, 'native');
    await push();
    expect(await lateUntil()).toBeUndefined();
  });
});

describe('whoever has taken the place of a device that a push has not reached', () => {
  const successor = async (toldIn: (room: string) => Told | undefined, isCatchingUp = false) => {
    const { ground, ports, gateway, outbox, connection, key, room, undelivered, lateUntil, tasks } =
      await scene();
    const later = unique('later');
    const origin = { connectionId: key.connectionId, at: 0 };
    const caller = { ...connection.caller, connectionId: later, origin };
    await ports.connections.admit({ ...connection, connectionId: later, caller }, ground.clock.now());
    const via = isCatchingUp ? heldAddress(later) : later;
    await ports.connections.reroute({ userId: key.userId, connectionId: later }, via, toldIn(room));
    const ended: string[] = [];
    const end = async (id: string) => ended.push(id) > 0 && id !== key.connectionId;
    const working = { ...createMessaging({}, { log: silent }), ports, gateway, outbox };
    const todo = { kind: 'end-socket', ...key, undelivered } as const;
    const perform = () => endSocket(working, { end } as unknown as SocketIoServer, todo);
    await perform();
    return { ended: ended.slice(1), later, lateUntil, todo, tasks, now: ground.clock.now() };
  };
  const nothing = () => undefined;

  test('is ended, and begins anew', async () => {
    const { ended, later, lateUntil, now } = await successor(nothing);
    expect(ended).toEqual([later]);
    expect(await lateUntil()).toBe(now + 5_000);
  });

  test('is ended if it was told of others only', async () => {
    const { ended, later } = await successor(() => ({ [unique('c')]: { from: 1, to: 9 } }));
    expect(ended).toEqual([later]);
  });

  test('goes on where it was told of it', async () => {
    const { ended, tasks, lateUntil } = await successor((room) => ({ [room]: { from: 1, to: 2 } }));
    expect(ended).toEqual([]);
    expect(await lateUntil()).toBeUndefined();
    expect(tasks()).not.toContainEqual(expect.objectContaining({ kind: 'end-socket' }));
  });

  test('is looked at later while it catches up', async () => {
    const { ended, todo, tasks } = await successor(nothing, true);
    expect(ended).toEqual([]);
    expect(tasks()).toContainEqual(todo);
  });
});
