import { BatchWriteCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { activityAt, conversationPartition } from '../../lambdas/aws/keys.ts';
import { conversationOfBooking, conversationOfGroup } from '../../lambdas/core/ids.ts';
import { converse } from './count-lists.ts';
import type { Deployment } from './deployment.ts';
import { arrange, newId, type Parties } from './people.ts';
import { callRoute } from './rest.ts';
import type { Tally } from './tally.ts';

const MESSAGES = 12;
const MANY_CONVERSATIONS = 5_000;
const UNREAD_CONVERSATIONS = 500;
/** Rows that one BatchWriteItem takes. */
const BATCH = 25;
/** Batches being written at once. */
const AT_ONCE = 8;
const ACTIVITY_APART_MS = 1_000;

type Row = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };

/** What it costs to have very many conversations: the inbox of a business, and the unread count of a user. */
export async function countCrowds(tally: Tally): Promise<void> {
  const { deployment } = tally;
  const parties = await arrange(deployment);
  await converse(deployment, parties, MESSAGES);
  const { businessId, client, owner } = parties;
  const list =
    (path: string, { token }: Parties['owner']) =>
    () =>
      callRoute<object>(deployment, { path, token });
  const business = `/api/messages/business/${businessId}/conversations`;
  const rows = await rowsOf(deployment, parties);
  await multiply(deployment, rows, UNREAD_CONVERSATIONS - 1);
  const unread = list('/api/messages/unread-count', client);
  await tally.count(`unread count in ${UNREAD_CONVERSATIONS} conversations`, unread);
  // More of them, in which nobody looks: what a list shows of a conversation it reads for its own page alone.
  await multiply(deployment, rows.filter(isListed(owner.userId)), MANY_CONVERSATIONS - UNREAD_CONVERSATIONS);
  const many = `of ${MANY_CONVERSATIONS.toLocaleString('en')}`;
  await tally.count(`a business’s inbox ${many}: 20 latest`, list(business, owner));
  await tally.count(`a business’s inbox ${many}: page 10`, list(`${business}?page=10`, owner));
  await tally.count(`a user’s conversations ${many}: 20 latest`, list('/messaging/conversations', owner));
}

/** The rows that stand in lists: the conversation's own, and that of one who takes part. */
function isListed(userId: string): (row: Row) => boolean {
  return ({ sk }) => sk === 'META' || sk === `MEMBER#${userId}`;
}

async function rowsOf({ table }: Deployment, { bookingId }: Parties): Promise<readonly Row[]> {
  const { Items = [] } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': conversationPartition(conversationOfBooking(bookingId)) },
    }),
  );
  return Items as Row[];
}

/** So many more conversations like this one, each a little less recent. */
async function multiply(deployment: Deployment, rows: readonly Row[], times: number): Promise<void> {
  const copies = Array.from({ length: times }, (_, index) => copiesOf(deployment, rows, index + 1)).flat();
  const runs: (readonly Row[])[] = [];
  for (let from = 0; from < copies.length; from += BATCH) runs.push(copies.slice(from, from + BATCH));
  for (let from = 0; from < runs.length; from += AT_ONCE) {
    await Promise.all(runs.slice(from, from + AT_ONCE).map((run) => put(deployment, run)));
  }
}

function copiesOf({ clock }: Deployment, rows: readonly Row[], ago: number): readonly Row[] {
  const id = conversationOfGroup(newId());
  const gsk = activityAt(clock.now() - ago * ACTIVITY_APART_MS, id);
  return rows.map((row) => ({ ...row, pk: conversationPartition(id), ...('gsk' in row && { gsk }) }));
}

async function put({ table }: Deployment, rows: readonly Row[]): Promise<void> {
  const requests = rows.map((Item) => ({ PutRequest: { Item } }));
  await table.client.send(new BatchWriteCommand({ RequestItems: { [table.name]: requests } }));
}
