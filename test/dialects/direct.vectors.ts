import type { CommandOf, ReplyOf } from '../../lambdas/core/commands.ts';
import { wrongly } from '../support/bad-payloads.ts';
import { inboxVectors } from './inbox.vectors.ts';
import {
  ann,
  ben,
  broadcast,
  broadcastEvent,
  custom,
  customEvent,
  file,
  group,
  message,
  moved,
  notification,
  pair,
  reminded,
  toGroup,
  unspoken,
} from './scene.ts';
import type { InboundVector, OutboundVector, RefusalVector, Vectors } from './vectors.ts';

/** What the direct dialect makes of events and signals, pair by pair. */

/** A message in the words of direct.md. */
const documented = {
  _id: message.id,
  content: 'Hello, this is a message!',
  sentAt: '2023-12-01T10:30:00.000Z',
  read: false,
  senderId: 'ann',
  senderName: 'Ann Archer',
  receiverId: 'ben',
  receiverName: 'Ben Barber',
};

/** One to a group, which has no single receiver. */
const documentedToGroup = {
  ...documented,
  _id: toGroup.id,
  receiverId: group.id,
  receiverName: 'The team',
  conversationId: group.id,
};

const to = { userId: 'ben' };
const { content } = message;

const asked: CommandOf<'read-history'> = { to, page: { number: 2, limit: 10 } };
const read: ReplyOf<'read-history'> = {
  history: { messages: [message], total: 11, hasMore: false },
  counterpart: ben,
};
const history = {
  messages: [documented],
  otherUser: { _id: 'ben', name: 'Ben Barber' },
  pagination: { page: 2, hasMore: false },
};

const inbound: readonly InboundVector[] = [
  {
    name: 'send_message as documented',
    event: 'send_message',
    args: [{ receiverId: 'ben', content }],
    verb: 'publish-message',
    command: { to, content },
    reply: { message },
    acknowledgement: { ok: true, message: documented },
  },
  {
    name: 'send_message with an id of its own, trimmed, and fields that are the server’s',
    event: 'send_message',
    args: [
      { receiverId: 'ben', content: ' x ', clientMessageId: 'm', senderId: 'eve', read: true, sentAt: 1 },
    ],
    verb: 'publish-message',
    command: { to, content: 'x', clientMessageId: 'm' },
    reply: { message: { ...message, clientMessageId: 'm' } },
    acknowledgement: { ok: true, message: { ...documented, clientMessageId: 'm' } },
  },
  {
    name: 'send_message to a conversation',
    event: 'send_message',
    args: [{ receiverId: group.id, content }],
    verb: 'publish-message',
    command: { to: { userId: group.id, conversationId: group.id }, content },
    reply: { message: toGroup },
    acknowledgement: { ok: true, message: documentedToGroup },
  },
  {
    name: 'mark_message_read as documented',
    event: 'mark_message_read',
    args: [{ messageId: message.id, readAt: 1 }],
    verb: 'mark-read',
    command: { messageIds: [message.id], own: 'refuse' },
    reply: { messageIds: [message.id] },
    acknowledgement: { ok: true, messageId: message.id },
  },
  {
    name: 'mark_message_read with the id alone',
    event: 'mark_message_read',
    args: [message.id],
    verb: 'mark-read',
    command: { messageIds: [message.id], own: 'refuse' },
    reply: { messageIds: [message.id] },
    acknowledgement: { ok: true, messageId: message.id },
  },
  {
    name: 'typing_start',
    event: 'typing_start',
    args: [{ receiverId: 'ben' }],
    verb: 'set-typing',
    command: { to, isTyping: true },
    reply: {},
    acknowledgement: { ok: true },
  },
  {
    name: 'typing_stop with the id alone',
    event: 'typing_stop',
    args: ['ben'],
    verb: 'set-typing',
    command: { to, isTyping: false },
    reply: {},
    acknowledgement: { ok: true },
  },
  {
    name: 'get_message_history as documented',
    event: 'get_message_history',
    args: [{ otherUserId: 'ben', page: 2, limit: 10 }],
    verb: 'read-history',
    command: asked,
    reply: read,
    acknowledgement: { ok: true, ...history },
    answer: [{ name: 'message_history', args: [history] }],
  },
  {
    name: 'get_message_history of a conversation, whose first page has 50 messages',
    event: 'get_message_history',
    args: [{ otherUserId: group.id }],
    verb: 'read-history',
    command: { to: { userId: group.id, conversationId: group.id }, page: { number: 1, limit: 50 } },
    reply: { history: { messages: [toGroup], total: 60, hasMore: true } },
    acknowledgement: {
      ok: true,
      messages: [documentedToGroup],
      otherUser: { _id: group.id, name: 'The team' },
      pagination: { page: 1, hasMore: true },
    },
    answer: [
      {
        name: 'message_history',
        args: [
          {
            messages: [documentedToGroup],
            otherUser: { _id: group.id, name: 'The team' },
            pagination: { page: 1, hasMore: true },
          },
        ],
      },
    ],
  },
  {
    name: 'get_unread_count',
    event: 'get_unread_count',
    args: [],
    verb: 'count-unread',
    command: {},
    reply: { count: 5 },
    acknowledgement: { ok: true, count: 5 },
    answer: [{ name: 'unread_count', args: [{ count: 5 }] }],
  },
  ...inboxVectors,
];

