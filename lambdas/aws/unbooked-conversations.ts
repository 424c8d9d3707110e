import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Conversation } from '../core/conversation.ts';
import { type ConversationId, conversationOfPair } from '../core/ids.ts';
import type { Change, Group, NewMember } from '../core/ports.ts';
import { refusedRow } from './conditions.ts';
import { noteActivity, putMember, transact, type Write } from './conversation-writes.ts';
import { metaKey } from './keys.ts';
import type { Table } from './table-client.ts';

/** Conversations that belong to no booking, and what may be changed of any. */

/** A transaction has room for 100 writes, one of them META's, and one for the statistics. */
const MEMBERS_AT_ONCE = 98;

export async function openDirect(
  table: Table,
  members: readonly [NewMember, NewMember],
  now: number,
): Promise<void> {
  const [one, other] = members;
  const id = conversationOfPair(one.userId, other.userId);
  await transact(table, [
    putMeta(table, { id, kind: 'direct', createdAt: now, touchedAt: 0 }),
    ...members.map(({ userId, role }) => putMember(table, id, userId, role, now)),
    { Update: noteActivity(table, id, now) },
  ]);
}

export async function openGroup(table: Table, { id, members, title }: Group, now: number): Promise<void> {
  const meta = {
    id,
    kind: 'group',
    createdAt: now,
    touchedAt: now,
    ...(title !== undefined && { title }),
  } as const;
  const puts = members.map(({ userId, role }) => putMember(table, id, userId, role, now));
  const opening = [putMeta(table, meta), { Update: noteActivity(table, id, now) }];
  const refused = await transact(table, [...opening, ...puts.slice(0, MEMBERS_AT_ONCE)]);
  // Refused, the conversation is there already: then only the members are put.
  for (let from = refused ? 0 : MEMBERS_AT_ONCE; from < puts.length; from += MEMBERS_AT_ONCE) {
    await transact(table, puts.slice(from, from + MEMBERS_AT_ONCE));
  }
}

export async function addMember(
  table: Table,
  id: ConversationId,
  { userId, role }: NewMember,
  now: number,
): Promise<void> {
  await transact(table, [standing(table, id), unlessMember(putMember(table, id, userId, role, now))]);
}

export async function changeMeta(table: Table, id: ConversationId, change: Change): Promise<void> {
  const fields = Object.entries(change).filter(([, value]) => value !== undefined);
  if (fields.length === 0) return;
  const update = new UpdateCommand({
    TableName: table.name,
    Key: metaKey(id),
    UpdateExpression: `SET ${fields.map(([name]) => `#${name} = :${name}`).join(', ')}`,
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeNames: Object.fromEntries(fields.map(([name]) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(fields.map(([name, value]) => [`:${name}`, value])),
  });
  await refusedRow(table.client.send(update));
}

function putMeta(table: Table, { id, ...meta }: Conversation): Write {
  return {
    Put: {
      TableName: table.name,
      Item: { ...metaKey(id), ...meta },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

function standing(table: Table, id: ConversationId): Write {
  return {
    ConditionCheck: {
      TableName: table.name,
      Key: metaKey(id),
      ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(withdrawn)',
    },
  };
}

/** Who is a member already stays what they are. */
function unlessMember(write: Write): Write {
  const { Update } = write;
  if (!Update) return write;
  const ConditionExpression = 'attribute_not_exists(pk) OR attribute_exists(#left)';
  return { Update: { ...Update, ConditionExpression } };
}
