import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type NotificationId, notificationTime, type UserId } from '../core/ids.ts';
import type { Inbox, Kept } from '../core/inbox.ts';
import type { Notification } from '../core/notification.ts';
import { refusedRow } from './conditions.ts';
import { allReadUpTo, expiry, type NotificationRow, notificationOf, pageOf, rowOf } from './inbox-rows.ts';
import { allReadKey, type Key, notificationKey, notificationPlaceKey } from './keys.ts';
import type { Table } from './table-client.ts';

/** Where the one notification of an id lies that does not say so itself: claimed before it is put. */
type PlaceRow = Key & { readonly at: number; readonly ttl: number };

/** Users' inboxes on DynamoDB: a partition each, in which notifications lie by time. */
export function inbox(table: Table): Inbox {
  return {
    add: (notification) => add(table, notification),
    addOnce: (notification, nonce) => addOnce(table, notification, nonce),
    markRead: (userId, id, now) => markRead(table, userId, id, now),
    markAllRead: (userId, now) => markAllRead(table, userId, now),
    list: (userId, page, filter, now) => pageOf(table, userId, { page, ...filter, now }),
  };
}

async function add(table: Table, notification: Notification): Promise<void> {
  await table.client.send(new PutCommand({ TableName: table.name, Item: rowOf(notification) }));
}

async function addOnce(table: Table, given: Notification, nonce: string): Promise<Kept> {
  const notification = { ...given, createdAt: await claimPlace(table, given) };
  const put = new PutCommand({
    TableName: table.name,
    Item: { ...rowOf(notification), nonce },
    ConditionExpression: 'attribute_not_exists(pk)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  const standing = await refusedRow<NotificationRow>(table.client.send(put));
  if (standing === undefined || standing.nonce === nonce) return { notification, isNew: true };
  const allRead = await allReadUpTo(table, given.userId);
  return { notification: notificationOf(given.userId, standing as NotificationRow, allRead), isNew: false };
}

/** When the notification of this id was created, in ms: now, unless somebody has claimed the id before. */
async function claimPlace(table: Table, { userId, id, createdAt }: Notification): Promise<number> {
  const claim = new PutCommand({
    TableName: table.name,
    Item: { ...notificationPlaceKey(userId, id), at: createdAt, ttl: expiry(createdAt) } satisfies PlaceRow,
    // DynamoDB may delete an expired row days late.
    ConditionExpression: 'attribute_not_exists(pk) OR #ttl < :now',
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: { ':now': Math.floor(createdAt / 1000) },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  return (await refusedRow<PlaceRow>(table.client.send(claim)))?.at ?? createdAt;
}

async function markRead(
  table: Table,
  userId: UserId,
  id: NotificationId,
  now: number,
): Promise<'marked' | 'absent'> {
  const said = notificationTime(id);
  if (said !== undefined && (await markAt(table, notificationKey(userId, said, id), now))) return 'marked';
  const { Item } = await table.client.send(
    new GetCommand({
      TableName: table.name,
      Key: notificationPlaceKey(userId, id),
      ConsistentRead: true,
    }),
  );
  const place = Item as PlaceRow | undefined;
  const isMarked = place && (await markAt(table, notificationKey(userId, place.at, id), now));
  return isMarked ? 'marked' : 'absent';
}

/** Whether there was a notification to mark. */
async function markAt(table: Table, key: Key, now: number): Promise<boolean> {
  const mark = new UpdateCommand({
    TableName: table.name,
    Key: key,
    UpdateExpression: 'SET readAt = if_not_exists(readAt, :now)',
    ConditionExpression: 'attribute_exists(pk) AND #ttl >= :seconds',
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: { ':now': now, ':seconds': Math.floor(now / 1000) },
  });
  return (await refusedRow(table.client.send(mark))) === undefined;
}

/** The mark never goes back, whichever of two functions with clocks of their own comes last. */
async function markAllRead(table: Table, userId: UserId, now: number): Promise<void> {
  const mark = new UpdateCommand({
    TableName: table.name,
    Key: allReadKey(userId),
    UpdateExpression: 'SET upTo = :now, #ttl = :ttl',
    ConditionExpression: 'attribute_not_exists(upTo) OR upTo < :now',
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: { ':now': now, ':ttl': expiry(now) },
  });
  await refusedRow(table.client.send(mark));
}
