import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { NotificationId, UserId } from '../core/ids.ts';
import type { InboxFilter, InboxPage } from '../core/inbox.ts';
import type { Notification } from '../core/notification.ts';
import type { Page } from '../core/ports.ts';
import {
  allReadKey,
  inboxPartition,
  type Key,
  NOTIFICATIONS_END,
  notificationKey,
  notificationsFrom,
} from './keys.ts';
import { countItems, queryAll } from './query.ts';
import type { Table } from './table-client.ts';

/** The rows of an inbox as they lie in the table, and what they mean. */

export type NotificationRow = Key &
  Omit<Notification, 'id' | 'userId' | 'data' | 'isRead'> & {
    readonly id: NotificationId;
    /** As JSON: DynamoDB nests no deeper than 32 levels. */
    readonly data?: string;
    readonly nonce?: string;
    /** In ms. */
    readonly readAt?: number;
    readonly ttl: number;
  };
const DAY_MS = 24 * 60 * 60 * 1000;
const KEPT_MS = 180 * DAY_MS;
/** Rows read at a time where some of them are passed over. */
const LEAST_READ = 100;

/** Up to when all counts as read, in ms; 0 for an inbox that was never read whole. */
export async function allReadUpTo(table: Table, userId: UserId): Promise<number> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: allReadKey(userId), ConsistentRead: true }),
  );
  return (Item as { readonly upTo: number } | undefined)?.upTo ?? 0;
}

/** A page of an inbox, newest first. It reads all the pages before it, and counts all that there is. */
export async function pageOf(
  table: Table,
  userId: UserId,
  { page: { number, limit }, unreadOnly, now }: InboxFilter & { readonly page: Page; readonly now: number },
): Promise<InboxPage> {
  const allRead = await allReadUpTo(table, userId);
  const oldest = Math.max(0, now - KEPT_MS);
  const all = between(userId, oldest);
  const unread = { ...between(userId, Math.max(oldest, allRead + 1)), FilterExpression: UNREAD };
  const most = number * limit;
  const newestFirst = { ScanIndexForward: false, Limit: Math.max(most, LEAST_READ) };
  const [rows, total, unreadCount] = await Promise.all([
    queryAll<NotificationRow>(table, { ...(unreadOnly ? unread : all), ...newestFirst }, most),
    unreadOnly ? undefined : countItems(table, all),
    countItems(table, unread),
  ]);
  const shown = rows.slice(most - limit).map((row) => notificationOf(userId, row, allRead));
  return { notifications: shown, total: total ?? unreadCount, unread: unreadCount };
}

const UNREAD = 'attribute_not_exists(readAt)';

function between(userId: UserId, ms: number) {
  return {
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :end',
    ExpressionAttributeValues: {
      ':pk': inboxPartition(userId),
      ':from': notificationsFrom(ms),
      ':end': NOTIFICATIONS_END,
    },
  };
}

export function rowOf({ userId, data, isRead: _, ...rest }: Notification): NotificationRow {
  return {
    ...notificationKey(userId, rest.createdAt, rest.id),
    ...rest,
    ...(data !== undefined && { data: JSON.stringify(data) }),
    ttl: expiry(rest.createdAt),
  };
}

export function notificationOf(userId: UserId, row: NotificationRow, allRead: number): Notification {
  const { id, type, title, message, link, data, createdAt, readAt } = row;
  return {
    ...{ id, userId, type, title, message },
    ...(link !== undefined && { link }),
    ...(data !== undefined && { data: JSON.parse(data) as unknown }),
    createdAt,
    isRead: readAt !== undefined || createdAt <= allRead,
  };
}

/** When a row of this time goes, in seconds. */
export function expiry(ms: number): number {
  return Math.floor((ms + KEPT_MS) / 1000);
}
