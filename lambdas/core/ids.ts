import { createHash } from 'node:crypto';

/** Opaque, at most 128 characters (RULINGS §1 “Content”). */
export type UserId = string;
export type BookingId = string;
export type BusinessId = string;
export type ConnectionId = string;
/** `c` and 22 characters of base64url. */
export type ConversationId = string;
/** `<conversation id>.<seq>`: where the message lies, so that no index is needed to find it. */
export type MessageId = string;
/** Unique in its user's inbox. */
export type NotificationId = string;

/** Who speaks where no user does: the platform itself. No user's id is empty. */
export const SYSTEM: UserId = '';

const CONVERSATION_ID = /^c[A-Za-z0-9_-]{22}$/;
const MESSAGE_ID = /^(c[A-Za-z0-9_-]{22})\.([1-9][0-9]{0,11})$/;
/** Of a time in ms, in base 36: enough until the year 5188. */
const TIME_DIGITS = 9;
const NOTIFICATION_ID = /^n([0-9a-z]{9})\../;

/**
 * The one conversation of a booking. Derived, not stored, so two openers of a booking cannot miss each other, and of
 * fixed length whatever the platform's booking ids look like. 128 bits of SHA-256: no two bookings meet by chance.
 */
export function conversationOfBooking(bookingId: BookingId): ConversationId {
  return conversationOf('booking', bookingId);
}

/** The one direct conversation of two users, whoever asks. */
export function conversationOfPair(one: UserId, other: UserId): ConversationId {
  return conversationOf('direct', ...[one, other].sort());
}

/** The conversation of several that the platform opened under this key. */
export function conversationOfGroup(key: string): ConversationId {
  return conversationOf('group', key);
}

/** Whether a text has the form of a conversation's id. */
export function isConversationId(text: string): text is ConversationId {
  return CONVERSATION_ID.test(text);
}

/** The id of the message at a place in a conversation. */
export function messageIdOf(conversationId: ConversationId, seq: number): MessageId {
  return `${conversationId}.${seq}`;
}

/** Where a message id points, or undefined when it is not one of ours. Says nothing about who may look there. */
export function placeOf(
  id: MessageId,
): { readonly conversationId: ConversationId; readonly seq: number } | undefined {
  const [, conversationId, seq] = MESSAGE_ID.exec(id) ?? [];
  return conversationId && seq ? { conversationId, seq: Number(seq) } : undefined;
}

/** An id for a notification that is told of once: it sorts by time, and says where in the inbox it lies. */
export function notificationIdAt(ms: number, nonce: string): NotificationId {
  return `n${ms.toString(36).padStart(TIME_DIGITS, '0')}.${nonce}`;
}

/** When a notification was created, in ms, if its id says so: whoever tells of one may choose any other id. */
export function notificationTime(id: NotificationId): number | undefined {
  const [, time] = NOTIFICATION_ID.exec(id) ?? [];
  return time === undefined ? undefined : Number.parseInt(time, 36);
}

/**
 * The id of a notification of what happens but once: derived from what makes it so, and the same for both who are told.
 * The platform does not come upon it by chance.
 */
export function notificationAbout(...parts: readonly string[]): NotificationId {
  return `a${digest(parts)}`;
}

function conversationOf(...parts: readonly string[]): ConversationId {
  return `c${digest(parts)}`;
}

// Ids hold no control characters, so NUL cannot make two lists of parts look alike.
function digest(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest().subarray(0, 16).toString('base64url');
}
