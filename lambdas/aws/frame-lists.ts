import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Mailboxes, Mailed, SessionKey } from '../wire/socket-io/session.ts';
import { isTooLarge, refusedRow } from './conditions.ts';
import { sessionKey } from './keys.ts';
import { type MailboxRow, type RowUpdate, updateCommand, updateSession } from './mailbox-row.ts';
import { once } from './once.ts';
import type { Table } from './table-client.ts';

/** A row holds 400 KB; a client that leaves so many frames lying is gone. */
const MOST_FRAMES = 500;

/** The frames that wait for a session: those for its next poll, and those aside while it is held back. */
export function frameLists(
  table: Table,
): Pick<Mailboxes, 'mail' | 'collect' | 'hold' | 'mailHeld' | 'collectHeld' | 'letGo'> {
  return {
    mail: (key, frames) => mail(table, key, frames),
    collect: (key) => collect(table, key, 'mailbox'),
    hold: (key) => hold(table, key),
    mailHeld: (key, frame) => mailHeld(table, key, frame),
    collectHeld: (key) => collect(table, key, 'waiting'),
    letGo: (key, told) => letGo(table, key, told),
  };
}

async function mail(table: Table, key: SessionKey, frames: readonly string[]): Promise<Mailed> {
  const row = await append(table, key, {
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
  await updateSession(table, key, {
    UpdateExpression: 'SET held = :true',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: { ':true': true },
  });
}

async function mailHeld(table: Table, key: SessionKey, frame: string): Promise<Mailed> {
  const row = await append(table, key, {
    UpdateExpression: 'SET waiting = list_append(if_not_exists(waiting, :none), :frames)',
    ConditionExpression: 'attribute_exists(held)',
    ExpressionAttributeValues: { ':none': [], ':frames': [frame] },
  });
  if (row === undefined) return { kind: 'queued' };
  if (row === 'too-large') return { kind: 'full' };
  if (row.pk === undefined) return { kind: 'gone' };
  const { webSocket, told } = row;
  return {
    kind: 'moved',
    ...(webSocket !== undefined && { webSocket }),
    ...(told !== undefined && { told }),
  };
}

async function letGo(table: Table, key: SessionKey, told: unknown): Promise<'free' | 'mail'> {
  const row = await updateSession(table, key, {
    UpdateExpression: `REMOVE held${told === undefined ? '' : ' SET told = :told'}`,
    ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(waiting)',
    ...(told !== undefined && { ExpressionAttributeValues: { ':told': told } }),
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

/**
 * Appends to a list: undefined, or the row that refused it; `too-large` where it would grow beyond the 400 KB of
 * DynamoDB. Repeated, it would append twice.
 */
async function append(
  table: Table,
  key: SessionKey,
  update: RowUpdate,
): Promise<Partial<MailboxRow> | 'too-large' | undefined> {
  try {
    return await refusedRow<MailboxRow>(table.client.send(once(updateCommand(table, key, update))));
  } catch (thrown) {
    if (isTooLarge(thrown)) return 'too-large';
    throw thrown;
  }
}
