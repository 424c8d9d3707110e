import type { Conversation, Message } from '../../lambdas/core/conversation.ts';
import type { Signal } from '../../lambdas/core/signals.ts';
import { badEvents } from '../support/bad-payloads.ts';
import { inboxVectors } from './inbox.vectors.ts';
import type { InboundVector, OutboundVector, RefusalVector, Vectors } from './vectors.ts';

/** What the booking dialect makes of events and signals, pair by pair. */

const conversation: Conversation = {
  id: 'c0123456789012345678901',
  kind: 'booking',
  bookingId: '507f1f77bcf86cd799439013',
  businessId: 'salon-1',
  title: 'Haircut',
  createdAt: Date.parse('2026-02-09T10:00:00.000Z'),
  touchedAt: Date.parse('2026-02-09T10:30:00.000Z'),
};

const message: Message = {
  id: 'c0123456789012345678901.1',
  conversation,
  seq: 1,
  sender: { userId: '507f1f77bcf86cd799439011', name: 'John Doe', email: 'john.doe@example.com' },
  role: 'client',
  type: 'text',
  content: 'Hi, I would like to confirm my appointment time.',
  attachments: [],
  reactions: [],
  createdAt: Date.parse('2026-02-09T10:30:00.000Z'),
  isRead: false,
  readBy: [],
};

/** The same in the words of booking.md. */
const documented = {
  _id: 'c0123456789012345678901.1',
  booking: '507f1f77bcf86cd799439013',
  sender: { _id: '507f1f77bcf86cd799439011', name: 'John Doe', email: 'john.doe@example.com' },
  senderType: 'client',
  content: 'Hi, I would like to confirm my appointment time.',
  isRead: false,
  createdAt: '2026-02-09T10:30:00.000Z',
  updatedAt: '2026-02-09T10:30:00.000Z',
};

const to = { bookingId: '507f1f77bcf86cd799439013' };
const { bookingId } = to;

const inbound: readonly InboundVector[] = [
  {
    name: 'joinBooking with a string',
    event: 'joinBooking',
    args: [bookingId],
    verb: 'join-conversation',
    command: { to },
    reply: { conversation },
    acknowledgement: { ok: true, bookingId },
  },
  {
    name: 'joinBooking with an object',
    event: 'joinBooking',
    args: [{ bookingId, more: 1 }],
    verb: 'join-conversation',
    command: { to },
    reply: { conversation },
    acknowledgement: { ok: true, bookingId },
  },
  {
    name: 'leaveBooking with a string',
    event: 'leaveBooking',
    args: [bookingId, 'more'],
    verb: 'leave-conversation',
    command: { to },
    reply: {},
    acknowledgement: { ok: true, bookingId },
  },
  {
    name: 'leaveBooking with an object',
    event: 'leaveBooking',
    args: [{ bookingId }],
    verb: 'leave-conversation',
    command: { to },
    reply: {},
    acknowledgement: { ok: true, bookingId },
  },
  {
    name: 'sendMessage as documented',
    event: 'sendMessage',
    args: [{ bookingId, content: message.content, senderType: 'client' }],
    verb: 'publish-message',
    command: { to, content: message.content, role: 'client' },
    reply: { message },
    acknowledgement: { ok: true, message: documented },
  },
  {
    name: 'sendMessage of the business, with an id of its own, trimmed',
    event: 'sendMessage',
    args: [{ bookingId, content: ' \n x \t', senderType: 'business', clientMessageId: 'm-1', more: 1 }],
    verb: 'publish-message',
    command: { to, content: 'x', role: 'business', clientMessageId: 'm-1' },
    reply: { message: { ...message, clientMessageId: 'm-1' } },
    acknowledgement: { ok: true, message: { ...documented, clientMessageId: 'm-1' } },
  },
  {
    name: 'sendMessage without a senderType',
    event: 'sendMessage',
    args: [{ bookingId, content: 'x' }],
    verb: 'publish-message',
    command: { to, content: 'x' },
    reply: { message },
    acknowledgement: { ok: true, message: documented },
  },
  {
    name: 'markAsRead',
    event: 'markAsRead',
    args: [{ messageIds: ['m1', 'm2'] }],
    verb: 'mark-read',
    command: { messageIds: ['m1', 'm2'] },
    reply: { messageIds: ['m2'] },
    acknowledgement: { ok: true, messageIds: ['m2'] },
  },
  {
    name: 'typing',
    event: 'typing',
    args: [{ bookingId, isTyping: false }],
    verb: 'set-typing',
    command: { to, isTyping: false },
    reply: {},
    acknowledgement: { ok: true },
  },
  ...inboxVectors,
];

