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
  group,
  moved,
  notification,
  reminded,
  toGroup,
} from './scene.ts';
import type { InboundVector, OutboundVector, RefusalVector, Vectors } from './vectors.ts';

/** What the conversation dialect makes of events and signals, pair by pair. */

const message = toGroup;
const conversationId = group.id;
const to = { conversationId };
const messageId = message.id;
const readAt = Date.parse('2023-12-01T10:31:00.000Z');

/** The message in the words of conversation.md. */
const documented = {
  id: messageId,
  conversationId,
  senderId: 'ann',
  sender: { id: 'ann', name: 'Ann Archer', email: 'ann@example.com' },
  content: 'Hello, this is a message!',
  messageType: 'text',
  attachments: [],
  replyTo: null,
  reactions: [],
  isRead: false,
  readBy: [],
  isEdited: false,
  isDeleted: false,
  createdAt: '2023-12-01T10:30:00.000Z',
  updatedAt: '2023-12-01T10:30:00.000Z',
};

/** One with everything that a message may have. */
const rich = {
  ...message,
  sender: ben,
  type: 'image',
  attachments: [file],
  replyTo: `${conversationId}.3`,
  reactions: [{ userId: 'ann', emoji: '👍', at: readAt }],
  isRead: true,
  readBy: [{ userId: 'ann', readAt }],
  editedAt: readAt,
  clientMessageId: 'mine',
} as const;
const reactions = [{ userId: 'ann', emoji: '👍', createdAt: '2023-12-01T10:31:00.000Z' }];
const documentedRich = {
  ...documented,
  senderId: 'ben',
  sender: { id: 'ben', name: 'Ben Barber' },
  messageType: 'image',
  attachments: [file],
  replyTo: `${conversationId}.3`,
  reactions,
  isRead: true,
  readBy: [{ userId: 'ann', readAt: '2023-12-01T10:31:00.000Z' }],
  isEdited: true,
  updatedAt: '2023-12-01T10:31:00.000Z',
  clientMessageId: 'mine',
};

/** Fields that are the server’s, whatever a client says. */
const forged = { senderId: 'eve', createdAt: 'x', role: 'admin', isRead: true, id: 'x', seq: 0 };

