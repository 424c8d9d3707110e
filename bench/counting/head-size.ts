import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { conversationPartition } from '../../lambdas/aws/keys.ts';
import type { Table } from '../../lambdas/aws/table-client.ts';
import { conversationOfBooking } from '../../lambdas/core/ids.ts';

/** What a send reads of its conversation. Up to 4 KB are one read unit. */
export type HeadSize = { readonly rows: number; readonly bytes: number };

/** META, two members and eleven entries: the most that a send reads of a conversation of two. */
const ROWS = 14;

export async function headSize({ client, name }: Table, bookingId: string): Promise<HeadSize> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: name,
      ConsistentRead: true,
      ScanIndexForward: false,
      Limit: ROWS,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': conversationPartition(conversationOfBooking(bookingId)) },
    }),
  );
  return { rows: Items.length, bytes: Items.reduce((sum, item) => sum + bytesOfAttributes(item), 0) };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
function bytesOfAttributes(attributes: object): number {
  return Object.entries(attributes).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + bytesOf(value),
    0,
  );
}

function bytesOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  // Two digits a byte, and one byte more.
  if (typeof value === 'number') return Math.ceil(String(value).length / 2) + 1;
  if (typeof value !== 'object' || value === null) return 1;
  // A map or list: three bytes, and one for each element.
  return 3 + Object.keys(value).length + bytesOfAttributes(value);
}
