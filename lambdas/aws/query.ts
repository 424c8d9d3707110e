import { QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
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
