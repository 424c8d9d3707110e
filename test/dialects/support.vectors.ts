import type { Conversation } from '../../lambdas/core/conversation.ts';
import { type BadEvent, wrongly, wronglyAttached } from '../support/bad-payloads.ts';
import { inboxVectors } from './inbox.vectors.ts';
import {
  ann,
  ben,
  broadcast,
  broadcastEvent,
  custom,
  customEvent,
  file,
  moved,
  notification,
  reminded,
  message as said,
} from './scene.ts';
import type { InboundVector, OutboundVector, RefusalVector, Vectors } from './vectors.ts';

/** What the support dialect makes of events and signals, pair by pair. */

const conversation: Conversation = {
  id: 'c012345678901234567890C',
  kind: 'booking',
  bookingId: 'booking-1',
  businessId: 'salon',
  title: 'Haircut',
  status: 'archived',
  createdAt: 0,
  touchedAt: 0,
};
const conversationId = conversation.id;
const to = { conversationId };
const messageId = `${conversationId}.1`;
const message = { ...said, id: messageId, conversation, role: 'client' } as const;
const at = Date.parse('2023-12-01T10:31:00.000Z');
const AT = '2023-12-01T10:31:00.000Z';

/** The message in the words of support.md. */
const documented = {
  _id: messageId,
  conversation: conversationId,
  sender: { _id: 'ann', name: 'Ann Archer', email: 'ann@example.com', role: 'customer' },
  content: 'Hello, this is a message!',
  messageType: 'text',
  attachments: [],
  readBy: [],
  replyTo: null,
  reactions: [],
  isDeleted: false,
  deletedAt: null,
  isEdited: false,
  editedAt: null,
  createdAt: '2023-12-01T10:30:00.000Z',
  updatedAt: '2023-12-01T10:30:00.000Z',
};

/** One with everything that a message may have. */
const rich = {
  ...message,
  sender: ben,
  role: 'admin',
  type: 'file',
  attachments: [file],
  replyTo: `${conversationId}.3`,
  reactions: [{ userId: 'ann', emoji: '👍', at }],
  isRead: true,
  readBy: [{ userId: 'ann', readAt: at }],
  editedAt: at,
  clientMessageId: 'mine',
} as const;
const reactions = [{ user: 'ann', emoji: '👍', createdAt: AT }];
const documentedRich = {
  ...documented,
  sender: { _id: 'ben', name: 'Ben Barber', role: 'admin' },
  messageType: 'file',
  attachments: [file],
  readBy: [{ user: 'ann', readAt: AT }],
  replyTo: `${conversationId}.3`,
  reactions,
  isEdited: true,
  editedAt: AT,
  updatedAt: AT,
  clientMessageId: 'mine',
};

/** Fields that are the server’s, whatever a client says. */
const forged = { sender: 'eve', createdAt: 'x', role: 'admin', readBy: ['eve'], _id: 'x', isDeleted: true };

const inbound: readonly InboundVector[] = [
  ...inboxVectors,
  ...(['join_conversation', 'leave_conversation'] as const).flatMap((event) =>
    [conversationId, { conversationId, ...forged }].map((payload) => ({
      name: `${event} with ${typeof payload}`,
      event,
      args: [payload, 'more'],
      ...(event === 'join_conversation'
        ? { verb: 'join-conversation' as const, reply: { conversation } }
        : { verb: 'leave-conversation' as const, reply: {} }),
      command: { to },
      acknowledgement: { ok: true, conversationId },
    })),
  ),
  ...(['typing_start', 'typing_stop'] as const).flatMap((event) =>
    [conversationId, { conversationId, ...forged }].map((payload) => ({
      name: `${event} with ${typeof payload}`,
      event,
      args: [payload],
      verb: 'set-typing' as const,
      command: { to, isTyping: event === 'typing_start' },
      reply: {},
      acknowledgement: { ok: true },
    })),
  ),
  {
    name: 'send_message, trimmed, without what is the server’s',
    event: 'send_message',
    args: [{ conversationId, content: ' x ', ...forged }],
    verb: 'publish-message',
    command: { to, content: 'x' },
    reply: { message },
    acknowledgement: { ok: true, message: documented },
  },
  {
    name: 'send_message of a file, as an answer, with an id of its own',
    event: 'send_message',
    args: [
      {
        conversationId,
        content: '',
        messageType: 'file',
        attachments: [{ ...file, more: 1 }],
        replyTo: `${conversationId}.3`,
        clientMessageId: 'mine',
      },
    ],
    verb: 'publish-message',
    command: {
      to,
      content: '',
      type: 'file',
      attachments: [file],
      replyTo: `${conversationId}.3`,
      clientMessageId: 'mine',
    },
    reply: { message: rich },
    acknowledgement: { ok: true, message: documentedRich },
  },
  {
    name: 'send_message that answers nothing',
    event: 'send_message',
    args: [{ conversationId, content: 'x', messageType: 'text', replyTo: null }],
    verb: 'publish-message',
    command: { to, content: 'x', type: 'text' },
    reply: { message },
    acknowledgement: { ok: true, message: documented },
  },
  {
    name: 'admin_broadcast',
    event: 'admin_broadcast',
    args: [{ message: ' Closing early ', ...forged }],
    verb: 'broadcast-message',
    command: { message: 'Closing early' },
    reply: {},
    acknowledgement: { ok: true },
  },
];