const inbound: readonly InboundVector[] = [
  ...(['join:conversation', 'leave:conversation'] as const).flatMap((event) =>
    [conversationId, { conversationId, ...forged }].map((payload) => ({
      name: `${event} with ${typeof payload}`,
      event,
      args: [payload, 'more'],
      ...(event === 'join:conversation'
        ? { verb: 'join-conversation' as const, reply: { conversation: group } }
        : { verb: 'leave-conversation' as const, reply: {} }),
      command: { to },
      acknowledgement: { ok: true, conversationId },
    })),
  ),
  ...(['typing:start', 'typing:stop'] as const).flatMap((event) =>
    [conversationId, { conversationId, ...forged }].map((payload) => ({
      name: `${event} with ${typeof payload}`,
      event,
      args: [payload],
      verb: 'set-typing' as const,
      command: { to, isTyping: event === 'typing:start' },
      reply: {},
      acknowledgement: { ok: true },
    })),
  ),
  {
    name: 'message:send, trimmed, without what is the server’s',
    event: 'message:send',
    args: [{ conversationId, content: ' x ', ...forged }],
    verb: 'publish-message',
    command: { to, content: 'x' },
    reply: { message },
    acknowledgement: { ok: true, message: documented },
  },
  {
    name: 'message:send of a file, as an answer, with an id of its own',
    event: 'message:send',
    args: [
      {
        conversationId,
        messageType: 'image',
        attachments: [{ ...file, more: 1 }],
        replyTo: `${conversationId}.3`,
        clientMessageId: 'mine',
      },
    ],
    verb: 'publish-message',
    command: {
      to,
      content: '',
      type: 'image',
      attachments: [file],
      replyTo: `${conversationId}.3`,
      clientMessageId: 'mine',
    },
    reply: { message: rich },
    acknowledgement: { ok: true, message: documentedRich },
  },
  {
    name: 'message:edit',
    event: 'message:edit',
    args: [{ messageId, conversationId, content: ' better ', ...forged }],
    verb: 'edit-message',
    command: { messageId, content: 'better' },
    reply: { message: rich },
    acknowledgement: { ok: true, message: documentedRich },
  },
  ...[messageId, { messageId, ...forged }].map((payload) => ({
    name: `message:delete with ${typeof payload}`,
    event: 'message:delete',
    args: [payload],
    verb: 'delete-message' as const,
    command: { messageId },
    reply: { message },
    acknowledgement: { ok: true, messageId },
  })),
  ...[undefined, false, true].map((remove) => ({
    name: `message:react, remove: ${remove}`,
    event: 'message:react',
    args: [{ messageId, emoji: '👍', ...(remove !== undefined && { remove }), ...forged }],
    verb: 'react-to-message' as const,
    command: { messageId, emoji: '👍', isSet: remove !== true },
    reply: { message: rich },
    acknowledgement: { ok: true, messageId, reactions },
  })),
  {
    name: 'messages:read of some',
    event: 'messages:read',
    args: [{ conversationId, messageIds: ['m1', 'm2'], ...forged }],
    verb: 'mark-read',
    command: { messageIds: ['m1', 'm2'], within: to },
    reply: { messageIds: ['m2'] },
    acknowledgement: { ok: true, conversationId, messageIds: ['m2'] },
  },
  {
    name: 'messages:read of all',
    event: 'messages:read',
    args: [{ conversationId }],
    verb: 'mark-conversation-read',
    command: { to },
    reply: { conversation: group, messageIds: ['m1'] },
    acknowledgement: { ok: true, conversationId, messageIds: ['m1'] },
  },
  ...inboxVectors,
  ...[conversationId, { conversationId }].map((payload) => ({
    name: `conversation:get-online-users with ${typeof payload}`,
    event: 'conversation:get-online-users',
    args: [payload],
    verb: 'list-online' as const,
    command: { to },
    reply: { userIds: ['ann', 'ben'] },
    acknowledgement: ['ann', 'ben'],
  })),
  ...['ann', { userId: 'ann' }].map((payload) => ({
    name: `user:get-status with ${typeof payload}`,
    event: 'user:get-status',
    args: [payload],
    verb: 'read-presence' as const,
    command: { userIds: ['ann'] },
    reply: { statuses: [{ userId: 'ann', isOnline: true, lastSeen: 1 }] },
    acknowledgement: { userId: 'ann', status: 'online' },
  })),
  {
    name: 'users:get-status',
    event: 'users:get-status',
    args: [['ann', 'ben']],
    verb: 'read-presence',
    command: { userIds: ['ann', 'ben'] },
    reply: {
      statuses: [
        { userId: 'ann', isOnline: true },
        { userId: 'ben', isOnline: false },
      ],
    },
    acknowledgement: [
      { userId: 'ann', status: 'online' },
      { userId: 'ben', status: 'offline' },
    ],
  },
  {
    name: 'users:get-status of nobody',
    event: 'users:get-status',
    args: [[]],
    verb: 'read-presence',
    command: { userIds: [] },
    reply: { statuses: [] },
    acknowledgement: [],
  },
];

const joined = [conversationId];
const here = { userId: 'ben', joined };
const away = { userId: 'ben' };
const typing = { kind: 'typing', conversation: group, person: ann, isTyping: true } as const;
const read = {
  kind: 'messages-read',
  reader: ben,
  readAt,
  reads: [
    { conversationId, messageIds: ['m1', 'm2'] },
    { conversationId: 'another', messageIds: ['m3'] },
  ],
} as const;
const byBen = { userId: 'ben', readAt: '2023-12-01T10:31:00.000Z' };
const readHere = { name: 'messages:read', args: [{ conversationId, messageIds: ['m1', 'm2'], ...byBen }] };
const readThere = {
  name: 'messages:read',
  args: [{ conversationId: 'another', messageIds: ['m3'], ...byBen }],
};
const reacted = { kind: 'message-reacted', message: rich, userId: 'ann', emoji: '👍', at: 1 } as const;
const presence = { kind: 'presence-changed', person: ann, isOnline: true, at: 1 } as const;
const online = { name: 'user:status-changed', args: [{ userId: 'ann', status: 'online' }] };
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
const ofMessage = {
  id: messageId,
  type: 'new_message',
  title: 'Ann Archer',
  message: 'Hello, this is a message!',
  data: { conversationId, messageId, senderId: 'ann' },
  isRead: false,
  createdAt: '2023-12-01T10:30:00.000Z',
};

