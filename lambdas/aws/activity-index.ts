import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Role } from '../core/conversation.ts';
import type { BusinessId, ConversationId, UserId } from '../core/ids.ts';
import type { Listed, Page, Sweep } from '../core/ports.ts';
import { activityAt, activityOfBusiness, activityOfUser } from './keys.ts';
import { queryAll } from './query.ts';
import { conversationIn } from './rows.ts';
import { TABLE } from './table.ts';
import type { Table } from './table-client.ts';

type IndexRow = { readonly pk: string; readonly sk: string; readonly gpk: string; readonly gsk: string };

const SWEEP = 25;
/** Rows read at a time where some of them are passed over. */
const LEAST_READ = 100;

/** A user's conversations in a role, latest activity first, one row more than the page to show whether a next exists. */
export async function listOfUser(
  table: Table,
  userId: UserId,
  role: Role | undefined,
  page: Page,
): Promise<readonly Listed[]> {
  return listed(table, page, {
    KeyConditionExpression: 'gpk = :gpk',
    ...(role !== undefined && {
      Limit: Math.max(mostOf(page), LEAST_READ),
      FilterExpression: '#role = :role',
      ExpressionAttributeNames: { '#role': 'role' },
    }),
    ExpressionAttributeValues: {
      ':gpk': activityOfUser(userId),
      ...(role !== undefined && { ':role': role }),
    },
  });
}

/** The user's conversations with activity noted since then, latest first; no more is read than is wanted. */
export async function activeSince(
  table: Table,
  userId: UserId,
  since: number,
  most: number,
): Promise<readonly ConversationId[]> {
  const query = {
    IndexName: TABLE.activityIndex.name,
    ScanIndexForward: false,
    Limit: most,
    KeyConditionExpression: 'gpk = :gpk AND gsk >= :since',
    ExpressionAttributeValues: { ':gpk': activityOfUser(userId), ':since': activityAt(since, '') },
  };
  const rows = await queryAll<IndexRow>(table, query, most);
  return rows.map(({ pk }) => conversationIn(pk));
}

/** A business's conversations, in the same way. */
export async function listOfBusiness(
  table: Table,
  businessId: BusinessId,
  page: Page,
): Promise<readonly Listed[]> {
  return listed(table, page, {
    KeyConditionExpression: 'gpk = :gpk',
    ExpressionAttributeValues: { ':gpk': activityOfBusiness(businessId) },
  });
}

/** A run of a business's conversations, least active first. */
export async function sweepBusiness(
  table: Table,
  businessId: BusinessId,
  after: string | undefined,
): Promise<Sweep> {
  const page = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: TABLE.activityIndex.name,
      Limit: SWEEP,
      KeyConditionExpression: after === undefined ? 'gpk = :gpk' : 'gpk = :gpk AND gsk > :after',
      ExpressionAttributeValues: {
        ':gpk': activityOfBusiness(businessId),
        ...(after !== undefined && { ':after': after }),
      },
    }),
  );
  const rows = (page.Items ?? []) as IndexRow[];
  const last = rows.at(-1);
  return {
    conversationIds: rows.map((row) => conversationIn(row.pk)),
    ...(page.LastEvaluatedKey && last && { next: last.gsk }),
  };
}

async function listed(
  table: Table,
  page: Page,
  query: Parameters<typeof queryAll>[1],
): Promise<readonly Listed[]> {
  const most = mostOf(page);
  const rows = await queryAll<IndexRow>(
    table,
    { Limit: most, ...query, IndexName: TABLE.activityIndex.name, ScanIndexForward: false },
    most,
  );
  return rows.slice((page.number - 1) * page.limit).map((row) => ({
    conversationId: conversationIn(row.pk),
    touchedAt: Number(row.gsk.split('#')[0]),
  }));
}

/** A page, the pages before it, and one row more. */
function mostOf({ number, limit }: Page): number {
  return number * limit + 1;
}
