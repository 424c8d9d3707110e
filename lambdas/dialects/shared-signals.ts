import type { Conversation, Message, Person } from '../core/conversation.ts';
import { type MessageId, SYSTEM, type UserId } from '../core/ids.ts';
import type { Notification } from '../core/notification.ts';
import type { OutboundEvent } from '../core/outbound-event.ts';
import type { Read, SignalOf, Viewer } from '../core/signals.ts';
import { type Dialect, outbound } from './dialect.ts';

/** What dialects say alike: rows of their tables of signals, where their documents have no words of their own. */

type Rows = Partial<Dialect['signals']>;

const PREVIEW = 100;

/** The platform's own events, and an admin's word to everybody. */
export const platformRows = {
  'custom-event': ({ name, data, room, conversationId }, viewer) => {
    const isAddressed = room === undefined || viewer.isIn(room);
    const isInside = conversationId === undefined || viewer.hasJoined(conversationId);
    return isAddressed && isInside ? [outbound(name, ...(data === undefined ? [] : [data]))] : [];
  },
  'admin-broadcast': ({ message, person, at }) => [
    outbound('admin_broadcast', {
      message,
      from: { _id: person.userId, name: person.name },
      timestamp: isoTime(at),
    }),
  ],
} satisfies Rows;

/** Notifications, and appointments as such (RULINGS §2 “appointment”). */
export const notificationRows = {
  'notification-created': ({ notification }) => notified(notification),
  'notifications-read': ({ notificationIds, by }, viewer) => {
    if (viewer.connectionId === by) return [];
    if (notificationIds === 'all') return [outbound('notifications:read-all')];
    return notificationIds.map((id) => outbound('notification:read', id));
  },
  'appointment-updated': ({ notification }) => notified(notification),
  'appointment-reminded': ({ notification }) => notified(notification),
} satisfies Rows;

/** An event for the devices that have joined a conversation. */
export function inRoom<Event extends OutboundEvent>(
  { hasJoined }: Viewer,
  { id }: Conversation,
  event: Event,
): readonly Event[] {
  return hasJoined(id) ? [event] : [];
}

/**
 * Whether a device is to hear of somebody's coming or going: with contacts each of a user's devices does, and of
 * everybody else only those that see everyone.
 */
export function seesPresence({ audience }: SignalOf<'presence-changed'>, { isIn }: Viewer): boolean {
  return audience === 'contacts' || isIn('onlookers');
}

/** What a dialect that does not speak of these says: nothing. */
export const silence = (): readonly never[] => [];

/** A notification as frontends know it. */
export function notificationPayload({
  id,
  type,
  title,
  message,
  link,
  data,
  isRead,
  createdAt,
}: Notification) {
  return {
    ...{ id, type, title, message },
    ...(link !== undefined && { link }),
    ...(data !== undefined && { data }),
    isRead,
    createdAt: isoTime(createdAt),
  };
}

type NotificationPayload = ReturnType<typeof notificationPayload>;

/**
 * Word of a message to a device of somebody else that has not joined its room. It is kept nowhere but in the log: what
 * is not read is unread.
 */
export function messageNotification(message: Message, viewer: Viewer) {
  const { conversation, sender } = message;
  if (viewer.userId === sender.userId) return [];
  const payload: NotificationPayload = {
    id: message.id,
    type: 'new_message',
    title: sender.name,
    message: preview(message),
    data: {
      conversationId: conversation.id,
      ...(conversation.kind === 'booking' && { bookingId: conversation.bookingId }),
      messageId: message.id,
      senderId: actorId(sender.userId),
    },
    isRead: false,
    createdAt: isoTime(message.createdAt),
  };
  return [outbound('notification:new', payload)];
}

/** Whom a message is for: the other side where there are two, else all who are in its conversation. */
export function receiverOf({ counterpart, conversation }: Message): Pick<Person, 'userId' | 'name'> {
  return counterpart ?? { userId: conversation.id, name: conversation.title ?? '' };
}

/** What a message has that the documents which know nothing but text between two users do not speak of. */
export function besides({ conversation, attachments, clientMessageId }: Message) {
  return {
    // Whoever answers there names it in the place of a user.
    ...(conversation.kind !== 'direct' && { conversationId: conversation.id }),
    ...(attachments.length > 0 && { attachments }),
    ...(clientMessageId !== undefined && { clientMessageId }),
  };
}

/** Of what was read, the messages of this author; all, where so many were read at once that it is not known whose they are. */
export function ownAmong({ messageIds, messages }: Read, author: UserId): readonly MessageId[] {
  const own = messages?.filter(({ sender }) => sender.userId === author);
  return own?.map(({ id }) => id) ?? messageIds;
}

/** The beginning of a message, at most 100 characters; the name of its first file where it has no text. */
export function preview({ content, attachments }: Pick<Message, 'content' | 'attachments'>): string {
  const text = content === '' ? (attachments[0]?.filename ?? attachments[0]?.url ?? '') : content;
  const characters = [...text];
  return characters.length <= PREVIEW ? text : `${characters.slice(0, PREVIEW - 1).join('')}…`;
}

/** Who speaks or acts; the platform itself has no id. */
export function actorId(userId: UserId): UserId | null {
  return userId === SYSTEM ? null : userId;
}

/** ISO 8601 with milliseconds and `Z` (RULINGS §1 “Time”). */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

function notified(notification: Notification) {
  return [outbound('notification:new', notificationPayload(notification))];
}
