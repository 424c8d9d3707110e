import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Caller, Connection, Device, Typing } from '../core/connection.ts';
import type { ConnectionId, ConversationId, UserId } from '../core/ids.ts';
import type { Connections, DeviceKey, Resumed } from '../core/ports.ts';
import type { Told } from '../core/told.ts';
import { refusedRow } from './conditions.ts';
import { connectionKey, deviceKey, type Key, userRoomPartition } from './keys.ts';
import { queryAll } from './query.ts';
import type { Table } from './table-client.ts';

type ConnectionRow = Key & Omit<Connection, 'connectionId'> & { readonly ttl: number };
type DeviceRow = Key &
  Omit<Device, 'connectionId' | 'userId' | 'joined' | 'joinedAfter' | 'rooms'> & {
    readonly joined: Device['joinedAfter'];
    readonly rooms?: Device['rooms'];
    readonly ttl: number;
  };

/** API Gateway ends a connection after 2 h; its rows outlive it by a little, for when nobody says so. */
const KEPT_S = 2 * 60 * 60 + 10 * 60;
/** Rooms a device may have joined at once: about 14 KB of row. */
const MAX_JOINED = 500;

/** Connections and the rooms of their users, on DynamoDB. */
export function connections(table: Table): Connections {
  return {
    open: (connection, now) => open(table, connection, now),
    find: (connectionId) => find(table, connectionId),
    close: (connectionId) => close(table, connectionId),
    admit: (connection, now, resumed) => putDevice(table, connection, now, resumed),
    reroute: (key, via, told) => reroute(table, key, via, told),
    dismiss: (key) => dismiss(table, key),
    renew: (connection, now) => renew(table, connection, now),
    device: (userId, connectionId) => device(table, userId, connectionId),
    devicesOf: (userIds, consistent) => devicesOf(table, userIds, consistent),
    join: (key, conversationId, after) => join(table, key, conversationId, after),
    leave: (key, conversationId) => leave(table, key, conversationId),
    saveTyping: (key, typing) => saveTyping(table, key, typing),
  };
}

async function open(table: Table, connection: Connection, now: number): Promise<void> {
  const { connectionId, ...rest } = connection;
  const row = { ...connectionKey(connectionId), ...rest, ttl: expiry(now) } satisfies ConnectionRow;
  await Promise.all([
    table.client.send(new PutCommand({ TableName: table.name, Item: row })),
    connection.caller && putDevice(table, { ...connection, caller: connection.caller }, now),
  ]);
}

async function find(table: Table, connectionId: ConnectionId): Promise<Connection | undefined> {
  const { Item } = await table.client.send(
    // The first frame may follow the connection by milliseconds.
    new GetCommand({ TableName: table.name, Key: connectionKey(connectionId), ConsistentRead: true }),
  );
  if (!Item) return undefined;
  const { wire, dialect, caller } = Item as ConnectionRow;
  return { connectionId, wire, dialect, ...(caller && { caller }) };
}

/** The connection's row goes last: as long as it stands, whoever repeats this finds out whose device it was. */
async function close(table: Table, connectionId: ConnectionId): Promise<Device | undefined> {
  const userId = (await find(table, connectionId))?.caller?.userId;
  const device = userId === undefined ? undefined : await dismiss(table, { userId, connectionId });
  await table.client.send(new DeleteCommand({ TableName: table.name, Key: connectionKey(connectionId) }));
  return device;
}

async function reroute(
  table: Table,
  { userId, connectionId }: DeviceKey,
  via: ConnectionId,
  told: Told | undefined,
): Promise<void> {
  const update = new UpdateCommand({
    TableName: table.name,
    Key: deviceKey(userId, connectionId),
    UpdateExpression: `SET via = :via${told ? ', told = :told' : ''}`,
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: { ':via': via, ...(told && { ':told': told }) },
  });
  await refusedRow(table.client.send(update));
}

async function dismiss(table: Table, { userId, connectionId }: DeviceKey): Promise<Device | undefined> {
  const { Attributes } = await table.client.send(
    new DeleteCommand({
      TableName: table.name,
      Key: deviceKey(userId, connectionId),
      ReturnValues: 'ALL_OLD',
    }),
  );
  return Attributes && deviceOf(userId, Attributes as DeviceRow);
}