const messages: readonly OutboundVector[] = [
  {
    name: 'a message, to a device that has joined',
    signal: { kind: 'message-published', message },
    viewer: here,
    events: [{ name: 'message:new', args: [documented] }],
  },
  {
    name: 'a message with everything, to the sender’s device that has joined',
    signal: { kind: 'message-published', message: rich },
    viewer: here,
    events: [{ name: 'message:new', args: [documentedRich] }],
  },
  {
    name: 'a message of the platform’s own',
    signal: {
      kind: 'message-published',
      message: { ...message, sender: { userId: '', name: 'System' }, role: 'system', type: 'system' },
    },
    viewer: here,
    events: [
      {
        name: 'message:new',
        args: [
          { ...documented, senderId: null, sender: { id: null, name: 'System' }, messageType: 'system' },
        ],
      },
    ],
  },
  {
    name: 'a message, to a device that has not joined: as a notification',
    signal: { kind: 'message-published', message },
    viewer: { userId: 'ben', joined: ['another'] },
    events: [{ name: 'notification:new', args: [ofMessage] }],
  },
  {
    name: 'a long message, to a device that has not joined: its beginning',
    signal: { kind: 'message-published', message: { ...message, content: '😀'.repeat(101) } },
    viewer: away,
    events: [{ name: 'notification:new', args: [{ ...ofMessage, message: `${'😀'.repeat(99)}…` }] }],
  },
  {
    name: 'a message, to the sender’s device that has not joined',
    signal: { kind: 'message-published', message },
    viewer: { userId: 'ann' },
    events: [],
  },
  {
    name: 'an edit, to a device that has joined',
    signal: { kind: 'message-edited', message: rich },
    viewer: here,
    events: [{ name: 'message:updated', args: [documentedRich] }],
  },
  {
    name: 'a deletion, to a device that has joined',
    signal: { kind: 'message-deleted', message, deletedBy: 'ann' },
    viewer: here,
    events: [{ name: 'message:deleted', args: [{ conversationId, messageId }] }],
  },
  ...[true, false].map((isSet) => ({
    name: `a reaction, ${isSet ? 'left' : 'taken back'}, to a device that has joined`,
    signal: { ...reacted, isSet },
    viewer: here,
    events: [
      {
        name: 'message:reaction',
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

const outbound: readonly OutboundVector[] = [
  ...messages,
  {
    name: 'receipts, to a device that has joined one of the conversations',
    signal: read,
    viewer: { userId: 'ann', joined },
    events: [readHere],
  },
  {
    name: 'receipts, to a device of somebody else that has joined none',
    signal: read,
    viewer: { userId: 'ann' },
    events: [],
  },
  {
    name: 'receipts, to the reader’s devices wherever they are',
    signal: read,
    viewer: away,
    events: [readHere, readThere],
  },
  {
    name: 'somebody who begins to type',
    signal: typing,
    viewer: here,
    events: [{ name: 'typing:start', args: [{ conversationId, userId: 'ann' }] }],
  },
  {
    name: 'somebody who stops',
    signal: { ...typing, isTyping: false },
    viewer: here,
    events: [{ name: 'typing:stop', args: [{ conversationId, userId: 'ann' }] }],
  },
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
    events: [{ name: 'user:status-changed', args: [{ userId: 'ann', status: 'offline' }] }],
  },
  {
    name: 'somebody who is no contact, to a device that sees everyone',
    signal: { ...presence, audience: 'onlookers' },
    viewer: { userId: 'cat', rooms: ['onlookers'] },
    events: [online],
  },
  {
    name: 'somebody who is no contact, to a device that does not',
    signal: { ...presence, audience: 'onlookers' },
    viewer: { userId: 'cat' },
    events: [],
  },
  {
    name: 'how a conversation stands, of which it has no word',
    signal: { kind: 'conversation-updated', conversation: group, unread: { ben: 1 }, updatedAt: 1 },
    viewer: here,
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
    name: 'a notification that was read on another device',
    signal: { kind: 'notifications-read', notificationIds: ['n1'], by: 'another' },
    viewer: away,
    events: [{ name: 'notification:read', args: ['n1'] }],
  },
  {
    name: 'all notifications read',
    signal: { kind: 'notifications-read', notificationIds: 'all', by: 'another' },
    viewer: away,
    events: [{ name: 'notifications:read-all', args: [] }],
  },
  {
    name: 'what was read on this device, not at all',
    signal: { kind: 'notifications-read', notificationIds: 'all', by: 'x=' },
    viewer: away,
    events: [],
  },
  {
    name: 'an event of the platform’s own',
    signal: custom,
    viewer: away,
    events: [customEvent],
  },
  {
    name: 'an admin’s word to everybody',
    signal: broadcast,
    viewer: away,
    events: [broadcastEvent],
  },
];

const noConversation = { code: 'NOT_FOUND', message: 'Conversation not found' } as const;
const noMessage = { code: 'NOT_FOUND', message: 'Message not found' } as const;

const refusals: readonly RefusalVector[] = [
  { reason: 'conversation-not-found', event: 'join:conversation', refusal: noConversation },
  { reason: 'not-a-participant', event: 'join:conversation', refusal: noConversation },
  { reason: 'conversation-not-found', event: 'messages:read', refusal: noConversation },
  { reason: 'not-a-participant', event: 'messages:read', refusal: noConversation },
  { reason: 'not-a-party', event: 'messages:read', refusal: noMessage },
  ...['message:edit', 'message:delete', 'message:react'].flatMap((event) => [
    { reason: 'message-not-found' as const, event, refusal: noMessage },
    { reason: 'conversation-not-found' as const, event, refusal: noMessage },
    { reason: 'not-a-participant' as const, event, refusal: noMessage },
    {
      reason: 'not-the-author' as const,
      event,
      refusal: { code: 'UNAUTHORIZED' as const, message: 'Access denied' },
    },
  ]),
  {
    reason: 'not-a-party',
    event: 'authenticate',
    refusal: { code: 'UNAUTHORIZED', message: 'Unauthorized' },
  },
  {
    reason: 'rate-limited',
    event: 'message:send',
    refusal: { code: 'RATE_LIMITED', message: 'Too many messages, slow down' },
  },
  { reason: 'token-expired', refusal: { code: 'AUTHENTICATION_FAILED', message: 'Token expired' } },
];

const crowd = Array.from({ length: 101 }, () => 'ann');

const bad: readonly BadEvent[] = [
  ...['join:conversation', 'leave:conversation', 'typing:start', 'typing:stop'].flatMap((event) =>
    wrongly(event, { conversationId }),
  ),
  ...wrongly('message:send', {
    conversationId,
    content: 'x',
    messageType: 'text',
    replyTo: 'x',
    clientMessageId: 'id',
  }),
  ...wronglyAttached('message:send', { conversationId }),
  ...wrongly('message:edit', { messageId, content: 'x' }),
  ...wrongly('message:delete', { messageId }),
  ...wrongly('message:react', { messageId, emoji: '👍', remove: true }),
  ...wrongly('conversation:get-online-users', { conversationId }),
  ...wrongly('user:get-status', { userId: 'ann' }),
  ...wrongly('notification:read', { notificationId: 'n1' }),
  ...[undefined, null, 'ann', 7, {}, [7], [['ann']], ['ann', ''], ['x'.repeat(129)], crowd].map((data) => ({
    action: 'users:get-status',
    data,
    what: `users:get-status ${JSON.stringify(data)}`,
  })),
  // Without ids it is the whole conversation that was read.
  ...wrongly('messages:read', { conversationId, messageIds: ['m1'] }).filter(
    ({ data }) => JSON.stringify(data) !== JSON.stringify({ conversationId }),
  ),
];

export const vectors: Vectors = {
  inbound,
  outbound,
  refusals,
  connectErrors: [
    ['token-missing', 'Authentication error'],
    ['token-expired', 'Authentication error'],
    ['user-unknown', 'Authentication error'],
    ['dialect-unknown', 'Unknown dialect'],
  ],
  bad,
};
