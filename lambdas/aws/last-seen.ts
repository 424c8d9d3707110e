import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { UserId } from '../core/ids.ts';
import type { End, LastSeen } from '../core/last-seen.ts';
import { refusedRow } from './conditions.ts';
import { type Key, lastSeenKey } from './keys.ts';
import { rowsAt } from './query.ts';
import type { Table } from './table-client.ts';

type LastSeenRow = Key & { readonly userId: UserId; readonly lastSeen: number };

/** When users were last online, on DynamoDB: a row for each who has left. */
export function lastSeen(table: Table): LastSeen {
  return {
    of: async (userIds) => {
      const keys = [...new Set(userIds)].map(lastSeenKey);
      const rows = await rowsAt<LastSeenRow>(table, keys, false);
      return new Map(rows.map((row) => [row.userId, row.lastSeen]));
    },
    note: (end) => note(table, end),
  };
}

async function note(table: Table, { userId, connectionId, since, at }: End): Promise<'noted' | 'known'> {
  const update = new UpdateCommand({
    TableName: table.name,
    Key: lastSeenKey(userId),
    UpdateExpression: 'SET userId = :user, lastSeen = :at, lastDevice = :device',
    ConditionExpression: 'attribute_not_exists(pk) OR lastSeen < :since OR lastDevice = :device',
    ExpressionAttributeValues: { ':user': userId, ':at': at, ':device': connectionId, ':since': since },
  });
  return (await refusedRow(table.client.send(update))) === undefined ? 'noted' : 'known';
}
