import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Recoverable, SessionKey, SessionStore } from '../wire/socket-io/session.ts';
import { refusedRow } from './conditions.ts';
import { type Key, recoveryKey } from './keys.ts';
import type { Table } from './table-client.ts';

type RecoveryRow = Key & Recoverable & { readonly ttl: number };

/** As long as a session's row. */
const HELD_S = 2 * 60 * 60 + 10 * 60;

/** The sockets that clients may ask to have back, on DynamoDB: a row each. */
export function keptSockets(table: Table): Pick<SessionStore, 'keep' | 'kept' | 'handOver' | 'forget'> {
  return {
    keep: (pid, recoverable) => keep(table, pid, recoverable),
    kept: (pid) => kept(table, pid),
    handOver: (pid, recoverable, to, now) => handOver(table, pid, recoverable, { to, now }),
    forget: (pid, holder) => forget(table, pid, holder),
  };
}

async function keep(table: Table, pid: string, recoverable: Recoverable): Promise<void> {
  const row: RecoveryRow = {
    ...recoveryKey(pid),
    ...recoverable,
    ttl: Math.ceil(recoverable.until / 1000),
  };
  const put = new PutCommand({
    TableName: table.name,
    Item: row,
    ConditionExpression: 'attribute_not_exists(pk) OR holder = :holder',
    ExpressionAttributeValues: { ':holder': recoverable.holder },
  });
  await refusedRow(table.client.send(put));
}

async function kept(table: Table, pid: string): Promise<Recoverable | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: recoveryKey(pid), ConsistentRead: true }),
  );
  if (!Item) return undefined;
  const { kept, until, holder } = Item as RecoveryRow;
  return { kept, until, holder };
}

async function handOver(
  table: Table,
  pid: string,
  { holder, until }: Recoverable,
  { to, now }: { readonly to: SessionKey; readonly now: number },
): Promise<boolean> {
  const update = new UpdateCommand({
    TableName: table.name,
    Key: recoveryKey(pid),
    UpdateExpression: 'SET holder = :to, #ttl = :ttl',
    // The SDK repeats an update whose answer was lost: then it stands already.
    ConditionExpression: '(holder = :holder AND #until = :until) OR holder = :to',
    ExpressionAttributeNames: { '#ttl': 'ttl', '#until': 'until' },
    ExpressionAttributeValues: {
      ':holder': holder,
      ':until': until,
      ':to': to,
      // It leads to the session for as long as that goes on.
      ':ttl': Math.max(Math.ceil(until / 1000), Math.floor(now / 1000) + HELD_S),
    },
  });
  return (await refusedRow(table.client.send(update))) === undefined;
}

async function forget(table: Table, pid: string, holder: SessionKey): Promise<void> {
  const remove = new DeleteCommand({
    TableName: table.name,
    Key: recoveryKey(pid),
    ConditionExpression: 'holder = :holder',
    ExpressionAttributeValues: { ':holder': holder },
  });
  await refusedRow(table.client.send(remove));
}
