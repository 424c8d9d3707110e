import * as z from 'zod/mini';
import type { Message, Person } from '../core/conversation.ts';
import type { Summary } from '../core/list-conversations.ts';
import { type Dialect, event } from './dialect.ts';
import { clientMessageId, content, id, messageIds } from './payload.ts';

/** The client ↔ business chat of booking.md: everything happens in a booking's room. */

const PAYLOAD = 'must be an object';

/** One id as the whole payload: as it is, or in an object (RULINGS §1 “Unknown events”). */
const bookingRef = z.pipe(
  z.union([id, z.object({ bookingId: id })], { error: 'must be a booking id' }),
  z.transform((ref: string | { bookingId: string }) => (typeof ref === 'string' ? ref : ref.bookingId)),
);

const sendMessage = z.object(
  {
    bookingId: id,
    content,
    senderType: z.optional(z.enum(['client', 'business'], { error: "must be 'client' or 'business'" })),
    clientMessageId: z.optional(clientMessageId),
  },
  { error: PAYLOAD },
);

const markAsRead = z.object({ messageIds }, { error: PAYLOAD });

const typing = z.object(
  { bookingId: id, isTyping: z.boolean({ error: 'must be true or false' }) },
  { error: PAYLOAD },
);

/** A message as booking.md shows it. It was last updated when it was created: this dialect knows no edits. */
export function bookingMessage(message: Message) {
  const { sender, createdAt } = message;
  const at = new Date(createdAt).toISOString();
  return {
    _id: message.id,
    booking: message.conversation.bookingId,
    sender: {
      _id: sender.userId,
      name: sender.name,
      ...(sender.email !== undefined && { email: sender.email }),
    },
    senderType: message.role,
    content: message.content,
    isRead: message.isRead,
    createdAt: at,
    updatedAt: at,
    ...(message.clientMessageId !== undefined && { clientMessageId: message.clientMessageId }),
  };
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
      _id: conversation.bookingId,
      ...(conversation.title !== undefined && { title: conversation.title }),
    },
    business: { _id: conversation.businessId, ...(business && { name: business.name }) },
    client: client ? personPayload(client) : null,
    lastMessage: lastMessage ? bookingMessage(lastMessage) : null,
    unreadCount,
    updatedAt: new Date(updatedAt).toISOString(),
  };
}

function personPayload({ userId, name, email }: Person) {
  return { _id: userId, name, ...(email !== undefined && { email }) };
}

export const booking: Dialect = {
  name: 'booking',
  events: new Map([
    [
      'joinBooking',
      event(bookingRef, (bookingId) => ({
        verb: 'join-conversation',
        command: { to: { bookingId } },
        acknowledge: () => ({ ok: true, bookingId }),
      })),
    ],
    [
      'leaveBooking',
      event(bookingRef, (bookingId) => ({
        verb: 'leave-conversation',
        command: { to: { bookingId } },
        acknowledge: () => ({ ok: true, bookingId }),
      })),
    ],
    [
      'sendMessage',
      event(sendMessage, ({ bookingId, senderType, ...rest }) => ({
        verb: 'publish-message',
        command: {
          to: { bookingId },
          content: rest.content,
          ...(senderType && { role: senderType }),
          ...(rest.clientMessageId !== undefined && { clientMessageId: rest.clientMessageId }),
        },
        acknowledge: ({ message }) => ({ ok: true, message: bookingMessage(message) }),
      })),
    ],
    [
      'markAsRead',
      event(markAsRead, (command) => ({
        verb: 'mark-read',
        command,
        acknowledge: (reply) => ({ ok: true, messageIds: reply.messageIds }),
      })),
    ],
    [
      'typing',
      event(typing, ({ bookingId, isTyping }) => ({
        verb: 'set-typing',
        command: { to: { bookingId }, isTyping },
        acknowledge: () => ({ ok: true }),
      })),
    ],
  ]),
  signals: {
    'message-published': ({ message }, viewer) =>
      viewer.hasJoined(message.conversation.id)
        ? [{ name: 'newMessage', args: [bookingMessage(message)] }]
        : [],
    // The reader's own devices learn of it wherever they are; the author's, where they have joined.
    'messages-read': ({ readerId, reads }, viewer) => {
      const heard = reads.filter(
        (read) => viewer.userId === readerId || viewer.hasJoined(read.conversationId),
      );
      if (heard.length === 0) return [];
      return [
        { name: 'messagesMarkedAsRead', args: [{ messageIds: heard.flatMap((read) => read.messageIds) }] },
      ];
    },
    typing: ({ conversation, person, isTyping }, viewer) =>
      viewer.hasJoined(conversation.id)
        ? [{ name: 'typing', args: [{ bookingId: conversation.bookingId, userId: person.userId, isTyping }] }]
        : [],
  },
  connectError: (fault) => (fault.reason === 'dialect-unknown' ? fault.message : 'Authentication error'),
  faultTexts: {},
};
