import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Handshake, Session, SessionKey, SessionStore, SocketState } from '../wire/socket-io/session.ts';
import { isTooLarge, refusedRow } from './conditions.ts';
import { keptSockets } from './kept-sockets.ts';
import { type Key, sessionKey, sessionPartitions } from './keys.ts';
import type { RowUpdate } from './mailbox-row.ts';
import type { LinkRow } from './mailboxes.ts';
import { pagesOf } from './query.ts';
import type { Table } from './table-client.ts';

export type SessionRow = Key &
  Omit<Session, 'key' | 'sockets' | 'handshake'> & {
    /** As JSON: its query has whatever names a stranger gives them, of which the SDK bears not all. */
    readonly handshake: string;
    readonly sockets: Readonly<Record<string, SocketState>>;
    readonly acks: Readonly<Record<string, unknown>>;
    readonly ttl: number;
  };

/** API Gateway ends a connection after 2 h; its row outlives it by a little, for when nobody says so. */
const KEPT_S = 2 * 60 * 60 + 10 * 60;

/** Socket.IO sessions on DynamoDB: a row each. */
export function sessionStore(table: Table): SessionStore {
  return {
    ...keptSockets(table),
    create: (session, now) => create(table, session, now),
    find: (key) => find(table, key),
    addSocket: (key, namespace, socket) => addSocket(table, key, namespace, socket),
    saveSocket: (key, namespace, socket) => saveSocket(table, key, namespace, socket),
    removeSocket: (key, namespace) => removeSocket(table, key, namespace),
    remove: (key) => remove(table, key),
    setAside: (key, frames) => setAside(table, key, frames),
    awaitAck: (key, id, context) => awaitAck(table, key, id, context),
    takeAck: (key, id) => takeAck(table, key, id),
    noteSeen: (key, now) => noteSeen(table, key, now),
    due: (slot) => due(table, slot),
  };
}

async function create(table: Table, session: Session, now: number): Promise<void> {
  const { key, sockets, handshake, ...rest } = session;
  const row = {
    ...sessionKey(key),
    ...rest,
    handshake: JSON.stringify(handshake),
    sockets: Object.fromEntries(sockets),
    acks: {},
    ttl: Math.floor(now / 1000) + KEPT_S,
  } satisfies SessionRow;
  await table.client.send(new PutCommand({ TableName: table.name, Item: row }));
}

async function find(table: Table, key: SessionKey): Promise<Session | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: sessionKey(key), ConsistentRead: true }),
  );
  if (!Item) return undefined;
  const { linkedTo } = Item as Partial<LinkRow>;
  return linkedTo === undefined ? sessionOf(Item as SessionRow) : find(table, linkedTo);
}