const joined = [conversation.id];
const other = 'c9999999999999999999999';
const typing = {
  kind: 'typing',
  conversation,
  person: { userId: 'ann', name: 'Ann' },
  isTyping: true,
} as const;
const read = {
  kind: 'messages-read',
  reader: { userId: 'ben', name: 'Ben' },
  readAt: 1,
  reads: [
    { conversationId: conversation.id, messageIds: ['m1', 'm2'] },
    { conversationId: other, messageIds: ['m3'] },
  ],
} as const;
const receipt = (...messageIds: readonly string[]) => [
  {
    name: 'messagesMarkedAsRead',
    args: [{ messageIds, userId: 'ben', readAt: '1970-01-01T00:00:00.001Z' }],
  },
];

const notification = {
  id: 'n1',
  userId: 'ben',
  type: 'order',
  title: 'Your order',
  message: 'is ready',
  link: '/orders/7',
  data: { order: 7 },
  createdAt: 0,
  isRead: false,
} as const;
const notified = {
  id: 'n1',
  type: 'order',
  title: 'Your order',
  message: 'is ready',
  link: '/orders/7',
  data: { order: 7 },
  isRead: false,
  createdAt: '1970-01-01T00:00:00.000Z',
};

const unspoken: readonly Signal[] = [
  { kind: 'message-edited', message },
  { kind: 'message-deleted', message, deletedBy: 'ann' },
  { kind: 'message-reacted', message, userId: 'ben', emoji: '👍', isSet: true, at: 1 },
  { kind: 'conversation-updated', conversation, unread: { ben: 1 }, updatedAt: 1 },
  {
    kind: 'presence-changed',
    person: { userId: 'ann', name: 'Ann' },
    isOnline: true,
    at: 1,
    audience: 'contacts',
  },
];