const receipt = (id: string) => ({
  name: 'message_read',
  args: [{ messageId: id, readBy: { _id: 'ben', name: 'Ben Barber' }, readAt: '2023-12-01T10:31:00.000Z' }],
});

const readAt = Date.parse('2023-12-01T10:31:00.000Z');
const isRead = { ...message, isRead: true, readBy: [{ userId: 'ben', readAt }] };
const reading = { kind: 'messages-read', reader: ben, readAt } as const;
const one = {
  ...reading,
  reads: [{ conversationId: pair.id, messageIds: [message.id], messages: [isRead] }],
};
const many = { ...reading, reads: [{ conversationId: pair.id, messageIds: ['m1', 'm2'] }] };

const notified = {
  type: 'order',
  from: { _id: null, name: 'System' },
  message: 'is ready',
  timestamp: '1970-01-01T00:00:00.000Z',
  id: 'n1',
  title: 'Your order',
  link: '/orders/7',
  data: { order: 7 },
};

const outbound: readonly OutboundVector[] = [
  {
    name: 'a message, to a device of its sender',
    signal: { kind: 'message-published', message },
    viewer: { userId: 'ann' },
    events: [{ name: 'message_sent', args: [{ success: true, message: documented }] }],
  },
  {
    name: 'a message, to a device of its receiver',
    signal: { kind: 'message-published', message },
    viewer: { userId: 'ben' },
    events: [
      { name: 'receive_message', args: [documented] },
      {
        name: 'message_notification',
        args: [
          {
            type: 'new_message',
            from: { _id: 'ann', name: 'Ann Archer' },
            message: 'Hello, this is a message!',
            timestamp: '2023-12-01T10:30:00.000Z',
          },
        ],
      },
    ],
  },
  {
    name: 'a long message with files, in a group',
    signal: {
      kind: 'message-published',
      message: { ...toGroup, content: '😀'.repeat(101), attachments: [file] },
    },
    viewer: { userId: 'ben' },
    events: [
      {
        name: 'receive_message',
        args: [{ ...documentedToGroup, content: '😀'.repeat(101), attachments: [file] }],
      },
      {
        name: 'message_notification',
        args: [
          {
            type: 'new_message',
            from: { _id: 'ann', name: 'Ann Archer' },
            message: `${'😀'.repeat(99)}…`,
            timestamp: '2023-12-01T10:30:00.000Z',
          },
        ],
      },
    ],
  },
  {
    name: 'the platform’s own word, in a group',
    signal: {
      kind: 'message-published',
      message: { ...toGroup, sender: { userId: '', name: 'System' }, role: 'system', type: 'system' },
    },
    viewer: { userId: 'ben' },
    events: [
      {
        name: 'receive_message',
        args: [{ ...documentedToGroup, senderId: null, senderName: 'System' }],
      },
      {
        name: 'message_notification',
        args: [
          {
            type: 'new_message',
            from: { _id: null, name: 'System' },
            message: message.content,
            timestamp: '2023-12-01T10:30:00.000Z',
          },
        ],
      },
    ],
  },
  {
    name: 'a receipt, to its author',
    signal: one,
    viewer: { userId: 'ann' },
    events: [receipt(message.id)],
  },
  {
    name: 'a receipt, to the reader',
    signal: one,
    viewer: { userId: 'ben' },
    events: [
      { name: 'message_read_confirmed', args: [{ success: true, message: { ...documented, read: true } }] },
    ],
  },
  { name: 'a receipt for a message of somebody else', signal: one, viewer: { userId: 'cat' }, events: [] },
  {
    name: 'receipts for so many messages that they are not told whole',
    signal: many,
    viewer: { userId: 'ann' },
    events: [receipt('m1'), receipt('m2')],
  },
  {
    name: 'the same, to the reader',
    signal: many,
    viewer: { userId: 'ben' },
    events: ['m1', 'm2'].map((_id) => ({
      name: 'message_read_confirmed',
      args: [{ success: true, message: { _id, read: true } }],
    })),
  },
  {
    name: 'typing',
    signal: { kind: 'typing', conversation: pair, person: ann, isTyping: true },
    viewer: { userId: 'ben' },
    events: [{ name: 'typing_indicator', args: [{ userId: 'ann', userName: 'Ann Archer', isTyping: true }] }],
  },
  {
    name: 'somebody who comes',
    signal: {
      kind: 'presence-changed',
      person: { ...ann, username: 'archer' },
      isOnline: true,
      at: readAt,
      audience: 'contacts',
    },
    viewer: { userId: 'ben' },
    events: [{ name: 'user_online', args: [{ userId: 'ann', name: 'Ann Archer', username: 'archer' }] }],
  },
  {
    name: 'somebody without a username who comes',
    signal: { kind: 'presence-changed', person: ann, isOnline: true, at: readAt, audience: 'contacts' },
    viewer: { userId: 'ben' },
    events: [{ name: 'user_online', args: [{ userId: 'ann', name: 'Ann Archer' }] }],
  },
  {
    name: 'somebody who is no contact, to a device that sees everyone',
    signal: { kind: 'presence-changed', person: ann, isOnline: true, at: 1, audience: 'onlookers' },
    viewer: { userId: 'cat', rooms: ['onlookers'] },
    events: [{ name: 'user_online', args: [{ userId: 'ann', name: 'Ann Archer' }] }],
  },
  {
    name: 'somebody who is no contact, to a device that sees contacts alone',
    signal: { kind: 'presence-changed', person: ann, isOnline: true, at: 1, audience: 'onlookers' },
    viewer: { userId: 'cat' },
    events: [],
  },
  {
    name: 'somebody who goes',
    signal: { kind: 'presence-changed', person: ann, isOnline: false, at: readAt, audience: 'contacts' },
    viewer: { userId: 'ben' },
    events: [{ name: 'user_offline', args: [{ userId: 'ann', lastSeen: '2023-12-01T10:31:00.000Z' }] }],
  },
  ...unspoken.map((signal) => ({
    name: `${signal.kind}, of which it has no word`,
    signal,
    viewer: { userId: 'ben' },
    events: [],
  })),
  {
    name: 'a notification',
    signal: { kind: 'notification-created', notification },
    viewer: { userId: 'ben' },
    events: [{ name: 'message_notification', args: [notified] }],
  },
  {
    name: 'an appointment that was moved, as a notification',
    signal: moved,
    viewer: { userId: 'ben' },
    events: [{ name: 'message_notification', args: [{ ...notified, type: 'appointment_updated' }] }],
  },
  {
    name: 'a reminder, as a notification',
    signal: reminded,
    viewer: { userId: 'ben' },
    events: [{ name: 'message_notification', args: [{ ...notified, type: 'appointment_reminder' }] }],
  },
  {
    name: 'a notification that was read on another device',
    signal: { kind: 'notifications-read', notificationIds: ['n1'], by: 'another' },
    viewer: { userId: 'ben' },
    events: [{ name: 'notification:read', args: ['n1'] }],
  },
  {
    name: 'an event of the platform’s own',
    signal: custom,
    viewer: { userId: 'ben' },
    events: [customEvent],
  },
  {
    name: 'an admin’s word to everybody',
    signal: broadcast,
    viewer: { userId: 'ben' },
    events: [broadcastEvent],
  },
];