async function addSocket(
  table: Table,
  key: SessionKey,
  namespace: string,
  socket: SocketState,
): Promise<'added' | 'taken' | 'gone'> {
  const update = new UpdateCommand({
    TableName: table.name,
    Key: sessionKey(key),
    UpdateExpression: 'SET sockets.#namespace = :socket',
    ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(sockets.#namespace)',
    ExpressionAttributeNames: { '#namespace': namespace },
    ExpressionAttributeValues: { ':socket': socket },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  const row = await refusedRow<SessionRow>(table.client.send(update));
  // The SDK repeats an update whose answer was lost: then it is our own socket that stands there.
  if (row === undefined || row.sockets?.[namespace]?.sid === socket.sid) return 'added';
  return row.pk === undefined ? 'gone' : 'taken';
}

async function saveSocket(
  table: Table,
  key: SessionKey,
  namespace: string,
  socket: SocketState,
): Promise<SocketState | undefined> {
  const row = await rowBefore(table, key, {
    UpdateExpression: 'SET sockets.#namespace = :socket',
    ConditionExpression: 'sockets.#namespace.sid = :sid',
    ExpressionAttributeNames: { '#namespace': namespace },
    ExpressionAttributeValues: { ':socket': socket, ':sid': socket.sid },
  });
  return row?.sockets[namespace];
}

async function removeSocket(table: Table, key: SessionKey, namespace: string): Promise<Session | undefined> {
  const row = await rowBefore(table, key, {
    UpdateExpression: 'REMOVE sockets.#namespace SET hasLeft = :true',
    ConditionExpression: 'attribute_exists(sockets.#namespace)',
    ExpressionAttributeNames: { '#namespace': namespace },
    ExpressionAttributeValues: { ':true': true },
  });
  return row && sessionOf(row);
}

async function remove(table: Table, key: SessionKey): Promise<Session | undefined> {
  const { Attributes } = await table.client.send(
    new DeleteCommand({ TableName: table.name, Key: sessionKey(key), ReturnValues: 'ALL_OLD' }),
  );
  return Attributes && sessionOf(Attributes as SessionRow);
}

async function setAside(table: Table, key: SessionKey, frames: readonly string[]): Promise<'kept' | 'full'> {
  const update = new UpdateCommand({
    TableName: table.name,
    Key: sessionKey(key),
    UpdateExpression: 'SET unfinished = :frames',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: { ':frames': frames },
  });
  try {
    await refusedRow(table.client.send(update));
    return 'kept';
  } catch (thrown) {
    if (isTooLarge(thrown)) return 'full';
    throw thrown;
  }
}

async function awaitAck(table: Table, key: SessionKey, id: number, context: unknown): Promise<void> {
  const update = new UpdateCommand({
    TableName: table.name,
    Key: sessionKey(key),
    UpdateExpression: 'SET acks.#id = :context',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeNames: { '#id': String(id) },
    ExpressionAttributeValues: { ':context': context },
  });
  await refusedRow(table.client.send(update));
}

async function takeAck(table: Table, key: SessionKey, id: number): Promise<unknown> {
  const row = await rowBefore(table, key, {
    UpdateExpression: 'REMOVE acks.#id',
    ConditionExpression: 'attribute_exists(acks.#id)',
    ExpressionAttributeNames: { '#id': String(id) },
  });
  return row?.acks[String(id)];
}

async function noteSeen(table: Table, key: SessionKey, now: number): Promise<void> {
  const update = new UpdateCommand({
    TableName: table.name,
    Key: sessionKey(key),
    UpdateExpression: 'SET seenAt = :now',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: { ':now': now },
  });
  await refusedRow(table.client.send(update));
}

async function* due(table: Table, slot: number): AsyncIterable<Session> {
  for (const partition of sessionPartitions(slot)) {
    const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': partition } };
    for await (const page of pagesOf(table, query)) {
      for (const row of (page.Items ?? []) as (SessionRow | LinkRow)[]) {
        if (!('linkedTo' in row)) yield sessionOf(row);
      }
    }
  }
}

/** Updates a row that fulfils the condition, and gives it as it was before; undefined for one that does not. */
async function rowBefore(table: Table, key: SessionKey, change: RowUpdate): Promise<SessionRow | undefined> {
  const place = { TableName: table.name, Key: sessionKey(key) };
  const update = new UpdateCommand({ ...place, ...change, ReturnValues: 'ALL_OLD' });
  let row: SessionRow | undefined;
  const sent = table.client.send(update).then(({ Attributes }) => {
    row = Attributes as SessionRow | undefined;
  });
  return (await refusedRow(sent)) === undefined ? row : undefined;
}

function sessionOf({ sk, sockets, ...row }: SessionRow): Session {
  const { sid, handshake, openedAt, webSocket, probe, isCrowded, unfinished, hasLeft, seenAt } = row;
  return {
    key: sk,
    sid,
    handshake: JSON.parse(handshake) as Handshake,
    openedAt,
    sockets: new Map(Object.entries(sockets)),
    ...(webSocket !== undefined && { webSocket }),
    ...(probe !== undefined && { probe }),
    ...(isCrowded !== undefined && { isCrowded }),
    ...(unfinished !== undefined && unfinished.length > 0 && { unfinished }),
    ...(hasLeft !== undefined && { hasLeft }),
    ...(seenAt !== undefined && { seenAt }),
  };
}
