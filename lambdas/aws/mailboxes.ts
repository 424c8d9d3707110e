import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { ConnectionId } from '../core/ids.ts';
import type { Mailboxes, Mailed, Overlap, SessionKey } from '../wire/socket-io/session.ts';
import { refusedRow } from './conditions.ts';
import { type Key, sessionKey } from './keys.ts';
import type { Table } from './table-client.ts';

/** A WebSocket that probes or carries a session begun by HTTP long-polling. */
export type LinkRow = Key & { readonly linkedTo: SessionKey; readonly ttl: number };

type MailboxRow = {
  readonly pk: string;
  readonly mailbox: readonly string[];
  /** What was pushed while the session is held back. */
  readonly waiting: readonly string[];
  readonly webSocket: ConnectionId;
  readonly probe: ConnectionId;
  readonly probingUntil: number;
};

const KEPT_S = 2 * 60 * 60 + 10 * 60;
/** A row holds 400 KB; a client that leaves so many frames lying is gone. */
const MOST_FRAMES = 500;
const BUSY_ATTRIBUTES = { GET: 'pollingUntil', POST: 'postingUntil' } as const;

/** The mailboxes on DynamoDB: a list on the session's row. */
export function mailboxes(table: Table): Mailboxes {
  return {
    mail: (key, frames) => mail(table, key, frames),
    collect: (key) => collect(table, key, 'mailbox'),
    peek: (key, now) => peek(table, key, now),
    hold: (key) => hold(table, key),
    mailHeld: (key, frame) => mailHeld(table, key, frame),
    collectHeld: (key) => collect(table, key, 'waiting'),
    letGo: (key) => letGo(table, key),
    enter: (key, method, now, until) => enter(table, key, BUSY_ATTRIBUTES[method], { now, until }),
    leave: (key, method) => leave(table, key, BUSY_ATTRIBUTES[method]),
    link: (connectionId, key, now) => link(table, connectionId, key, now),
    unlink: (connectionId, key) => unlink(table, connectionId, key),
    probe: (key, connectionId, now, until) => probe(table, key, connectionId, { now, until }),
    beginMove: (key, connectionId) => beginMove(table, key, connectionId),
    endMove: (key, connectionId) => endMove(table, key, connectionId),
  };
}

async function mail(table: Table, key: SessionKey, frames: readonly string[]): Promise<Mailed> {
  const row = await fittingUpdate(table, key, {
    UpdateExpression: 'SET mailbox = list_append(if_not_exists(mailbox, :none), :frames)',
    ConditionExpression:
      'attribute_exists(pk) AND attribute_not_exists(webSocket) AND (attribute_not_exists(mailbox) OR size(mailbox) < :most)',
    ExpressionAttributeValues: { ':none': [], ':frames': [...frames], ':most': MOST_FRAMES },
  });
  if (row === undefined) return { kind: 'queued' };
  if (row === 'too-large') return { kind: 'full' };
  if (row.webSocket !== undefined) return { kind: 'moved', webSocket: row.webSocket };
  return { kind: row.pk === undefined ? 'gone' : 'full' };
}

async function hold(table: Table, key: SessionKey): Promise<void> {
  await refusedUpdate(table, key, {
    UpdateExpression: 'SET held = :true',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: { ':true': true },
  });
}

async function mailHeld(table: Table, key: SessionKey, frame: string): Promise<Mailed> {
  const row = await fittingUpdate(table, key, {
    UpdateExpression: 'SET waiting = list_append(if_not_exists(waiting, :none), :frames)',
    ConditionExpression: 'attribute_exists(held)',
    ExpressionAttributeValues: { ':none': [], ':frames': [frame] },
  });
  if (row === undefined) return { kind: 'queued' };
  if (row === 'too-large') return { kind: 'full' };
  if (row.pk === undefined) return { kind: 'gone' };
  return { kind: 'moved', ...(row.webSocket !== undefined && { webSocket: row.webSocket }) };
}

async function letGo(table: Table, key: SessionKey): Promise<'free' | 'mail'> {
  const row = await refusedUpdate(table, key, {
    UpdateExpression: 'REMOVE held',
    ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(waiting)',
  });
  return row?.pk === undefined ? 'free' : 'mail';
}

