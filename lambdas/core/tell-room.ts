import type { DeviceKey, Ports, Task } from './ports.ts';
import { EVERYONE, type Run, type Slice, shardsOf } from './rooms.ts';
import type { Delivery } from './signals.ts';

type TellRoom = Extract<Task, { readonly kind: 'tell-room' }>;

/** Devices told at once: as many as are served without the queue. */
const RUN = 250;

/** Word to every device in a room, part by part and run by run, each in a task of its own. */
export async function tellRoom(
  ports: Ports,
  tell: (deliveries: readonly Delivery[]) => Promise<void>,
  todo: TellRoom,
): Promise<void> {
  const shards = todo.room === EVERYONE ? ports.everyone.shards : shardsOf(todo.room);
  if (todo.shard === undefined && shards > 1) return spread(ports, todo, shards);
  const { items, next } = await devicesIn(ports, todo.room, todo.shard ?? 0, {
    most: RUN,
    ...(todo.after !== undefined && { after: todo.after }),
  });
  const devices = (await ports.connections.devicesAt(items)).filter(
    ({ lostAt, rooms }) => lostAt === undefined && (todo.room === EVERYONE || rooms.includes(todo.room)),
  );
  const users = [...new Set(devices.map(({ userId }) => userId))];
  if (devices.length > 0) await tell([{ signal: todo.signal, users, devices }]);
  // Only now: should this die before, it is done again, and what follows must not be told twice.
  if (next !== undefined) await ports.tasks.enqueue({ ...todo, after: next });
}

async function spread(ports: Ports, todo: TellRoom, shards: number): Promise<void> {
  const parts = Array.from({ length: shards }, (_, shard) => ports.tasks.enqueue({ ...todo, shard }));
  await Promise.all(parts);
}

async function devicesIn(ports: Ports, room: string, shard: number, slice: Slice): Promise<Run<DeviceKey>> {
  if (room !== EVERYONE) return ports.rooms.devicesIn(room, shard, slice);
  const { items, ...rest } = await ports.everyone.connectedIn(shard, slice);
  return { items: items.map(({ caller }) => caller), ...rest };
}
