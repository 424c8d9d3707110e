import { setTimeout as pause } from 'node:timers/promises';
import { BatchGetCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Key } from './keys.ts';
import type { Table } from './table-client.ts';

type Query = Omit<QueryCommandInput, 'TableName'>;

/** All rows of a Query, page after page, or the first `most` of them. */
export async function queryAll<Row extends object>(
  table: Table,
  query: Query,
  most = Number.POSITIVE_INFINITY,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const page of pagesOf(table, query)) {
    rows.push(...((page.Items ?? []) as Row[]));
    if (rows.length >= most) return rows.slice(0, most);
  }
  return rows;
}

/** How many rows a Query finds. It costs what reading them would, but sends nothing back. */
export async function countItems(table: Table, query: Query): Promise<number> {
  let count = 0;
  for await (const page of pagesOf(table, { ...query, Select: 'COUNT' })) count += page.Count ?? 0;
  return count;
}

/** The pages of a Query, one request each. */
export async function* pagesOf(table: Table, query: Query) {
  let from: Query['ExclusiveStartKey'];
  do {
    const page = await table.client.send(
      new QueryCommand({ ...query, TableName: table.name, ...(from && { ExclusiveStartKey: from }) }),
    );
    yield page;
    from = page.LastEvaluatedKey;
  } while (from);
}

/** The most that one BatchGetItem takes. */
const BATCH = 100;
const ATTEMPTS = 6;
const BACKOFF_MS = 20;

/**
 * The rows under these keys, in no particular order; what does not exist is left out. DynamoDB leaves keys out when it
 * is throttled, which the SDK does not notice: they are asked for again.
 *
 * @throws Error when DynamoDB keeps leaving keys out.
 */
export async function rowsAt<Row extends object>(
  table: Table,
  keys: readonly Key[],
  ConsistentRead: boolean,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let from = 0; from < keys.length; from += BATCH) {
    rows.push(...(await batchAt<Row>(table, keys.slice(from, from + BATCH), ConsistentRead)));
  }
  return rows;
}

async function batchAt<Row>(
  { client, name }: Table,
  keys: readonly Key[],
  ConsistentRead: boolean,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let left: Record<string, unknown>[] = [...keys];
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const RequestItems = { [name]: { Keys: left, ConsistentRead } };
    const { Responses, UnprocessedKeys } = await client.send(new BatchGetCommand({ RequestItems }));
    rows.push(...((Responses?.[name] ?? []) as Row[]));
    left = UnprocessedKeys?.[name]?.Keys ?? [];
    if (left.length === 0) return rows;
    await pause(BACKOFF_MS * 2 ** attempt * Math.random());
  }
  throw new Error(`DynamoDB left ${left.length} keys unread in each of ${ATTEMPTS} attempts.`);
}
