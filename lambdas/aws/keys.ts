import { createHash } from 'node:crypto';
import type {
  BookingId,
  BusinessId,
  ConnectionId,
  ConversationId,
  NotificationId,
  UserId,
} from '../core/ids.ts';
import type { Claim } from '../core/ports.ts';
import { shardsOf } from '../core/rooms.ts';
import { HEARTBEAT_SLOTS, type SessionKey } from '../wire/socket-io/session.ts';

/** Every key of the one table. An id is always the last part of its attribute, so no id can pose as another key. */

export type Key = { readonly pk: string; readonly sk: string };

/** Sorts a conversation's rows: LOG# < MEMBER# < META, so a descending Query reads META, members, newest messages. */
export const LOG = 'LOG#';
export const MEMBER = 'MEMBER#';
export const META = 'META';
const SEQ_DIGITS = 12;

export const conversationPartition = (id: ConversationId): string => `CONV#${id}`;
export const logKey = (id: ConversationId, seq: number): Key => ({
  pk: conversationPartition(id),
  sk: `${LOG}${String(seq).padStart(SEQ_DIGITS, '0')}`,
});
export const memberKey = (id: ConversationId, userId: UserId): Key => ({
  pk: conversationPartition(id),
  sk: `${MEMBER}${userId}`,
});
export const metaKey = (id: ConversationId): Key => ({ pk: conversationPartition(id), sk: META });

export const profileKey = (userId: UserId): Key => ({ pk: `USER#${userId}`, sk: 'PROFILE' });
export const lastSeenKey = (userId: UserId): Key => ({ pk: `USER#${userId}`, sk: 'PRESENCE' });
export const claimKey = ({ userId, conversationId, clientMessageId }: Claim): Key => ({
  pk: `USER#${userId}`,
  sk: `SENT#${conversationId}#${clientMessageId}`,
});
export const businessKey = (id: BusinessId): Key => ({ pk: `BUSINESS#${id}`, sk: 'PROFILE' });
export const bookingKey = (id: BookingId): Key => ({ pk: `BOOKING#${id}`, sk: 'BOOKING' });
export const appointmentKey = (id: BookingId): Key => ({ pk: `BOOKING#${id}`, sk: 'APPOINTMENT' });

export const inboxPartition = (userId: UserId): string => `INBOX#${userId}`;
/** Sorts a user's notifications by time. */
export const notificationsFrom = (ms: number): string => `AT#${timeDigits(ms)}`;
/** Above every notification, whenever it came. */
export const NOTIFICATIONS_END = 'AT$';
export const notificationKey = (userId: UserId, ms: number, id: NotificationId): Key => ({
  pk: inboxPartition(userId),
  sk: `${notificationsFrom(ms)}#${id}`,
});
/** Where the notification lies whose id does not say so. */
export const notificationPlaceKey = (userId: UserId, id: NotificationId): Key => ({
  pk: inboxPartition(userId),
  sk: `ID#${id}`,
});
export const allReadKey = (userId: UserId): Key => ({ pk: inboxPartition(userId), sk: 'READ' });

export const connectionKey = (id: ConnectionId): Key => ({
  pk: connectionPartition(shardFor(id, CONNECTION_SHARDS)),
  sk: id,
});
export const userRoomPartition = (userId: UserId): string => `ROOM#user:${userId}`;
export const deviceKey = (userId: UserId, id: ConnectionId): Key => ({
  pk: userRoomPartition(userId),
  sk: id,
});

/** The shard stands before the room, so that no room's name can pose as another's part. */
export const roomPartition = (room: string, shard: number): string => `ROOM#${shard}.${room}`;
export const roomKey = (room: string, id: ConnectionId): Key => ({
  pk: roomPartition(room, shardFor(id, shardsOf(room))),
  sk: id,
});

/** Conversations that may have grown since the statistics took them in lie in so many parts. */
const NOTED_SHARDS = 8;
export const notedKey = (id: ConversationId): Key => ({
  pk: notedPartition(shardFor(id, NOTED_SHARDS)),
  sk: id,
});
export const NOTED_PARTITIONS: readonly string[] = Array.from({ length: NOTED_SHARDS }, (_, shard) =>
  notedPartition(shard),
);
export const countedKey = (id: ConversationId): Key => ({ pk: `COUNTED#${id}`, sk: 'COUNTED' });
export const totalsKey: Key = { pk: 'STATISTICS', sk: 'TOTALS' };

/** Partitions of the activity index. */
export const activityOfUser = (userId: UserId): string => `USER#${userId}`;
export const activityOfBusiness = (id: BusinessId): string => `BUSINESS#${id}`;
/** Sorts by time, and by conversation where times are equal. */
export const activityAt = (ms: number, id: ConversationId): string => `${timeDigits(ms)}#${id}`;

export const lobbyKey = (network: string, window: number): Key => ({
  pk: `LOBBY#${network}`,
  sk: String(window),
});

/** Sessions lie in as many partitions as the heartbeat has slots, times these, so that a sweep is a few Queries. */
const SESSION_SHARDS = 4;

/** Connections on the native wire lie in so many partitions: 500 new ones a second, and as many that end. */
const CONNECTION_SHARDS = 18;

/** Where a session lies follows from its key, and so does the minute of its heartbeat: no row keeps track of it. */
export function sessionKey(key: SessionKey): Key {
  const place = shardFor(key, HEARTBEAT_SLOTS * SESSION_SHARDS);
  return { pk: sessionPartition(place % HEARTBEAT_SLOTS, Math.floor(place / HEARTBEAT_SLOTS)), sk: key };
}

export function sessionPartitions(slot: number): readonly string[] {
  return Array.from({ length: SESSION_SHARDS }, (_, shard) => sessionPartition(slot, shard));
}

export const recoveryKey = (pid: string): Key => ({ pk: `RECOVERY#${pid}`, sk: 'RECOVERY' });

function timeDigits(ms: number): string {
  return String(ms).padStart(15, '0');
}

/** The partitions in which there is a row for every connection, whatever its wire. */
export const CONNECTED_PARTITIONS: readonly string[] = [
  ...Array.from({ length: CONNECTION_SHARDS }, (_, shard) => connectionPartition(shard)),
  ...Array.from({ length: HEARTBEAT_SLOTS }, (_, slot) => sessionPartitions(slot)).flat(),
];

function notedPartition(shard: number): string {
  return `NOTED#${shard}`;
}

function connectionPartition(shard: number): string {
  return `CONN#${shard}`;
}

function sessionPartition(slot: number, shard: number): string {
  return `SESSION#${slot}.${shard}`;
}

function shardFor(key: string, shards: number): number {
  return createHash('sha256').update(key).digest().readUInt32BE(0) % shards;
}
