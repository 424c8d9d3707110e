import { PutCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Entry, Knock } from '../core/conversation.ts';
import type { ConversationId, UserId } from '../core/ids.ts';
import type { Amendment, ConversationLog, CountedRange } from '../core/ports.ts';
import type { ReadState } from '../core/read-state.ts';
import { refusedRow } from './conditions.ts';
import { conversationPartition, logKey, memberKey } from './keys.ts';
import { countItems, queryAll, rowsAt } from './query.ts';
import { readHead } from './read-head.ts';
import { type EntryRow, entryOf, isEntryRow, reactionAttribute, rowOfEntry } from './rows.ts';
import type { Table } from './table-client.ts';

/** The conversation log on DynamoDB (DESIGN §2). */
export function conversationLog(table: Table): ConversationLog {
  return {
    head: (id) => readHead(table, id),
    range: (id, from, to) => range(table, id, from, to),
    entriesAt: (id, seqs) => entriesAt(table, id, seqs),
    countFromOthers: (id, userId, counted) => countFromOthers(table, id, userId, counted),
    append: (id, entry, knock) => append(table, id, entry, knock),
    knock: (id, seq, mark) => knock(table, id, seq, mark),
    amend: (id, seq, amendment) => amend(table, id, seq, amendment),
    noteLate: (id, seq, until) => noteLate(table, id, seq, until),
    saveRead: (id, userId, read) => saveRead(table, id, userId, read),
  };
}

async function range(table: Table, id: ConversationId, from: number, to: number): Promise<readonly Entry[]> {
  if (to < from) return [];
  const rows = await queryAll<Partial<EntryRow>>(table, {
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: {
      ':pk': conversationPartition(id),
      ':from': logKey(id, from).sk,
      ':to': logKey(id, to).sk,
    },
  });
  return rows.filter(isEntryRow).map(entryOf);
}

async function entriesAt(
  table: Table,
  id: ConversationId,
  seqs: readonly number[],
): Promise<readonly Entry[]> {
  const keys = seqs.map((seq) => logKey(id, seq));
  const rows = await rowsAt<Partial<EntryRow>>(table, keys, true);
  return rows.filter(isEntryRow).map(entryOf);
}

async function countFromOthers(
  table: Table,
  id: ConversationId,
  userId: UserId,
  { from, to, except }: CountedRange,
): Promise<number> {
  const counted = await countItems(table, {
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    FilterExpression: 'senderId <> :reader AND attribute_exists(nonce)',
    ExpressionAttributeValues: {
      ':pk': conversationPartition(id),
      ':from': logKey(id, from).sk,
      ':to': logKey(id, to).sk,
      ':reader': userId,
    },
  });
  return counted - except.filter((seq) => seq >= from && seq <= to).length;
}

