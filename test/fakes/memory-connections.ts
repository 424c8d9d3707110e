import type { Caller, Connection, Device } from '../../lambdas/core/connection.ts';
import type { ConnectionId, UserId } from '../../lambdas/core/ids.ts';
import type { Connections, DeviceKey, Leaving, Resumed } from '../../lambdas/core/ports.ts';
import {
  type Connected,
  type Everyone,
  LOST,
  type Rooms,
  type Run,
  type Slice,
} from '../../lambdas/core/rooms.ts';
import type { Immediate } from './in-turn.ts';
import { Timeline } from './timeline.ts';
import type { VirtualClock } from './virtual-clock.ts';

type Admitted = Connection & { readonly caller: Caller };
type Room = ReadonlyMap<ConnectionId, Device>;

const MAX_JOINED = 500;

/** Connections, and the rooms that their devices are in. */
export type MemoryConnections = {
  readonly connections: Immediate<Connections>;
  readonly rooms: Immediate<Rooms>;
  readonly everyone: Immediate<Everyone>;
};

/**
 * Connections and their users' rooms, in memory.
 *
 * @param lag how far behind, in ms, an eventually consistent read of a room is; asked for each.
 */
export function memoryConnections(clock: VirtualClock, lag: () => number): MemoryConnections {
  const connections = new Map<ConnectionId, Connection>();
  const connected = new Map<ConnectionId, Connected>();
  const users = new Map<UserId, Timeline<Room>>();
  const roomOf = (userId: UserId) => {
    const room = users.get(userId) ?? new Timeline<Room>(clock, new Map());
    users.set(userId, room);
    return room;
  };
  const deviceAt = ({ userId, connectionId }: DeviceKey) => roomOf(userId).latest.get(connectionId);
  const thereAt = (key: DeviceKey) => {
    const device = deviceAt(key);
    return device?.lostAt === undefined ? device : undefined;
  };
  const put = (device: Device) =>
    roomOf(device.userId).change((room) => new Map(room).set(device.connectionId, device));
  const change = (key: DeviceKey, changed: (device: Device) => Device) => {
    const device = thereAt(key);
    if (device) put(changed(device));
  };
  const dismiss = ({ userId, connectionId }: Leaving) => {
    connected.delete(connectionId);
    roomOf(userId).change((room) => new Map([...room].filter(([id]) => id !== connectionId)));
  };
  const admit = (connection: Admitted, now: number, resumed?: Resumed) => {
    const { connectionId, caller, rooms = [] } = connection;
    const known = deviceAt({ userId: caller.userId, connectionId });
    const device = known ?? { ...newDevice(connection, now), ...(resumed && begunWith(resumed)) };
    connected.set(connectionId, { caller: { ...caller, connectionId }, since: device.connectedAt });
    const { expiresAt, origin } = caller;
    const changes = { ...(origin && { origin }), ...(resumed && { via: resumed.via }) };
    put({ ...device, expiresAt, rooms, ...changes });
  };
  const everyDeviceOf = (userIds: readonly UserId[], consistent: boolean) =>
    userIds.flatMap((userId) => [
      ...roomOf(userId)
        .ago(consistent ? 0 : lag())
        .values(),
    ]);
  const allDevices = () => [...users.values()].flatMap((room) => [...room.latest.values()]);
  return {
    connections: {
      open: ({ rooms, ...connection }, now) => {
        const { connectionId, caller } = connection;
        connections.set(connectionId, connection);
        if (caller) admit({ ...connection, caller, ...(rooms && { rooms }) }, now);
      },
      find: (connectionId) => connections.get(connectionId),
      close: (connectionId) => {
        const connection = connections.get(connectionId);
        connections.delete(connectionId);
        connected.delete(connectionId);
        return connection;
      },
      admit,
      reroute: (key, via, told) => change(key, (device) => ({ ...device, via, ...(told && { told }) })),
      lose: (key, now) =>
        change(key, ({ typing: _, ...device }) => ({
          ...device,
          lostAt: now,
          rooms: [...device.rooms, LOST],
        })),
      dismiss,
      renew: ({ rooms, ...connection }, now) => {
        const { connectionId, caller, wire } = connection;
        const isOver =
          wire === 'native' ? !connections.has(connectionId) : !thereAt({ ...caller, connectionId });
        if (isOver) return;
        if (wire === 'native') connections.set(connectionId, connection);
        admit({ ...connection, ...(rooms && { rooms }) }, now);
      },
      device: (userId, connectionId) => deviceAt({ userId, connectionId }),
      devicesAt: (keys) => keys.flatMap((key) => deviceAt(key) ?? []),
      devicesOf: (userIds, consistent) =>
        everyDeviceOf(userIds, consistent).filter(({ lostAt }) => lostAt === undefined),
      everyDeviceOf,
      join: (key, conversationId, after) => {
        const device = thereAt(key);
        if (!device) return 'gone';
        if (device.joined.includes(conversationId)) return 'joined';
        if (device.joined.length >= MAX_JOINED) return 'full';
        const joinedAfter = { ...device.joinedAfter, [conversationId]: after };
        put({ ...device, joined: [...device.joined, conversationId], joinedAfter });
        return 'joined';
      },
      leave: (key, conversationId) =>
        change(key, (device) => {
          const { [conversationId]: _, ...joinedAfter } = device.joinedAfter;
          return { ...device, joined: Object.keys(joinedAfter), joinedAfter };
        }),
      saveTyping: (key, typing) =>
        change(key, ({ typing: _, ...silent }) => ({ ...silent, ...(typing && { typing }) })),
    },
    rooms: {
      devicesIn: (room, shard, slice) =>
        shard === 0
          ? runOf(
              allDevices()
                .filter((device) => device.rooms.includes(room))
                .map(({ userId, connectionId }) => ({ userId, connectionId })),
              ({ connectionId }) => connectionId,
              slice,
            )
          : { items: [] },
    },
    everyone: {
      shards: 1,
      connectedIn: (_, slice) => runOf([...connected.values()], ({ caller }) => caller.connectionId, slice),
    },
  };
}

function runOf<Item>(
  all: readonly Item[],
  idOf: (item: Item) => string,
  { most, after = '' }: Slice,
): Run<Item> {
  const sorted = all.filter((item) => idOf(item) > after).toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  const items = sorted.slice(0, most);
  const last = items.at(-1);
  return { items, ...(sorted.length > most && last && { next: idOf(last) }) };
}

function newDevice(connection: Admitted, now: number, joinedAfter: Device['joinedAfter'] = {}): Device {
  const { connectionId, wire, dialect, offsets, caller } = connection;
  const { userId, expiresAt } = caller;
  const joined = Object.keys(joinedAfter);
  const device = { connectionId, userId, dialect, wire, ...(offsets && { offsets }), expiresAt };
  return { ...device, connectedAt: now, joined, joinedAfter, rooms: [] };
}

function begunWith({ joinedAfter, told }: Resumed): Pick<Device, 'joined' | 'joinedAfter' | 'told'> {
  return { joined: Object.keys(joinedAfter), joinedAfter, ...(told && { told }) };
}
