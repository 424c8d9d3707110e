import * as z from 'zod/mini';
import type { Message, MessageType } from '../core/conversation.ts';
import type { Fault } from '../core/fault.ts';
import type { Read } from '../core/signals.ts';
import { type Dialect, event, outbound, plainRefusal, type Refusal } from './dialect.ts';
import { clientMessageId, content, flag, id, idOrObject, OBJECT, userRefOf } from './payload.ts';
import { inboxEvents } from './shared-events.ts';
import {
  actorId,
  besides,
  isoTime,
  notificationRows,
  ownAmong,
  platformRows,
  receiverOf,
  seesPresence,
  silence,
} from './shared-signals.ts';

/** The messages of client and therapist of appointment.md, and their appointments: nothing is joined. */

const TYPES = { TEXT: 'text', IMAGE: 'image', FILE: 'file' } as const satisfies Record<string, MessageType>;
const NAMES = {
  text: 'TEXT',
  image: 'IMAGE',
  file: 'FILE',
  system: 'SYSTEM',
} as const satisfies Record<MessageType, string>;

const messageSend = z.object(
  {
    recipientId: id,
    content,
    messageType: z.optional(
      z.enum(['TEXT', 'IMAGE', 'FILE'], { error: "must be 'TEXT', 'IMAGE' or 'FILE'" }),
    ),
    clientMessageId: z.optional(clientMessageId),
  },
  { error: OBJECT },
);

const messageRef = idOrObject('messageId', 'message');
const messageTyping = z.object({ recipientId: id, isTyping: flag }, { error: OBJECT });

/** A message as appointment.md shows it, and for whom it is. */
function appointmentMessage(message: Message) {
  return {
    id: message.id,
    senderId: actorId(message.sender.userId),
    recipientId: receiverOf(message).userId,
    content: message.content,
    createdAt: isoTime(message.createdAt),
    messageType: NAMES[message.type],
    ...besides(message),
  };
}

/** appointment.md “Common errors” names the codes, and says of one that is not about the input what it means. */
function refusal(fault: Fault): Refusal {
  if (fault.code === 'UNAUTHORIZED') return { message: 'Action not permitted', code: fault.code };
  return plainRefusal(fault);
}

export const appointment = {
  name: 'appointment',
  events: {
    'message:send': event(
      messageSend,
      ({ recipientId, content: text, messageType, clientMessageId: own }) => ({
        verb: 'publish-message',
        command: {
          to: userRefOf(recipientId),
          content: text,
          // What a device sends itself, its acknowledgement tells it of.
          echo: 'elsewhere',
          ...(messageType !== undefined && { type: TYPES[messageType] }),
          ...(own !== undefined && { clientMessageId: own }),
        },
        acknowledge: ({ message }) => ({ ok: true, message: appointmentMessage(message) }),
      }),
    ),
    'message:read': event(messageRef, (messageId) => ({
      verb: 'mark-read',
      command: { messageIds: [messageId] },
      acknowledge: () => ({ ok: true, messageId }),
    })),
    'message:typing': event(messageTyping, ({ recipientId, isTyping }) => ({
      verb: 'set-typing',
      command: { to: userRefOf(recipientId), isTyping },
      acknowledge: () => ({ ok: true }),
    })),
    ...inboxEvents,
  },
  signals: {
    'message-published': ({ message, by }, { connectionId }) =>
      connectionId === by ? [] : [outbound('message:received', appointmentMessage(message))],
    // The reading device knows already; the reader's others, and the author's, are told.
    'messages-read': ({ reader, readAt, reads, by }, { connectionId, userId }) => {
      if (connectionId === by) return [];
      const receipt = { userId: reader.userId, readAt: isoTime(readAt) };
      const told = (read: Read) => (userId === reader.userId ? read.messageIds : ownAmong(read, userId));
      return reads.flatMap(told).map((messageId) => outbound('message:read', { messageId, ...receipt }));
    },
    typing: ({ person: { userId }, isTyping }) => [outbound('user:typing', { userId, isTyping })],
    // appointment.md has no word for these: the history shows what became of a message.
    'message-edited': silence,
    'message-deleted': silence,
    'message-reacted': silence,
    'conversation-updated': silence,
    'presence-changed': (signal, viewer) => {
      const { isOnline, person } = signal;
      if (!seesPresence(signal, viewer)) return [];
      return [outbound(isOnline ? 'user:online' : 'user:offline', { userId: person.userId })];
    },
    'notification-created': notificationRows['notification-created'],
    'notifications-read': ({ notificationIds, by }, { connectionId }) => {
      if (connectionId === by) return [];
      if (notificationIds === 'all') return [outbound('notifications:read-all')];
      return notificationIds.map((notificationId) => outbound('notification:read', { notificationId }));
    },
    'appointment-updated': ({ appointmentId, status, message }) => [
      outbound('appointment:updated', { appointmentId, status, message }),
    ],
    'appointment-reminded': ({ appointmentId, therapistName, startTime, minutesUntil }) => [
      outbound('appointment:reminder', { id: appointmentId, therapistName, startTime, minutesUntil }),
    ],
    ...platformRows,
  },
  message: appointmentMessage,
  presenceScope: () => 'contacts',
  admitsLateTokens: false,
  connectError: (fault) => (fault.code === 'AUTHENTICATION_FAILED' ? fault.code : fault.message),
  refusal,
  hears: 'all',
  emits: [
    'message:received',
    'message:read',
    'user:typing',
    'user:online',
    'user:offline',
    'notification:new',
    'notification:read',
    'notifications:read-all',
    'appointment:updated',
    'appointment:reminder',
    'admin_broadcast',
    'error',
  ],
} as const satisfies Dialect;