async function append(
  table: Table,
  id: ConversationId,
  entry: Entry,
  seen: Knock | undefined,
): Promise<'appended' | 'taken'> {
  const isFree = seen ? 'attribute_not_exists(nonce) AND knock = :knock' : 'attribute_not_exists(pk)';
  const put = new PutCommand({
    TableName: table.name,
    Item: rowOfEntry(id, entry),
    ConditionExpression: isFree,
    ...(seen && { ExpressionAttributeValues: { ':knock': seen.token } }),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  const row = await refusedRow<EntryRow>(table.client.send(put));
  // The SDK repeats a put whose answer was lost; then it is our own entry that stands in the way.
  return row === undefined || row.nonce === entry.nonce ? 'appended' : 'taken';
}

async function knock(
  table: Table,
  id: ConversationId,
  seq: number,
  mark: Knock,
): Promise<'knocked' | 'taken'> {
  const update = new UpdateCommand({
    TableName: table.name,
    Key: logKey(id, seq),
    UpdateExpression: 'SET knock = :token, knockedAt = :at',
    ConditionExpression: 'attribute_not_exists(nonce)',
    ExpressionAttributeValues: { ':token': mark.token, ':at': mark.at },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  return (await refusedRow(table.client.send(update))) === undefined ? 'knocked' : 'taken';
}

async function amend(
  table: Table,
  id: ConversationId,
  seq: number,
  amendment: Amendment,
): Promise<Entry | 'refused'> {
  let amended: EntryRow | undefined;
  const update = new UpdateCommand({
    TableName: table.name,
    Key: logKey(id, seq),
    ...clausesOf(amendment),
    ReturnValues: 'ALL_NEW',
  });
  const sent = table.client.send(update).then(({ Attributes }) => {
    amended = Attributes as EntryRow;
  });
  const isRefused = (await refusedRow(sent)) !== undefined;
  return isRefused || !amended ? 'refused' : entryOf(amended);
}

const STANDS = 'attribute_exists(nonce) AND attribute_not_exists(deletedAt)';

function clausesOf(
  amendment: Amendment,
): Pick<
  UpdateCommandInput,
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
> {
  switch (amendment.kind) {
    case 'edit':
      return {
        UpdateExpression: 'SET content = :content, editedAt = :at',
        ConditionExpression: `${STANDS} AND senderId = :by`,
        ExpressionAttributeValues: {
          ':content': amendment.content,
          ':at': amendment.at,
          ':by': amendment.by,
        },
      };
    case 'delete':
      return {
        UpdateExpression: 'SET content = :none, deletedAt = if_not_exists(deletedAt, :at) REMOVE attachments',
        ConditionExpression: `attribute_exists(nonce)${amendment.by === undefined ? '' : ' AND senderId = :by'}`,
        ExpressionAttributeValues: {
          ':none': '',
          ':at': amendment.at,
          ...(amendment.by !== undefined && { ':by': amendment.by }),
        },
      };
    case 'react':
      return {
        UpdateExpression: 'SET #reaction = if_not_exists(#reaction, :at)',
        ConditionExpression: STANDS,
        ExpressionAttributeNames: { '#reaction': reactionAttribute(amendment.emoji, amendment.by) },
        ExpressionAttributeValues: { ':at': amendment.at },
      };
    case 'unreact':
      return {
        UpdateExpression: 'REMOVE #reaction',
        ConditionExpression: STANDS,
        ExpressionAttributeNames: { '#reaction': reactionAttribute(amendment.emoji, amendment.by) },
      };
  }
}

async function noteLate(table: Table, id: ConversationId, seq: number, until: number): Promise<void> {
  const update = new UpdateCommand({
    TableName: table.name,
    Key: logKey(id, seq),
    UpdateExpression: 'SET lateUntil = :until',
    ConditionExpression:
      'attribute_exists(nonce) AND (attribute_not_exists(lateUntil) OR lateUntil < :until)',
    ExpressionAttributeValues: { ':until': until },
  });
  await refusedRow(table.client.send(update));
}

async function saveRead(
  table: Table,
  id: ConversationId,
  userId: UserId,
  read: ReadState,
): Promise<'saved' | 'stale'> {
  const update = new UpdateCommand({
    TableName: table.name,
    Key: memberKey(id, userId),
    UpdateExpression: 'SET #read = :read',
    ConditionExpression: '#read.version = :version',
    ExpressionAttributeNames: { '#read': 'read' },
    ExpressionAttributeValues: { ':read': read, ':version': read.version - 1 },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  const row = await refusedRow<{ readonly read: ReadState }>(table.client.send(update));
  // As with `append`: a state that already stands exactly as we write it is ours.
  return row === undefined || isSame(row.read, read) ? 'saved' : 'stale';
}

function isSame(a: ReadState | undefined, b: ReadState): boolean {
  return a?.version === b.version && a.at === b.at && a.upTo === b.upTo && sameMarks(a.also, b.also);
}

function sameMarks(a: ReadState['also'], b: ReadState['also']): boolean {
  const entries = Object.entries(a);
  return entries.length === Object.keys(b).length && entries.every(([seq, at]) => b[Number(seq)] === at);
}