const here = { userId: 'ben', joined: [conversationId] };
const away = { userId: 'ben', joined: ['another'] };
const deleted = { ...message, content: '', deletedAt: at };
const reacted = { kind: 'message-reacted', message: rich, userId: 'ann', emoji: '👍', at } as const;
const typing = { kind: 'typing', conversation, person: ann, isTyping: true } as const;
const read = {
  kind: 'messages-read',
  reader: ann,
  readAt: at,
  reads: [
    { conversationId, messageIds: ['m1', 'm2'] },
    { conversationId: 'another', messageIds: ['m3'] },
  ],
} as const;
const presence = { kind: 'presence-changed', person: ann, isOnline: true, at } as const;
const online = { name: 'user_online', args: [{ userId: 'ann', userName: 'Ann Archer', timestamp: AT }] };
const sent = (whole: object) => ({ name: 'message_sent', args: [{ success: true, message: whole }] });
const fresh = (whole: object) => ({ name: 'new_message', args: [{ conversationId, message: whole }] });
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

const messages: readonly OutboundVector[] = [
  {
    name: 'a message, to a device that has joined',
    signal: { kind: 'message-published', message },
    viewer: here,
    events: [fresh(documented)],
  },
  {
    name: 'a message with everything, to the sender’s device that has joined',
    signal: { kind: 'message-published', message: rich },
    viewer: here,
    events: [fresh(documentedRich), sent(documentedRich)],
  },
  {
    name: 'a message of the platform’s own',
    signal: {
      kind: 'message-published',
      message: { ...message, sender: { userId: '', name: 'System' }, role: 'system', type: 'system' },
    },
    viewer: here,
    events: [
      fresh({
        ...documented,
        sender: { _id: null, name: 'System', role: 'system' },
        messageType: 'system',
      }),
    ],
  },
  {
    name: 'what the platform deletes',
    signal: { kind: 'message-deleted', message: deleted, deletedBy: '' },
    viewer: here,
    events: [
      { name: 'message_deleted', args: [{ conversationId, messageId, deletedBy: null, deletedAt: AT }] },
    ],
  },
  {
    name: 'a message, to the sender’s device that has not joined',
    signal: { kind: 'message-published', message: rich },
    viewer: away,
    events: [sent(documentedRich)],
  },
  {
    name: 'a message, to a device that has not joined: its list tells of it',
    signal: { kind: 'message-published', message },
    viewer: away,
    events: [],
  },
  {
    name: 'an edit, to a device that has joined',
    signal: { kind: 'message-edited', message: rich },
    viewer: here,
    events: [{ name: 'message_updated', args: [{ conversationId, message: documentedRich }] }],
  },
  {
    name: 'a deletion, to a device that has joined',
    signal: { kind: 'message-deleted', message: deleted, deletedBy: 'eve' },
    viewer: here,
    events: [
      { name: 'message_deleted', args: [{ conversationId, messageId, deletedBy: 'eve', deletedAt: AT }] },
    ],
  },
  ...[true, false].map((isSet) => ({
    name: `a reaction, ${isSet ? 'left' : 'taken back'}, to a device that has joined`,
    signal: { ...reacted, isSet },
    viewer: here,
    events: [
      {
        name: 'message_reaction',
        args: [
          {
            conversationId,
            messageId,
            userId: 'ann',
            emoji: '👍',
            action: isSet ? 'added' : 'removed',
            reactions,
          },
        ],
      },
    ],
  })),
  ...(
    [
      { kind: 'message-edited', message },
      { kind: 'message-deleted', message, deletedBy: 'ann' },
      { ...reacted, isSet: true },
      typing,
    ] as const
  ).map((signal) => ({
    name: `${signal.kind}, to a device that has not joined`,
    signal,
    viewer: away,
    events: [],
  })),
];

const standing = {
  conversationId,
  lastMessage: {
    _id: messageId,
    content: 'Hello, this is a message!',
    sender: 'ann',
    messageType: 'text',
    timestamp: '2023-12-01T10:30:00.000Z',
  },
  unreadCount: 3,
  status: 'archived',
  title: 'Haircut',
  updatedAt: AT,
};