const outbound: readonly OutboundVector[] = [
  {
    name: 'a message, to a device in the room',
    signal: { kind: 'message-published', message },
    viewer: { userId: 'ann', joined },
    events: [{ name: 'newMessage', args: [documented] }],
  },
  {
    name: 'a message of somebody without an address, read already',
    signal: {
      kind: 'message-published',
      message: { ...message, isRead: true, sender: { userId: 'ann', name: 'Ann' } },
    },
    viewer: { userId: 'ann', joined },
    events: [
      { name: 'newMessage', args: [{ ...documented, isRead: true, sender: { _id: 'ann', name: 'Ann' } }] },
    ],
  },
  {
    name: 'the platform’s own word',
    signal: {
      kind: 'message-published',
      message: { ...message, sender: { userId: '', name: 'System' }, role: 'system', type: 'system' },
    },
    viewer: { userId: 'ann', joined },
    events: [
      {
        name: 'newMessage',
        args: [{ ...documented, sender: { _id: null, name: 'System' }, senderType: 'system' }],
      },
    ],
  },
  {
    name: 'a message, to a device outside the room',
    signal: { kind: 'message-published', message },
    viewer: { userId: 'ann', joined: [other] },
    events: [],
  },
  {
    name: 'receipts, to the reader wherever the device is',
    signal: read,
    viewer: { userId: 'ben', joined: [] },
    events: receipt('m1', 'm2', 'm3'),
  },
  {
    name: 'receipts, to the author in one of the rooms',
    signal: read,
    viewer: { userId: 'ann', joined },
    events: receipt('m1', 'm2'),
  },
  {
    name: 'receipts, to the author in both rooms',
    signal: read,
    viewer: { userId: 'ann', joined: [other, conversation.id] },
    events: receipt('m1', 'm2', 'm3'),
  },
  {
    name: 'receipts, to the author outside the rooms',
    signal: read,
    viewer: { userId: 'ann', joined: [] },
    events: [],
  },
  {
    name: 'typing, to a device in the room',
    signal: typing,
    viewer: { userId: 'ben', joined },
    events: [{ name: 'typing', args: [{ bookingId, userId: 'ann', isTyping: true }] }],
  },
  {
    name: 'typing, to a device outside the room',
    signal: { ...typing, isTyping: false },
    viewer: { userId: 'ben', joined: [] },
    events: [],
  },
  ...unspoken.map((signal) => ({
    name: `${signal.kind}, of which it has no word`,
    signal,
    viewer: { userId: 'ben', joined },
    events: [],
  })),
  {
    name: 'a notification',
    signal: { kind: 'notification-created', notification },
    viewer: { userId: 'ben', joined: [] },
    events: [{ name: 'notification:new', args: [notified] }],
  },
  {
    name: 'an appointment that was moved, as a notification',
    signal: {
      kind: 'appointment-updated',
      appointmentId: bookingId,
      status: 'confirmed',
      message: 'moved',
      notification,
    },
    viewer: { userId: 'ben', joined: [] },
    events: [{ name: 'notification:new', args: [notified] }],
  },
  {
    name: 'a reminder, as a notification',
    signal: {
      kind: 'appointment-reminded',
      appointmentId: bookingId,
      therapistName: 'Salon',
      startTime: '2026-02-09T11:00:00.000Z',
      minutesUntil: 15,
      notification,
    },
    viewer: { userId: 'ben', joined: [] },
    events: [{ name: 'notification:new', args: [notified] }],
  },
  {
    name: 'notifications that were read on another device',
    signal: { kind: 'notifications-read', notificationIds: ['n1', 'n2'], by: 'another' },
    viewer: { userId: 'ben', joined: [] },
    events: [
      { name: 'notification:read', args: ['n1'] },
      { name: 'notification:read', args: ['n2'] },
    ],
  },
  {
    name: 'all notifications read',
    signal: { kind: 'notifications-read', notificationIds: 'all' },
    viewer: { userId: 'ben', joined: [] },
    events: [{ name: 'notifications:read-all', args: [] }],
  },
  {
    name: 'what was read on this device, not at all',
    signal: { kind: 'notifications-read', notificationIds: 'all', by: 'x=' },
    viewer: { userId: 'ben', joined: [] },
    events: [],
  },
  {
    name: 'an event of the platform’s own',
    signal: { kind: 'custom-event', name: 'order:updated', data: { id: 7 } },
    viewer: { userId: 'ben', joined: [] },
    events: [{ name: 'order:updated', args: [{ id: 7 }] }],
  },
  {
    name: 'an event for a room, to a device outside it',
    signal: { kind: 'custom-event', name: 'order:updated', data: { id: 7 }, room: 'therapist:42' },
    viewer: { userId: 'ben', joined: [] },
    events: [],
  },
  {
    name: 'an admin’s word to everybody',
    signal: {
      kind: 'admin-broadcast',
      message: 'Closing early',
      person: { userId: 'eve', name: 'Eve' },
      at: 0,
    },
    viewer: { userId: 'ben', joined: [] },
    events: [
      {
        name: 'admin_broadcast',
        args: [
          {
            message: 'Closing early',
            from: { _id: 'eve', name: 'Eve' },
            timestamp: '1970-01-01T00:00:00.000Z',
          },
        ],
      },
    ],
  },
];

const refusals: readonly RefusalVector[] = [
  { reason: 'booking-not-found', refusal: { code: 'NOT_FOUND', message: 'Booking not found' } },
  { reason: 'not-a-party', refusal: { code: 'UNAUTHORIZED', message: 'Unauthorized' } },
  { reason: 'rate-limited', refusal: { code: 'RATE_LIMITED', message: 'Too many messages, slow down' } },
  { reason: 'token-expired', refusal: { code: 'AUTHENTICATION_FAILED', message: 'Token expired' } },
  { reason: 'internal', refusal: { code: 'INTERNAL', message: 'Internal error' } },
];

export const vectors: Vectors = {
  inbound,
  outbound,
  refusals,
  connectErrors: [
    ['token-missing', 'Authentication error'],
    ['user-unknown', 'Authentication error'],
    ['token-invalid', 'Authentication error'],
    ['token-expired', 'Authentication error'],
    ['dialect-unknown', 'Unknown dialect'],
  ],
  bad: badEvents({ bookingId: 'b', messageId: 'm' }),
};
