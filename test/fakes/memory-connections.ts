import type { Caller, Connection, Device } from '../../lambdas/core/connection.ts';
import type { ConnectionId, UserId } from '../../lambdas/core/ids.ts';
import type { Connections, DeviceKey, Resumed } from '../../lambdas/core/ports.ts';
import type { Immediate } from './in-turn.ts';
import { Timeline } from './timeline.ts';
import type { VirtualClock } from './virtual-clock.ts';

type Admitted = Connection & { readonly caller: Caller };
type Room = ReadonlyMap<ConnectionId, Device>;

const MAX_JOINED = 500;

/**
 * Connections and their users' rooms, in memory.
 *
 * @param lag how far behind, in ms, an eventually consistent read of a room is; asked for each.
 */
export function memoryConnections(clock: VirtualClock, lag: () => number): Immediate<Connections> {
  const connections = new Map<ConnectionId, Connection>();
  const rooms = new Map<UserId, Timeline<Room>>();
  const roomOf = (userId: UserId) => {
    const room = rooms.get(userId) ?? new Timeline<Room>(clock, new Map());
    rooms.set(userId, room);
    return room;
  };
  const deviceOf = ({ userId, connectionId }: DeviceKey) => roomOf(userId).latest.get(connectionId);
  const put = (device: Device) =>
    roomOf(device.userId).change((room) => new Map(room).set(device.connectionId, device));
  const dismiss = (key: DeviceKey) => {
    const device = deviceOf(key);
    roomOf(key.userId).change((room) => new Map([...room].filter(([id]) => id !== key.connectionId)));
    return device;
  };
  const admit = (connection: Connection & { readonly caller: Caller }, now: number, resumed?: Resumed) => {
    const { userId, expiresAt } = connection.caller;
    const known = deviceOf({ userId, connectionId: connection.connectionId });
    const device = known ?? { ...newDevice(connection, now), ...(resumed && roomsOf(resumed)) };
    put({ ...device, expiresAt, ...(resumed && { via: resumed.via }) });
  };
  return {
    open: (connection, now) => {
      connections.set(connection.connectionId, connection);
      if (connection.caller) admit({ ...connection, caller: connection.caller }, now);
    },
    find: (connectionId) => connections.get(connectionId),
    close: (connectionId) => {
      const userId = connections.get(connectionId)?.caller?.userId;
      connections.delete(connectionId);
      return userId === undefined ? undefined : dismiss({ userId, connectionId });
    },
    admit,
    reroute: (key, via, told) => {
      const device = deviceOf(key);
      if (device) put({ ...device, via, ...(told && { told }) });
    },
    dismiss,
    renew: (connection, now) => {
      if (connection.wire === 'native' && !connections.has(connection.connectionId)) return;
      if (connection.wire === 'native') connections.set(connection.connectionId, connection);
      admit(connection, now);
    },
    device: (userId, connectionId) => deviceOf({ userId, connectionId }),
    devicesOf: (userIds, consistent) =>
      userIds.flatMap((userId) => [
        ...roomOf(userId)
          .ago(consistent ? 0 : lag())
          .values(),
      ]),
    join: (key, conversationId, after) => {
      const device = deviceOf(key);
      if (!device) return 'gone';
      if (device.joined.includes(conversationId)) return 'joined';
      if (device.joined.length >= MAX_JOINED) return 'full';
      const joinedAfter = { ...device.joinedAfter, [conversationId]: after };
      put({ ...device, joined: [...device.joined, conversationId], joinedAfter });
      return 'joined';
    },
    leave: (key, conversationId) => {
      const device = deviceOf(key);
      if (!device) return;
      const { [conversationId]: _, ...joinedAfter } = device.joinedAfter;
      put({ ...device, joined: Object.keys(joinedAfter), joinedAfter });
    },
    saveTyping: (key, typing) => {
      const device = deviceOf(key);
      if (!device) return;
      const { typing: _, ...silent } = device;
      put({ ...silent, ...(typing && { typing }) });
    },
  };
}

function newDevice(connection: Admitted, now: number, joinedAfter: Device['joinedAfter'] = {}): Device {
  const { connectionId, wire, dialect, caller } = connection;
  const { userId, expiresAt } = caller;
  const joined = Object.keys(joinedAfter);
  return { connectionId, userId, dialect, wire, expiresAt, connectedAt: now, joined, joinedAfter, rooms: [] };
}

function roomsOf({ joinedAfter }: Resumed): Pick<Device, 'joined' | 'joinedAfter'> {
  return { joined: Object.keys(joinedAfter), joinedAfter };
}
