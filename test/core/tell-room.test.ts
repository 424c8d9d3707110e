import { expect, test } from 'vitest';
import { EVERYONE, ONLOOKERS, type Rooms } from '../../lambdas/core/rooms.ts';
import type { Delivery } from '../../lambdas/core/signals.ts';
import { tellRoom } from '../../lambdas/core/tell-room.ts';
import { connectionOf } from '../contracts/fixture.ts';
import { type MemoryPorts, memoryPorts } from '../fakes/memory-ports.ts';

const signal = { kind: 'custom-event', name: 'news', data: { n: 1 } } as const;

/** The connections that hear, once all tasks are done that lead to one another. */
async function toldIn({ ports, queue }: MemoryPorts, room: string): Promise<readonly string[]> {
  const told: Delivery[] = [];
  queue.push({ task: { kind: 'tell-room', room, signal }, dueAt: 0 });
  for (let next = queue.shift(); next; next = queue.shift()) {
    if (next.task.kind !== 'tell-room') throw new Error(`not expected: ${next.task.kind}`);
    await tellRoom(ports, async (deliveries) => void told.push(...deliveries), next.task);
  }
  for (const delivery of told) {
    expect(delivery.signal).toEqual(signal);
    expect(new Set(delivery.users)).toEqual(new Set(delivery.devices?.map(({ userId }) => userId)));
  }
  return inOrder(told.flatMap(({ devices = [] }) => devices.map(({ connectionId }) => connectionId)));
}

const inOrder = (ids: readonly string[]) => ids.toSorted((a, b) => a.localeCompare(b));

async function arrive(memory: MemoryPorts, userId: string, rooms: readonly string[] = []): Promise<string> {
  const connection = { ...connectionOf(userId), rooms };
  await memory.ports.connections.open(connection, memory.clock.now());
  return connection.connectionId;
}

test('everybody who is connected is told, each device once', async () => {
  const memory = memoryPorts();
  const devices: string[] = [];
  for (let n = 0; n < 600; n += 1) devices.push(await arrive(memory, `user ${n % 400}`));
  expect(await toldIn(memory, EVERYONE)).toEqual(inOrder(devices));
});

test('a room is told, and nobody else', async () => {
  const memory = memoryPorts();
  await arrive(memory, 'ann');
  const ann = await arrive(memory, 'ann', ['therapist:1', ONLOOKERS]);
  const ben = await arrive(memory, 'ben', ['therapist:1']);
  expect(await toldIn(memory, 'therapist:1')).toEqual(inOrder([ann, ben]));
  expect(await toldIn(memory, ONLOOKERS)).toEqual([ann]);
  expect(await toldIn(memory, 'therapist:2')).toEqual([]);
});

test('a device that is lost, or no longer in the room, is not told', async () => {
  const memory = memoryPorts();
  const lost = await arrive(memory, 'ann', ['admins']);
  await memory.ports.connections.lose({ userId: 'ann', connectionId: lost }, memory.clock.now());
  const ben = await arrive(memory, 'ben', ['admins']);
  expect(await toldIn(memory, 'admins')).toEqual([ben]);
  // A row that was left behind still says that they are there.
  const devicesIn: Rooms['devicesIn'] = (_, ...part) => memory.ports.rooms.devicesIn('admins', ...part);
  const ports = { ...memory.ports, rooms: { devicesIn } };
  expect(await toldIn({ ...memory, ports }, 'therapist:1')).toEqual([]);
});