const outbound: readonly OutboundVector[] = [
  ...messages,
  {
    name: 'how a conversation stands, with the receiver’s own unread count',
    signal: {
      kind: 'conversation-updated',
      conversation,
      lastMessage: message,
      unread: { ann: 7, ben: 3 },
      updatedAt: at,
    },
    viewer: away,
    events: [{ name: 'conversation_updated', args: [standing] }],
  },
  {
    name: 'how one stands in which nothing was said, and which has no title',
    signal: {
      kind: 'conversation-updated',
      conversation: { id: conversationId, kind: 'group', createdAt: 0, touchedAt: 0 },
      unread: {},
      updatedAt: at,
    },
    viewer: away,
    events: [
      {
        name: 'conversation_updated',
        args: [{ conversationId, lastMessage: null, unreadCount: 0, status: 'active', updatedAt: AT }],
      },
    ],
  },
  {
    name: 'receipts, to another participant wherever the device is',
    signal: read,
    viewer: away,
    events: [
      {
        name: 'messages_read',
        args: [{ conversationId, userId: 'ann', messageIds: ['m1', 'm2'], readAt: AT }],
      },
      {
        name: 'messages_read',
        args: [{ conversationId: 'another', userId: 'ann', messageIds: ['m3'], readAt: AT }],
      },
    ],
  },
  {
    name: 'receipts, to the reader, who hears how the conversation stands',
    signal: read,
    viewer: { userId: 'ann', joined: [conversationId] },
    events: [],
  },
  ...[true, false].map((isTyping) => ({
    name: `somebody who ${isTyping ? 'begins' : 'stops'} to type`,
    signal: { ...typing, isTyping },
    viewer: here,
    events: [
      { name: 'user_typing', args: [{ conversationId, userId: 'ann', userName: 'Ann Archer', isTyping }] },
    ],
  })),
  {
    name: 'a contact who comes',
    signal: { ...presence, audience: 'contacts' },
    viewer: away,
    events: [online],
  },
  {
    name: 'a contact who goes',
    signal: { ...presence, isOnline: false, audience: 'contacts' },
    viewer: away,
    events: [{ ...online, name: 'user_offline' }],
  },
  {
    name: 'somebody who is no contact, to an admin',
    signal: { ...presence, audience: 'onlookers' },
    viewer: { userId: 'eve', rooms: ['admins', 'onlookers'] },
    events: [online],
  },
  {
    name: 'somebody who is no contact, to a customer',
    signal: { ...presence, audience: 'onlookers' },
    viewer: { userId: 'cat' },
    events: [],
  },
  {
    name: 'a notification',
    signal: { kind: 'notification-created', notification },
    viewer: away,
    events: [{ name: 'notification:new', args: [notified] }],
  },
  {
    name: 'an appointment that was moved, as a notification',
    signal: moved,
    viewer: away,
    events: [{ name: 'notification:new', args: [{ ...notified, type: 'appointment_updated' }] }],
  },
  {
    name: 'a reminder, as a notification',
    signal: reminded,
    viewer: away,
    events: [{ name: 'notification:new', args: [{ ...notified, type: 'appointment_reminder' }] }],
  },
  {
    name: 'notifications that were read on another device',
    signal: { kind: 'notifications-read', notificationIds: ['n1', 'n2'], by: 'another' },
    viewer: away,
    events: [
      { name: 'notification:read', args: ['n1'] },
      { name: 'notification:read', args: ['n2'] },
    ],
  },
  {
    name: 'all notifications read',
    signal: { kind: 'notifications-read', notificationIds: 'all' },
    viewer: away,
    events: [{ name: 'notifications:read-all', args: [] }],
  },
  { name: 'an event of the platform’s own', signal: custom, viewer: away, events: [customEvent] },
  { name: 'an admin’s word to everybody', signal: broadcast, viewer: away, events: [broadcastEvent] },
];

const denied = { code: 'UNAUTHORIZED', message: 'Access denied' } as const;

const refusals: readonly RefusalVector[] = [
  {
    reason: 'conversation-not-found',
    refusal: { code: 'NOT_FOUND', message: 'Conversation not found' },
  },
  { reason: 'message-not-found', refusal: { code: 'NOT_FOUND', message: 'Message not found' } },
  { reason: 'not-a-participant', refusal: denied },
  { reason: 'not-a-party', refusal: denied },
  { reason: 'not-an-admin', refusal: denied },
  {
    reason: 'not-a-party',
    event: 'authenticate',
    refusal: { code: 'UNAUTHORIZED', message: 'Unauthorized' },
  },
  {
    reason: 'conversation-closed',
    refusal: { code: 'CONFLICT', message: 'The conversation is closed' },
  },
  {
    reason: 'token-missing',
    refusal: { code: 'AUTHENTICATION_FAILED', message: 'Authentication required' },
  },
];

const bad: readonly BadEvent[] = [
  ...['join_conversation', 'leave_conversation', 'typing_start', 'typing_stop'].flatMap((event) =>
    wrongly(event, { conversationId }),
  ),
  ...wrongly('send_message', {
    conversationId,
    content: 'x',
    messageType: 'text',
    replyTo: 'x',
    clientMessageId: 'id',
  }),
  ...wronglyAttached('send_message', { conversationId }),
  ...wrongly('admin_broadcast', { message: 'x' }),
  ...wrongly('notification:read', { notificationId: 'n1' }),
];

export const vectors: Vectors = {
  inbound,
  outbound,
  refusals,
  connectErrors: [
    ['token-missing', 'Authentication error'],
    ['token-invalid', 'Authentication error'],
    ['user-unknown', 'Authentication error'],
    ['dialect-unknown', 'Unknown dialect'],
  ],
  bad,
};