const refusals: readonly RefusalVector[] = [
  { reason: 'receiver-not-found', refusal: { message: 'Receiver not found', code: 'NOT_FOUND' } },
  { reason: 'not-a-party', refusal: { message: 'Access denied', code: 'UNAUTHORIZED' } },
  { reason: 'not-the-receiver', refusal: { message: 'Access denied', code: 'UNAUTHORIZED' } },
  { reason: 'not-a-participant', refusal: { message: 'Access denied', code: 'UNAUTHORIZED' } },
  {
    reason: 'internal',
    event: 'send_message',
    refusal: { message: 'Failed to send message', code: 'INTERNAL' },
  },
  { reason: 'internal', refusal: { message: 'Internal error', code: 'INTERNAL' } },
  {
    reason: 'rate-limited',
    event: 'send_message',
    refusal: { message: 'Too many messages, slow down', code: 'RATE_LIMITED' },
  },
  { reason: 'token-expired', refusal: { message: 'Token expired', code: 'AUTHENTICATION_FAILED' } },
];

export const vectors: Vectors = {
  greeting: {
    greeting: {
      person: { ...ann, username: 'archer' },
      onlineUsers: [
        { ...ann, username: 'archer', role: 'customer', lastSeen: readAt },
        { ...ben, lastSeen: readAt },
      ],
    },
    events: [
      {
        name: 'connection',
        args: [{ success: true, user: { _id: 'ann', name: 'Ann Archer', username: 'archer' } }],
      },
      {
        name: 'online_users',
        args: [
          [
            {
              userId: 'ann',
              _id: 'ann',
              name: 'Ann Archer',
              username: 'archer',
              email: 'ann@example.com',
              role: 'customer',
              lastSeen: '2023-12-01T10:31:00.000Z',
            },
            { userId: 'ben', _id: 'ben', name: 'Ben Barber', lastSeen: '2023-12-01T10:31:00.000Z' },
          ],
        ],
      },
    ],
  },
  inbound,
  outbound,
  refusals,
  connectErrors: [
    ['token-missing', 'Authentication error: No token provided'],
    ['user-unknown', 'Authentication error: User not found'],
    ['token-invalid', 'Authentication error: Invalid token'],
    ['token-expired', 'Authentication error: Invalid token'],
    ['dialect-unknown', 'Unknown dialect'],
    ['internal', 'Internal error'],
  ],
  bad: [
    ...wrongly('send_message', { receiverId: 'ben', content: 'x', clientMessageId: 'id' }),
    ...wrongly('mark_message_read', { messageId: 'm' }),
    ...wrongly('typing_start', { receiverId: 'ben' }),
    ...wrongly('typing_stop', { receiverId: 'ben' }),
    ...wrongly('get_message_history', { otherUserId: 'ben', page: 1, limit: 50 }),
  ],
};
