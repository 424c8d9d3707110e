import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Caller, Connection } from '../core/connection.ts';
import type { ConnectionId } from '../core/ids.ts';
import type { Connections } from '../core/ports.ts';
import { refusedRow } from './conditions.ts';
import { devices } from './devices.ts';
import { connectionKey, type Key } from './keys.ts';
import { expiry, putDevice, renewDevice } from './put-device.ts';
import type { Table } from './table-client.ts';

export type ConnectionRow = Key &
  Omit<Connection, 'connectionId' | 'rooms'> & { readonly openedAt: number; readonly ttl: number };

/** Connections and the rooms of their users, on DynamoDB. */
export function connections(table: Table): Connections {
  const theirDevices = devices(table);
  return {
    ...theirDevices,
    open: (connection, now) => open(table, connection, now),
    find: (connectionId) => find(table, connectionId),
    close: (connectionId) => close(table, connectionId),
    renew: (connection, now) => renew(table, theirDevices, connection, now),
  };
}

async function open(
  table: Table,
  { connectionId, rooms = [], ...rest }: Connection,
  now: number,
): Promise<void> {
  const { caller } = rest;
  const row: ConnectionRow = { ...connectionKey(connectionId), ...rest, openedAt: now, ttl: expiry(now) };
  await Promise.all([
    table.client.send(new PutCommand({ TableName: table.name, Item: row })),
    caller && putDevice(table, { ...rest, connectionId, caller, rooms }, now),
  ]);
}

async function find(table: Table, connectionId: ConnectionId): Promise<Connection | undefined> {
  const { Item } = await table.client.send(
    // The first frame may follow the connection by milliseconds.
    new GetCommand({ TableName: table.name, Key: connectionKey(connectionId), ConsistentRead: true }),
  );
  return Item && connectionOf(Item as ConnectionRow);
}

async function close(table: Table, connectionId: ConnectionId): Promise<Connection | undefined> {
  const { Attributes } = await table.client.send(
    new DeleteCommand({
      TableName: table.name,
      Key: connectionKey(connectionId),
      ReturnValues: 'ALL_OLD',
    }),
  );
  return Attributes && connectionOf(Attributes as ConnectionRow);
}

/**
 * The device first: a connection that ends meanwhile is found to have ended, or whoever ended it finds whose it was.
 * Other wires keep track of their connections themselves; there a device that has ended stays so.
 */
async function renew(
  table: Table,
  { dismiss }: Pick<Connections, 'dismiss'>,
  connection: Connection & { readonly caller: Caller },
  now: number,
): Promise<void> {
  if (connection.wire !== 'native') return renewDevice(table, connection, now);
  await putDevice(table, connection, now);
  const { connectionId, dialect, caller, rooms = [] } = connection;
  const update = new UpdateCommand({
    TableName: table.name,
    Key: connectionKey(connectionId),
    UpdateExpression: 'SET caller = :caller, dialect = :dialect',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: { ':caller': caller, ':dialect': dialect },
  });
  const hasEnded = (await refusedRow(table.client.send(update))) !== undefined;
  if (hasEnded) await dismiss({ userId: caller.userId, connectionId, rooms });
}

function connectionOf({ sk, wire, dialect, offsets, caller }: ConnectionRow): Connection {
  return { connectionId: sk, wire, dialect, ...(offsets && { offsets }), ...(caller && { caller }) };
}
