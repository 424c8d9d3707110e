import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { ConnectionId } from '../core/ids.ts';
import type { Mailboxes, Overlap, SessionKey } from '../wire/socket-io/session.ts';
import { frameLists } from './frame-lists.ts';
import { type Key, sessionKey } from './keys.ts';
import { type MailboxRow, updateSession } from './mailbox-row.ts';
import type { Table } from './table-client.ts';

/** A WebSocket that probes or carries a session begun by HTTP long-polling. */
export type LinkRow = Key & { readonly linkedTo: SessionKey; readonly ttl: number };

const KEPT_S = 2 * 60 * 60 + 10 * 60;
const BUSY_ATTRIBUTES = { GET: 'pollingUntil', POST: 'postingUntil' } as const;

/** The mailboxes on DynamoDB: lists on the session's row, and who may take from them. */
export function mailboxes(table: Table): Mailboxes {
  return {
    ...frameLists(table),
    peek: (key, now) => peek(table, key, now),
    enter: (key, method, now, until) => enter(table, key, BUSY_ATTRIBUTES[method], { now, until }),
    leave: (key, method) => leave(table, key, BUSY_ATTRIBUTES[method]),
    link: (connectionId, key, now) => link(table, connectionId, key, now),
    unlink: (connectionId) => unlink(table, connectionId),
    endProbe: (key, connectionId) => endProbe(table, key, connectionId),
    probe: (key, connectionId, now, until) => probe(table, key, connectionId, { now, until }),
    beginMove: (key, connectionId) => beginMove(table, key, connectionId),
    endMove: (key, connectionId) => endMove(table, key, connectionId),
  };
}

async function peek(
  table: Table,
  key: SessionKey,
  now: number,
): Promise<'empty' | 'mail' | 'probed' | 'gone'> {
  const { Item } = await table.client.send(
    new GetCommand({
      TableName: table.name,
      Key: sessionKey(key),
      ConsistentRead: true,
      ProjectionExpression: 'pk, mailbox, webSocket, probingUntil',
    }),
  );
  const row = Item as Partial<MailboxRow> | undefined;
  if (!row) return 'gone';
  if (row.mailbox !== undefined) return 'mail';
  const { webSocket, probingUntil = 0 } = row;
  return webSocket !== undefined || probingUntil > now ? 'probed' : 'empty';
}

async function enter(
  table: Table,
  key: SessionKey,
  busy: string,
  { now, until }: { readonly now: number; readonly until: number },
): Promise<Overlap> {
  const row = await updateSession(table, key, {
    UpdateExpression: 'SET #busy = :until, seenAt = :now',
    ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(#busy) OR #busy < :now)',
    ExpressionAttributeNames: { '#busy': busy },
    ExpressionAttributeValues: { ':until': until, ':now': now },
  });
  if (row === undefined) return 'free';
  return row.pk === undefined ? 'gone' : 'busy';
}

async function leave(table: Table, key: SessionKey, busy: string): Promise<void> {
  await updateSession(table, key, {
    UpdateExpression: 'REMOVE #busy',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeNames: { '#busy': busy },
  });
}

async function link(table: Table, connectionId: ConnectionId, key: SessionKey, now: number): Promise<void> {
  const row: LinkRow = { ...sessionKey(connectionId), linkedTo: key, ttl: Math.floor(now / 1000) + KEPT_S };
  await table.client.send(new PutCommand({ TableName: table.name, Item: row }));
}

async function unlink(table: Table, connectionId: ConnectionId): Promise<void> {
  await table.client.send(new DeleteCommand({ TableName: table.name, Key: sessionKey(connectionId) }));
}

async function endProbe(table: Table, key: SessionKey, connectionId: ConnectionId): Promise<void> {
  await updateSession(table, key, {
    UpdateExpression: 'REMOVE probe, probingUntil',
    ConditionExpression: 'probe = :connection AND attribute_not_exists(moving)',
    ExpressionAttributeValues: { ':connection': connectionId },
  });
}

async function probe(
  table: Table,
  key: SessionKey,
  connectionId: ConnectionId,
  { now, until }: { readonly now: number; readonly until: number },
): Promise<'probing' | 'other'> {
  const row = await updateSession(table, key, {
    UpdateExpression: 'SET probe = :connection, probingUntil = :until',
    ConditionExpression: `attribute_exists(pk) AND attribute_not_exists(webSocket) AND attribute_not_exists(moving)
      AND (attribute_not_exists(probe) OR probe = :connection OR probingUntil < :now)`,
    ExpressionAttributeValues: { ':connection': connectionId, ':until': until, ':now': now },
  });
  return row === undefined ? 'probing' : 'other';
}

async function beginMove(table: Table, key: SessionKey, connectionId: ConnectionId): Promise<boolean> {
  const row = await updateSession(table, key, {
    UpdateExpression: 'SET probe = :connection, moving = :true',
    ConditionExpression: `attribute_exists(pk) AND attribute_not_exists(webSocket) AND attribute_not_exists(moving)
      AND (attribute_not_exists(probe) OR probe = :connection)`,
    ExpressionAttributeValues: { ':connection': connectionId, ':true': true },
  });
  return row === undefined;
}

async function endMove(
  table: Table,
  key: SessionKey,
  connectionId: ConnectionId,
): Promise<'moved' | 'mail' | 'gone'> {
  const row = await updateSession(table, key, {
    UpdateExpression: 'SET webSocket = :connection REMOVE probe, probingUntil, moving',
    ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(mailbox)',
    ExpressionAttributeValues: { ':connection': connectionId },
  });
  // The SDK repeats an update whose answer was lost, which changes nothing.
  if (row === undefined) return 'moved';
  return row.pk === undefined ? 'gone' : 'mail';
}
