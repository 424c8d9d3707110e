import { DeleteCommand, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { ConversationId } from '../core/ids.ts';
import type { Statistics, Totals } from '../core/statistics.ts';
import { refusedRow } from './conditions.ts';
import { transact, type Write } from './conversation-writes.ts';
import {
  conversationPartition,
  countedKey,
  type Key,
  LOG,
  logKey,
  NOTED_PARTITIONS,
  totalsKey,
} from './keys.ts';
import { rowsAt } from './query.ts';
import { runOf } from './room-rows.ts';
import { isEntryRow } from './rows.ts';
import type { Table } from './table-client.ts';

/** A conversation that may have grown since it was last entered; `at` in ms. */
type NotedRow = Key & { readonly at: number };
type CountedRow = Key & { readonly messages: number };
/** What was entered of a conversation, if anything was, and the place of its last message. */
type Standing = { readonly id: ConversationId; readonly counted?: number; readonly seq: number };

/** A transaction has room for 100 writes. */
const RUN = 50;
const MOST_NOTED = 1_000;
const ROUNDS = 3;

/** The books on DynamoDB: a row with the totals, one for each conversation with what was entered of it. */
export function statistics(table: Table): Statistics {
  return { totals: () => totals(table), settle: (until) => settle(table, until) };
}

/** Read anew where something was entered meanwhile: it would be missing, or be there twice. */
async function totals(table: Table): Promise<Totals> {
  let entered = await readTotals(table);
  for (let round = 1; ; round += 1) {
    const growth = await growthOf(table, await notedConversations(table));
    const latest = await readTotals(table);
    if (
      round === ROUNDS ||
      latest.conversations + latest.messages === entered.conversations + entered.messages
    )
      return sum([latest, growth]);
    entered = latest;
  }
}

async function settle(table: Table, until: number): Promise<void> {
  for (const partition of NOTED_PARTITIONS) {
    for (let after: string | undefined, isDone = false; !isDone; ) {
      const { items, next } = await notedIn(table, partition, RUN, after);
      await settleRun(
        table,
        items.filter(({ at }) => at <= until),
      );
      after = next;
      isDone = next === undefined;
    }
  }
}

/** What somebody else is entering at the same time is looked at again next time. */
async function settleRun(table: Table, rows: readonly NotedRow[]): Promise<void> {
  const standings = await standingsOf(
    table,
    rows.map(({ sk }) => sk),
  );
  const grown = standings.filter(({ counted, seq }) => counted === undefined || seq > counted);
  const writes = [enter(table, sum(grown.map(growth))), ...grown.map((one) => noteCounted(table, one))];
  if (grown.length > 0 && (await transact(table, writes)) !== undefined) return;
  await Promise.all(rows.map((row) => forgetNoted(table, row)));
}

async function notedConversations(table: Table): Promise<readonly ConversationId[]> {
  const most = Math.ceil(MOST_NOTED / NOTED_PARTITIONS.length);
  const runs = await Promise.all(NOTED_PARTITIONS.map((partition) => notedIn(table, partition, most)));
  return runs.flatMap(({ items }) => items.map(({ sk }) => sk));
}

function notedIn(table: Table, partition: string, most: number, after?: string) {
  return runOf<NotedRow>(table, partition, { most, ...(after !== undefined && { after }) });
}

async function growthOf(table: Table, ids: readonly ConversationId[]): Promise<Totals> {
  const growths: Totals[] = [];
  for (let from = 0; from < ids.length; from += RUN) {
    growths.push(...(await standingsOf(table, ids.slice(from, from + RUN))).map(growth));
  }
  return sum(growths);
}

async function standingsOf(table: Table, ids: readonly ConversationId[]): Promise<readonly Standing[]> {
  const [rows, seqs] = await Promise.all([
    rowsAt<CountedRow>(table, ids.map(countedKey), true),
    Promise.all(ids.map((id) => lastSeqOf(table, id))),
  ]);
  const known = new Map(rows.map(({ pk, messages }) => [pk, messages]));
  return ids.map((id, place) => {
    const counted = known.get(countedKey(id).pk);
    return { id, seq: seqs[place] ?? 0, ...(counted !== undefined && { counted }) };
  });
}

/** The last place may be one that a join has only knocked on. */
async function lastSeqOf(table: Table, id: ConversationId): Promise<number> {
  const { Items = [] } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      ConsistentRead: true,
      ScanIndexForward: false,
      Limit: 2,
      ProjectionExpression: 'sk, nonce',
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: {
        ':pk': conversationPartition(id),
        ':first': logKey(id, 1).sk,
        ':last': `${LOG}:`,
      },
    }),
  );
  const last = Items.find(isEntryRow);
  return last ? Number(last.sk.slice(LOG.length)) : 0;
}

function growth({ counted, seq }: Standing): Totals {
  return { conversations: counted === undefined ? 1 : 0, messages: seq - (counted ?? 0) };
}

function sum(all: readonly Totals[]): Totals {
  return {
    conversations: all.reduce((total, { conversations }) => total + conversations, 0),
    messages: all.reduce((total, { messages }) => total + messages, 0),
  };
}

async function readTotals(table: Table): Promise<Totals> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: totalsKey, ConsistentRead: true }),
  );
  const { conversations = 0, messages = 0 } = (Item ?? {}) as Partial<Totals>;
  return { conversations, messages };
}

function enter(table: Table, { conversations, messages }: Totals): Write {
  return {
    Update: {
      TableName: table.name,
      Key: totalsKey,
      UpdateExpression: 'ADD conversations :conversations, messages :messages',
      ExpressionAttributeValues: { ':conversations': conversations, ':messages': messages },
    },
  };
}

function noteCounted(table: Table, { id, counted, seq }: Standing): Write {
  const isFirst = counted === undefined;
  return {
    Update: {
      TableName: table.name,
      Key: countedKey(id),
      UpdateExpression: 'SET messages = :seq',
      ConditionExpression: isFirst ? 'attribute_not_exists(pk)' : 'messages = :counted',
      ExpressionAttributeValues: { ':seq': seq, ...(!isFirst && { ':counted': counted }) },
    },
  };
}

/** Unless it was noted again since. */
async function forgetNoted(table: Table, { pk, sk, at }: NotedRow): Promise<void> {
  const remove = new DeleteCommand({
    TableName: table.name,
    Key: { pk, sk },
    ConditionExpression: '#at = :at',
    ExpressionAttributeNames: { '#at': 'at' },
    ExpressionAttributeValues: { ':at': at },
  });
  await refusedRow(table.client.send(remove));
}