/** The device first: a connection that ends meanwhile either takes it along, or is found to have ended. */
async function renew(
  table: Table,
  connection: Connection & { readonly caller: Caller },
  now: number,
): Promise<void> {
  await putDevice(table, connection, now);
  if (connection.wire !== 'native') return;
  const { connectionId, caller } = connection;
  const update = new UpdateCommand({
    TableName: table.name,
    Key: connectionKey(connectionId),
    UpdateExpression: 'SET caller = :caller',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: { ':caller': caller },
  });
  const hasEnded = (await refusedRow(table.client.send(update))) !== undefined;
  if (hasEnded) await dismiss(table, { userId: caller.userId, connectionId });
}

async function putDevice(
  table: Table,
  { connectionId, wire, dialect, caller }: Connection & { readonly caller: Caller },
  now: number,
  { joinedAfter, via }: Partial<Resumed> = {},
): Promise<void> {
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: deviceKey(caller.userId, connectionId),
      UpdateExpression: `SET wire = :wire, dialect = :dialect, expiresAt = :expiresAt,
        connectedAt = if_not_exists(connectedAt, :now), joined = if_not_exists(joined, :joined),
        #ttl = if_not_exists(#ttl, :ttl)${via === undefined ? '' : ', via = :via'}`,
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: {
        ':wire': wire,
        ':dialect': dialect,
        ':expiresAt': caller.expiresAt,
        ':now': now,
        ':joined': joinedAfter ?? {},
        ':ttl': expiry(now),
        ...(via !== undefined && { ':via': via }),
      },
    }),
  );
}

async function device(table: Table, userId: UserId, connectionId: ConnectionId): Promise<Device | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: deviceKey(userId, connectionId), ConsistentRead: true }),
  );
  return Item && deviceOf(userId, Item as DeviceRow);
}

async function devicesOf(
  table: Table,
  userIds: readonly UserId[],
  consistent: boolean,
): Promise<readonly Device[]> {
  const rooms = await Promise.all(
    userIds.map(async (userId) => {
      const rows = await queryAll<DeviceRow>(table, {
        ConsistentRead: consistent,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': userRoomPartition(userId) },
      });
      return rows.map((row) => deviceOf(userId, row));
    }),
  );
  return rooms.flat();
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
    ConditionExpression: 'attribute_exists(pk) AND (attribute_exists(joined.#room) OR size(joined) < :most)',
    ExpressionAttributeNames: { '#room': conversationId },
    ExpressionAttributeValues: { ':after': after, ':most': MAX_JOINED },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  const row = await refusedRow<DeviceRow>(table.client.send(update));
  if (row === undefined) return 'joined';
  return row.pk === undefined ? 'gone' : 'full';
}

async function leave(
  table: Table,
  { userId, connectionId }: DeviceKey,
  conversationId: ConversationId,
): Promise<void> {
  const update = new UpdateCommand({
    TableName: table.name,
    Key: deviceKey(userId, connectionId),
    UpdateExpression: 'REMOVE joined.#room',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeNames: { '#room': conversationId },
  });
  await refusedRow(table.client.send(update));
}

async function saveTyping(
  table: Table,
  { userId, connectionId }: DeviceKey,
  typing: Typing | undefined,
): Promise<void> {
  const update = new UpdateCommand({
    TableName: table.name,
    Key: deviceKey(userId, connectionId),
    UpdateExpression: typing ? 'SET typing = :typing' : 'REMOVE typing',
    ConditionExpression: 'attribute_exists(pk)',
    ...(typing && { ExpressionAttributeValues: { ':typing': typing } }),
  });
  await refusedRow(table.client.send(update));
}

function deviceOf(
  userId: UserId,
  { sk, via, dialect, wire, expiresAt, connectedAt, joined, rooms = [], typing, told }: DeviceRow,
): Device {
  return {
    connectionId: sk,
    userId,
    dialect,
    wire,
    expiresAt,
    connectedAt,
    ...(via !== undefined && { via }),
    joined: Object.keys(joined),
    joinedAfter: joined,
    rooms,
    ...(typing && { typing }),
    ...(told && { told }),
  };
}

function expiry(now: number): number {
  return Math.floor(now / 1000) + KEPT_S;
}
