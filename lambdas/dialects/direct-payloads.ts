import type { ReplyOf } from '../core/commands.ts';
import type { Message } from '../core/conversation.ts';
import type { Greeting, OnlineUser } from '../core/greeting.ts';
import { SYSTEM, type UserId } from '../core/ids.ts';
import type { Notification } from '../core/notification.ts';
import type { Read, SignalOf } from '../core/signals.ts';
import { outbound } from './dialect.ts';
import { actorId, besides, isoTime, ownAmong, preview, receiverOf } from './shared-signals.ts';

/** What direct.md sends, field by field. */

/** A message as direct.md shows it. */
export function directMessage(message: Message) {
  const { userId: receiverId, name: receiverName } = receiverOf(message);
  return {
    _id: message.id,
    content: message.content,
    sentAt: isoTime(message.createdAt),
    read: message.isRead,
    senderId: actorId(message.sender.userId),
    senderName: message.sender.name,
    receiverId,
    receiverName,
    ...besides(message),
  };
}

/** What a device hears right after it has connected: who it is, and who is there. */
export function greetingEvents({ person, onlineUsers }: Greeting) {
  const { userId, name } = person;
  const user = { _id: userId, name, ...usernameOf(person) };
  return [
    outbound('connection', { success: true, user }),
    outbound('online_users', onlineUsers.map(onlinePayload)),
  ];
}

function onlinePayload({ userId, name, email, role, lastSeen, ...user }: OnlineUser) {
  return {
    userId,
    _id: userId,
    name,
    ...usernameOf(user),
    ...(email !== undefined && { email }),
    ...(role !== undefined && { role }),
    lastSeen: isoTime(lastSeen),
  };
}

/** Word of somebody who comes or goes. */
export function presenceEvent({ person, isOnline, at }: SignalOf<'presence-changed'>) {
  const { userId, name } = person;
  return isOnline
    ? outbound('user_online', { userId, name, ...usernameOf(person) })
    : outbound('user_offline', { userId, lastSeen: isoTime(at) });
}

function usernameOf({ username }: { readonly username?: string }) {
  return { ...(username !== undefined && { username }) };
}

/** A page of history, as asked for with another user's id. */
export function historyPayload(
  otherUserId: string,
  number: number,
  { history: { messages, hasMore }, counterpart }: ReplyOf<'read-history'>,
) {
  const other = counterpart ?? { userId: otherUserId, name: messages[0]?.conversation.title ?? '' };
  return {
    messages: messages.map(directMessage),
    otherUser: { _id: other.userId, name: other.name },
    pagination: { page: number, hasMore },
  };
}

/** What a device of the receiver hears of a message. */
export function receivedEvents(message: Message) {
  const { sender, createdAt } = message;
  const notification = {
    type: 'new_message',
    from: { _id: actorId(sender.userId), name: sender.name },
    message: preview(message),
    timestamp: isoTime(createdAt),
  } as const;
  return [
    outbound('receive_message', directMessage(message)),
    outbound('message_notification', notification),
  ];
}

/** To the reader's devices: each message whole, or what is known of it where so many were read at once. */
export function confirmations({ messageIds, messages }: Read) {
  const shown = messages?.map(directMessage) ?? messageIds.map((_id) => ({ _id, read: true }) as const);
  return shown.map((message) => outbound('message_read_confirmed', { success: true, message }));
}

/** To the authors' devices. */
export function receipts(read: Read, { reader, readAt }: SignalOf<'messages-read'>, viewer: UserId) {
  const readBy = { _id: reader.userId, name: reader.name };
  return ownAmong(read, viewer).map((messageId) =>
    outbound('message_read', { messageId, readBy, readAt: isoTime(readAt) }),
  );
}

/** A notification of another kind than a message, in the only words for one. */
export function notificationEvents({ id, type, title, message, link, data, createdAt }: Notification) {
  const payload = {
    type,
    from: { _id: actorId(SYSTEM), name: 'System' },
    message,
    timestamp: isoTime(createdAt),
    ...{ id, title },
    ...(link !== undefined && { link }),
    ...(data !== undefined && { data }),
  };
  return [outbound('message_notification', payload)];
}