/** Takes all frames out of a list on the session's row. */
async function collect(
  table: Table,
  key: SessionKey,
  list: 'mailbox' | 'waiting',
): Promise<readonly string[]> {
  const update = new UpdateCommand({
    TableName: table.name,
    Key: sessionKey(key),
    UpdateExpression: `REMOVE ${list}`,
    ConditionExpression: `attribute_exists(${list})`,
    ReturnValues: 'ALL_OLD',
  });
  try {
    const { Attributes } = await table.client.send(update);
    return (Attributes as MailboxRow | undefined)?.[list] ?? [];
  } catch (thrown) {
    const isEmpty = thrown instanceof ConditionalCheckFailedException;
    // Refused at the second attempt: the first may have taken the frames, and its answer was lost with them.
    if (isEmpty && (thrown.$metadata.attempts ?? 1) === 1) return [];
    throw thrown;
  }
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
  const row = await refusedUpdate(table, key, {
    UpdateExpression: 'SET #busy = :until, seenAt = :now',
    ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(#busy) OR #busy < :now)',
    ExpressionAttributeNames: { '#busy': busy },
    ExpressionAttributeValues: { ':until': until, ':now': now },
  });
  if (row === undefined) return 'free';
  return row.pk === undefined ? 'gone' : 'busy';
}

async function leave(table: Table, key: SessionKey, busy: string): Promise<void> {
  await refusedUpdate(table, key, {
    UpdateExpression: 'REMOVE #busy',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeNames: { '#busy': busy },
  });
}

async function link(table: Table, connectionId: ConnectionId, key: SessionKey, now: number): Promise<void> {
  const row: LinkRow = { ...sessionKey(connectionId), linkedTo: key, ttl: Math.floor(now / 1000) + KEPT_S };
  await table.client.send(new PutCommand({ TableName: table.name, Item: row }));
}

async function unlink(table: Table, connectionId: ConnectionId, key: SessionKey): Promise<void> {
  await Promise.all([
    table.client.send(new DeleteCommand({ TableName: table.name, Key: sessionKey(connectionId) })),
    refusedUpdate(table, key, {
      UpdateExpression: 'REMOVE probe, probingUntil',
      ConditionExpression: 'probe = :connection',
      ExpressionAttributeValues: { ':connection': connectionId },
    }),
  ]);
}

async function probe(
  table: Table,
  key: SessionKey,
  connectionId: ConnectionId,
  { now, until }: { readonly now: number; readonly until: number },
): Promise<'probing' | 'other'> {
  const row = await refusedUpdate(table, key, {
    UpdateExpression: 'SET probe = :connection, probingUntil = :until',
    ConditionExpression: `attribute_exists(pk) AND attribute_not_exists(webSocket) AND attribute_not_exists(moving)
      AND (attribute_not_exists(probe) OR probe = :connection OR probingUntil < :now)`,
    ExpressionAttributeValues: { ':connection': connectionId, ':until': until, ':now': now },
  });
  return row === undefined ? 'probing' : 'other';
}

async function beginMove(table: Table, key: SessionKey, connectionId: ConnectionId): Promise<boolean> {
  const row = await refusedUpdate(table, key, {
    UpdateExpression: 'SET probe = :connection, moving = :true',
    ConditionExpression: `attribute_exists(pk) AND attribute_not_exists(moving)
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
  const row = await refusedUpdate(table, key, {
    UpdateExpression: 'SET webSocket = :connection REMOVE probe, probingUntil, moving',
    ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(mailbox)',
    ExpressionAttributeValues: { ':connection': connectionId },
  });
  // The SDK repeats an update whose answer was lost, which changes nothing.
  if (row === undefined) return 'moved';
  return row.pk === undefined ? 'gone' : 'mail';
}

/** As `refusedUpdate`; `too-large` where the row would grow beyond the 400 KB of DynamoDB. */
async function fittingUpdate(
  ...update: Parameters<typeof refusedUpdate>
): Promise<Partial<MailboxRow> | 'too-large' | undefined> {
  try {
    return await refusedUpdate(...update);
  } catch (thrown) {
    const { name, message } = thrown as Error;
    if (name === 'ValidationException' && /item size/i.test(message)) return 'too-large';
    throw thrown;
  }
}

function refusedUpdate(
  table: Table,
  key: SessionKey,
  update: Omit<UpdateCommandInput, 'TableName' | 'Key'>,
): Promise<Partial<MailboxRow> | undefined> {
  const command = new UpdateCommand({
    TableName: table.name,
    Key: sessionKey(key),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    ...update,
  });
  return refusedRow<MailboxRow>(table.client.send(command));
}
