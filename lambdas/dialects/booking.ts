import * as z from 'zod/mini';
import type { Conversation, Message, Person } from '../core/conversation.ts';
import type { Summary } from '../core/list-conversations.ts';
import { authenticationError, type Dialect, event, outbound, plainRefusal } from './dialect.ts';
import {
  bookingRefOf,
  clientMessageId,
  content,
  flag,
  id,
  idOrObject,
  messageIds,
  OBJECT,
} from './payload.ts';
import { inboxEvents } from './shared-events.ts';
import { actorId, isoTime, notificationRows, platformRows, silence } from './shared-signals.ts';

/** The client ↔ business chat of booking.md: everything happens in a booking's room. */

const bookingRef = idOrObject('bookingId', 'booking');

const sendMessage = z.object(
  {
    bookingId: id,
    content,
    senderType: z.optional(z.enum(['client', 'business'], { error: "must be 'client' or 'business'" })),
    clientMessageId: z.optional(clientMessageId),
  },
  { error: OBJECT },
);

const markAsRead = z.object({ messageIds }, { error: OBJECT });

const typing = z.object({ bookingId: id, isTyping: flag }, { error: OBJECT });

/** A message as booking.md shows it. */
export function bookingMessage(message: Message) {
  const { sender, createdAt, editedAt, deletedAt } = message;
  return {
    _id: message.id,
    booking: roomOf(message.conversation),
    sender: {
      _id: actorId(sender.userId),
      name: sender.name,
      ...(sender.email !== undefined && { email: sender.email }),
    },
    senderType: message.role,
    content: message.content,
    isRead: message.isRead,
    createdAt: isoTime(createdAt),
    updatedAt: isoTime(deletedAt ?? editedAt ?? createdAt),
    ...(message.clientMessageId !== undefined && { clientMessageId: message.clientMessageId }),
  };
}

/** What this dialect calls a conversation: its booking; one that has none goes by its own id. */
function roomOf(conversation: Conversation): string {
  return conversation.kind === 'booking' ? conversation.bookingId : conversation.id;
}

/** A row of a list of conversations: the booking, its two sides and what was said last. */
export function bookingConversation({
  conversation,
  business,
  members,
  lastMessage,
  unreadCount,
  updatedAt,
}: Summary) {
  const client = members.find(({ role }) => role === 'client')?.person;
  return {
    booking: {
      _id: roomOf(conversation),
      ...(conversation.title !== undefined && { title: conversation.title }),
    },
    business:
      conversation.kind === 'booking'
        ? { _id: conversation.businessId, ...(business && { name: business.name }) }
        : null,
    client: client ? personPayload(client) : null,
    lastMessage: lastMessage ? bookingMessage(lastMessage) : null,
    unreadCount,
    updatedAt: isoTime(updatedAt),
  };
}

function personPayload({ userId, name, email }: Person) {
  return { _id: userId, name, ...(email !== undefined && { email }) };
}

export const booking = {
  name: 'booking',
  events: {
    joinBooking: event(bookingRef, (bookingId) => ({
      verb: 'join-conversation',
      command: { to: bookingRefOf(bookingId) },
      acknowledge: () => ({ ok: true, bookingId }),
    })),
    leaveBooking: event(bookingRef, (bookingId) => ({
      verb: 'leave-conversation',
      command: { to: bookingRefOf(bookingId) },
      acknowledge: () => ({ ok: true, bookingId }),
    })),
    sendMessage: event(sendMessage, ({ bookingId, senderType, ...rest }) => ({
      verb: 'publish-message',
      command: {
        to: bookingRefOf(bookingId),
        content: rest.content,
        ...(senderType && { role: senderType }),
        ...(rest.clientMessageId !== undefined && { clientMessageId: rest.clientMessageId }),
      },
      acknowledge: ({ message }) => ({ ok: true, message: bookingMessage(message) }),
    })),
    markAsRead: event(markAsRead, (command) => ({
      verb: 'mark-read',
      command,
      acknowledge: (reply) => ({ ok: true, messageIds: reply.messageIds }),
    })),
    typing: event(typing, ({ bookingId, isTyping }) => ({
      verb: 'set-typing',
      command: { to: bookingRefOf(bookingId), isTyping },
      acknowledge: () => ({ ok: true }),
    })),
    ...inboxEvents,
  },
  signals: {
    'message-published': ({ message }, viewer) =>
      viewer.hasJoined(message.conversation.id) ? [outbound('newMessage', bookingMessage(message))] : [],
    // The reader's own devices learn of it wherever they are; the author's, where they have joined.
    'messages-read': ({ reader: { userId }, readAt, reads }, viewer) => {
      const heard = reads.filter((one) => viewer.userId === userId || viewer.hasJoined(one.conversationId));
      const messageIds = heard.flatMap((one) => one.messageIds);
      if (heard.length === 0) return [];
      return [outbound('messagesMarkedAsRead', { messageIds, userId, readAt: isoTime(readAt) })];
    },
    typing: ({ conversation, person, isTyping }, viewer) =>
      viewer.hasJoined(conversation.id)
        ? [outbound('typing', { bookingId: roomOf(conversation), userId: person.userId, isTyping })]
        : [],
    // booking.md has no word for these: the history shows what became of a message.
    'message-edited': silence,
    'message-deleted': silence,
    'message-reacted': silence,
    'conversation-updated': silence,
    'presence-changed': silence,
    ...notificationRows,
    ...platformRows,
  },
  message: bookingMessage,
  presenceScope: () => 'contacts',
  admitsLateTokens: false,
  connectError: authenticationError,
  refusal: plainRefusal,
  hears: 'joined',
  emits: [
    'newMessage',
    'messagesMarkedAsRead',
    'typing',
    'notification:new',
    'notification:read',
    'notifications:read-all',
    'admin_broadcast',
    'error',
  ],
} as const satisfies Dialect;
