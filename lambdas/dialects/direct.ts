import * as z from 'zod/mini';
import type { Fault } from '../core/fault.ts';
import { type Dialect, event, outbound, plainRefusal, type Refusal } from './dialect.ts';
import {
  confirmations,
  directMessage,
  greetingEvents,
  historyPayload,
  notificationEvents,
  presenceEvent,
  receipts,
  receivedEvents,
} from './direct-payloads.ts';
import {
  clientMessageId,
  content,
  id,
  idOrObject,
  limit,
  nothing,
  OBJECT,
  page,
  userRefOf,
} from './payload.ts';
import { inboxEvents } from './shared-events.ts';
import { notificationRows, platformRows, seesPresence, silence } from './shared-signals.ts';

/** The messages of one user to another of direct.md: nothing is joined, every device hears of all. */

const PAGE = { number: 1, limit: 50 } as const;

const sendMessage = z.object(
  { receiverId: id, content, clientMessageId: z.optional(clientMessageId) },
  { error: OBJECT },
);

const messageRef = idOrObject('messageId', 'message');
const receiverRef = idOrObject('receiverId', 'user');

const getMessageHistory = z.object(
  { otherUserId: id, page: z.optional(page), limit: z.optional(limit) },
  { error: OBJECT },
);

function typing(isTyping: boolean) {
  return event(receiverRef, (receiverId) => ({
    verb: 'set-typing',
    command: { to: userRefOf(receiverId), isTyping },
    acknowledge: () => ({ ok: true }),
  }));
}

/** The texts of direct.md “Error Codes”. */
function connectError(fault: Fault): string {
  switch (fault.reason) {
    case 'token-missing':
      return 'Authentication error: No token provided';
    case 'user-unknown':
      return 'Authentication error: User not found';
    case 'token-invalid':
    case 'token-expired':
      return 'Authentication error: Invalid token';
    default:
      return fault.message;
  }
}

function refusal(fault: Fault, name: string | undefined): Refusal {
  const { code } = fault;
  if (code === 'UNAUTHORIZED') return { message: 'Access denied', code };
  if (code === 'INTERNAL' && name === 'send_message') return { message: 'Failed to send message', code };
  return plainRefusal(fault);
}

export const direct = {
  name: 'direct',
  events: {
    send_message: event(sendMessage, ({ receiverId, content: text, clientMessageId: own }) => ({
      verb: 'publish-message',
      command: {
        to: userRefOf(receiverId),
        content: text,
        ...(own !== undefined && { clientMessageId: own }),
      },
      acknowledge: ({ message }) => ({ ok: true, message: directMessage(message) }),
    })),
    mark_message_read: event(messageRef, (messageId) => ({
      verb: 'mark-read',
      command: { messageIds: [messageId], own: 'refuse' },
      acknowledge: () => ({ ok: true, messageId }),
    })),
    typing_start: typing(true),
    typing_stop: typing(false),
    get_message_history: event(
      getMessageHistory,
      ({ otherUserId, page: number = PAGE.number, limit: rows = PAGE.limit }) => ({
        verb: 'read-history',
        command: { to: userRefOf(otherUserId), page: { number, limit: rows } },
        answer: (reply) => [outbound('message_history', historyPayload(otherUserId, number, reply))],
        acknowledge: (reply) => ({ ok: true, ...historyPayload(otherUserId, number, reply) }),
      }),
    ),
    get_unread_count: event(nothing, () => ({
      verb: 'count-unread',
      command: {},
      answer: ({ count }) => [outbound('unread_count', { count })],
      acknowledge: ({ count }) => ({ ok: true, count }),
    })),
    ...inboxEvents,
  },
  signals: {
    'message-published': ({ message }, { userId }) =>
      userId === message.sender.userId
        ? [outbound('message_sent', { success: true, message: directMessage(message) })]
        : receivedEvents(message),
    'messages-read': (signal, { userId }) =>
      userId === signal.reader.userId
        ? signal.reads.flatMap(confirmations)
        : signal.reads.flatMap((read) => receipts(read, signal, userId)),
    typing: ({ person, isTyping }) => [
      outbound('typing_indicator', { userId: person.userId, userName: person.name, isTyping }),
    ],
    // direct.md has no word for these: the history shows what became of a message.
    'message-edited': silence,
    'message-deleted': silence,
    'message-reacted': silence,
    'conversation-updated': silence,
    'presence-changed': (signal, viewer) => (seesPresence(signal, viewer) ? [presenceEvent(signal)] : []),
    'notification-created': ({ notification }) => notificationEvents(notification),
    'notifications-read': notificationRows['notifications-read'],
    'appointment-updated': ({ notification }) => notificationEvents(notification),
    'appointment-reminded': ({ notification }) => notificationEvents(notification),
    ...platformRows,
  },
  message: directMessage,
  greeting: greetingEvents,
  presenceScope: () => 'everyone',
  admitsLateTokens: false,
  connectError,
  refusal,
  hears: 'all',
  emits: [
    'connection',
    'online_users',
    'user_online',
    'user_offline',
    'message_sent',
    'receive_message',
    'message_notification',
    'message_read',
    'message_read_confirmed',
    'typing_indicator',
    'message_history',
    'unread_count',
    'notification:read',
    'notifications:read-all',
    'admin_broadcast',
    'error',
  ],
} as const satisfies Dialect;
