import { DeleteCommand, GetCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Device } from '../core/connection.ts';
import type { ConnectionId, ConversationId, UserId } from '../core/ids.ts';
import type { Connections, DeviceKey, Leaving } from '../core/ports.ts';
import { LOST } from '../core/rooms.ts';
import { refusedRow } from './conditions.ts';
import { deviceKey, userRoomPartition } from './keys.ts';
import { type DeviceRow, expiry, IS_THERE, putDevice } from './put-device.ts';
import { queryAll, rowsAt } from './query.ts';
import { enterRooms, leaveRooms } from './room-rows.ts';
import type { Table } from './table-client.ts';

/** Rooms a device may have joined at once: about 14 KB of row. */
const MAX_JOINED = 500;

/** The devices in their users' rooms: a row each (docs/adr/0001). */
export function devices(table: Table): Omit<Connections, 'open' | 'find' | 'close' | 'renew'> {
  const everyDeviceOf = (userIds: readonly UserId[], consistent: boolean) =>
    devicesOf(table, userIds, consistent);
  return {
    admit: (connection, now, resumed) => putDevice(table, connection, now, resumed),
    reroute: async (key, via, told) =>
      change(table, key, {
        UpdateExpression: `SET via = :via${told ? ', told = :told' : ''}`,
        ExpressionAttributeValues: { ':via': via, ...(told && { ':told': told }) },
      }),
    lose: async (key, now) => {
      await enterRooms(table, key, [LOST], expiry(now));
      await change(table, key, {
        UpdateExpression:
          'SET lostAt = :now, rooms = list_append(if_not_exists(rooms, :none), :lost) REMOVE typing',
        ExpressionAttributeValues: { ':now': now, ':none': [], ':lost': [LOST] },
      });
    },
    dismiss: (leaving) => dismiss(table, leaving),
    device: (userId, connectionId) => device(table, userId, connectionId),
    devicesAt: (keys) => devicesAt(table, keys),
    devicesOf: async (userIds, consistent) =>
      (await everyDeviceOf(userIds, consistent)).filter(({ lostAt }) => lostAt === undefined),
    everyDeviceOf,
    join: (key, conversationId, after) => join(table, key, conversationId, after),
    leave: (key, conversationId) =>
      change(table, key, {
        UpdateExpression: 'REMOVE joined.#room',
        ExpressionAttributeNames: { '#room': conversationId },
      }),
    saveTyping: (key, typing) =>
      change(table, key, {
        UpdateExpression: typing ? 'SET typing = :typing' : 'REMOVE typing',
        ...(typing && { ExpressionAttributeValues: { ':typing': typing } }),
      }),
  };
}

async function dismiss(table: Table, { userId, connectionId, rooms = [] }: Leaving): Promise<void> {
  const { Attributes } = await table.client.send(
    new DeleteCommand({
      TableName: table.name,
      Key: deviceKey(userId, connectionId),
      ReturnValues: 'ALL_OLD',
    }),
  );
  const last = (Attributes as DeviceRow | undefined)?.rooms ?? [];
  await leaveRooms(table, { userId, connectionId }, [...new Set([...rooms, ...last])]);
}

async function device(table: Table, userId: UserId, connectionId: ConnectionId): Promise<Device | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: deviceKey(userId, connectionId), ConsistentRead: true }),
  );
  return Item && deviceOf(Item as DeviceRow);
}

async function devicesAt(table: Table, keys: readonly DeviceKey[]): Promise<readonly Device[]> {
  const places = keys.map(({ userId, connectionId }) => deviceKey(userId, connectionId));
  return (await rowsAt<DeviceRow>(table, places, true)).map(deviceOf);
}

async function devicesOf(
  table: Table,
  userIds: readonly UserId[],
  consistent: boolean,
): Promise<readonly Device[]> {
  const rooms = await Promise.all(
    userIds.map((userId) =>
      queryAll<DeviceRow>(table, {
        ConsistentRead: consistent,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': userRoomPartition(userId) },
      }),
    ),
  );
  return rooms.flat().map(deviceOf);
}

async function join(
  table: Table,
  { userId, connectionId }: DeviceKey,
  conversationId: ConversationId,
  after: number,
): Promise<'joined' | 'full' | 'gone'> {
  const update = new UpdateCommand({
    TableName: table.name,
    Key: deviceKey(userId, connectionId),
    UpdateExpression: 'SET joined.#room = if_not_exists(joined.#room, :after)',
    ConditionExpression: `${IS_THERE} AND (attribute_exists(joined.#room) OR size(joined) < :most)`,
    ExpressionAttributeNames: { '#room': conversationId },
    ExpressionAttributeValues: { ':after': after, ':most': MAX_JOINED },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  const row = await refusedRow<DeviceRow>(table.client.send(update));
  if (row === undefined) return 'joined';
  return row.pk === undefined || row.lostAt !== undefined ? 'gone' : 'full';
}

/** Changes a device that is there. */
async function change(
  table: Table,
  { userId, connectionId }: DeviceKey,
  update: Omit<UpdateCommandInput, 'TableName' | 'Key' | 'ConditionExpression'>,
): Promise<void> {
  const place = { TableName: table.name, Key: deviceKey(userId, connectionId) };
  const command = new UpdateCommand({ ...place, ...update, ConditionExpression: IS_THERE });
  await refusedRow(table.client.send(command));
}

function deviceOf(row: DeviceRow): Device {
  const { pk, sk, origin, via, dialect, wire, offsets, expiresAt, connectedAt } = row;
  const { joined, rooms = [], lostAt, typing, told } = row;
  return {
    connectionId: sk,
    userId: userIn(pk),
    ...{ dialect, wire, expiresAt, connectedAt, rooms },
    joined: Object.keys(joined),
    joinedAfter: joined,
    ...(offsets && { offsets }),
    ...(origin && { origin }),
    ...(via !== undefined && { via }),
    ...(lostAt !== undefined && { lostAt }),
    ...(typing && { typing }),
    ...(told && { told }),
  };
}

function userIn(partition: string): UserId {
  return partition.slice(userRoomPartition('').length);
}
