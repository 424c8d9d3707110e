import { DeleteCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { DeviceKey } from '../core/ports.ts';
import type { Rooms, Run, Slice } from '../core/rooms.ts';
import { type Key, roomKey, roomPartition } from './keys.ts';
import type { Table } from './table-client.ts';

type RoomRow = Key & { readonly userId: string; readonly ttl: number };

/** The rooms that devices are in by who they speak for, on DynamoDB: a row for each device in each. */
export function rooms(table: Table): Rooms {
  return {
    devicesIn: async (room, shard, slice) => {
      const { items, ...rest } = await runOf<RoomRow>(table, roomPartition(room, shard), slice);
      return { items: items.map(({ sk, userId }) => ({ userId, connectionId: sk })), ...rest };
    },
  };
}

/** Notes a device in its rooms, until `ttl` (s) at the latest. */
export async function enterRooms(
  table: Table,
  { userId, connectionId }: DeviceKey,
  names: readonly string[],
  ttl: number,
): Promise<void> {
  const keys = names.map((room) => roomKey(room, connectionId));
  await Promise.all(keys.map((Key) => table.client.send(enter(table, Key, { userId, ttl }))));
}

/** An update, as whoever finds a device to be lost may do no more than that. */
function enter(table: Table, Key: Key, { userId, ttl }: Omit<RoomRow, keyof Key>): UpdateCommand {
  return new UpdateCommand({
    TableName: table.name,
    Key,
    UpdateExpression: 'SET userId = :user, #ttl = :ttl',
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: { ':user': userId, ':ttl': ttl },
  });
}

/** Takes a device out of rooms. */
export async function leaveRooms(
  table: Table,
  { connectionId }: DeviceKey,
  names: readonly string[],
): Promise<void> {
  const keys = names.map((room) => roomKey(room, connectionId));
  await Promise.all(keys.map((Key) => table.client.send(new DeleteCommand({ TableName: table.name, Key }))));
}

/** A run of a partition's rows, strongly consistent; of these attributes alone, if any are named. */
export async function runOf<Row extends Key>(
  table: Table,
  partition: string,
  { most, after }: Slice,
  ProjectionExpression?: string,
): Promise<Run<Row>> {
  const page = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      ConsistentRead: true,
      Limit: most,
      ...(ProjectionExpression !== undefined && { ProjectionExpression }),
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': partition },
      ...(after !== undefined && { ExclusiveStartKey: { pk: partition, sk: after } }),
    }),
  );
  const next = page.LastEvaluatedKey?.sk;
  return { items: (page.Items ?? []) as Row[], ...(typeof next === 'string' && { next }) };
}
