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

/** What the appointment dialect makes of events and signals, pair by pair. */

/** A message in the words of appointment.md, and for whom it is. */
const documented = {
  id: message.id,
  senderId: 'ann',
  recipientId: 'ben',
  content: 'Hello, this is a message!',
  createdAt: '2023-12-01T10:30:00.000Z',
  messageType: 'TEXT',
};

const to = { userId: 'ben' };
const { content } = message;

const inbound: readonly InboundVector[] = [
  {
    name: 'message:send as documented',
    event: 'message:send',
    args: [{ recipientId: 'ben', content, messageType: 'TEXT' }],
    verb: 'publish-message',
    command: { to, content, echo: 'elsewhere', type: 'text' },
    reply: { message },
    acknowledgement: { ok: true, message: documented },
  },
  {
    name: 'message:send as in the complete example',
    event: 'message:send',
    args: [{ recipientId: 'ben', content }],
    verb: 'publish-message',
    command: { to, content, echo: 'elsewhere' },
    reply: { message },
    acknowledgement: { ok: true, message: documented },
  },
  {
    name: 'message:send of an image, with an id of its own, and fields that are the server’s',
    event: 'message:send',
    args: [
      {
        ...{ recipientId: 'ben', content: ' x ', messageType: 'IMAGE', clientMessageId: 'm' },
        ...{ senderId: 'eve', createdAt: 1, isRead: true, role: 'admin' },
      },
    ],
    verb: 'publish-message',
    command: { to, content: 'x', echo: 'elsewhere', type: 'image', clientMessageId: 'm' },
    reply: { message: { ...message, type: 'image', clientMessageId: 'm' } },
    acknowledgement: { ok: true, message: { ...documented, messageType: 'IMAGE', clientMessageId: 'm' } },
  },
  {
    name: 'message:send to a conversation',
    event: 'message:send',
    args: [{ recipientId: group.id, content, messageType: 'FILE' }],
    verb: 'publish-message',
    command: {
      to: { userId: group.id, conversationId: group.id },
      content,
      echo: 'elsewhere',
      type: 'file',
    },
    reply: { message: { ...toGroup, type: 'file' } },
    acknowledgement: {
      ok: true,
      message: {
        ...documented,
        id: toGroup.id,
        recipientId: group.id,
        messageType: 'FILE',
        conversationId: group.id,
      },
    },
  },
  {
    name: 'message:read as documented',
    event: 'message:read',
    args: [{ messageId: message.id, userId: 'eve' }],
    verb: 'mark-read',
    command: { messageIds: [message.id] },
    reply: { messageIds: [message.id] },
    acknowledgement: { ok: true, messageId: message.id },
  },
  {
    name: 'message:read with the id alone',
    event: 'message:read',
    args: [message.id],
    verb: 'mark-read',
    command: { messageIds: [message.id] },
    reply: { messageIds: [message.id] },
    acknowledgement: { ok: true, messageId: message.id },
  },
  {
    name: 'message:typing',
    event: 'message:typing',
    args: [{ recipientId: 'ben', isTyping: true }],
    verb: 'set-typing',
    command: { to, isTyping: true },
    reply: {},
    acknowledgement: { ok: true },
  },
  ...inboxVectors,
];

const readAt = Date.parse('2023-12-01T10:31:00.000Z');
const reading = { kind: 'messages-read', reader: ben, readAt, by: 'phone=' } as const;
const whole = { conversationId: pair.id, messageIds: [message.id], messages: [message] };
const one = { ...reading, reads: [whole] };
const many = { ...reading, reads: [{ conversationId: pair.id, messageIds: ['m1', 'm2'] }] };
const receipt = (messageId: string) => ({
  name: 'message:read',
  args: [{ messageId, userId: 'ben', readAt: '2023-12-01T10:31:00.000Z' }],
});

const received = [{ name: 'message:received', args: [documented] }];

const messages: readonly OutboundVector[] = [
  {
    name: 'a message, to its recipient',
    signal: { kind: 'message-published', message },
    viewer: { userId: 'ben' },
    events: received,
  },
  {
    name: 'a message, to another device of its sender',
    signal: { kind: 'message-published', message, by: 'phone=' },
    viewer: { userId: 'ann', connectionId: 'laptop=' },
    events: received,
  },
  {
    name: 'a message, to the device that sent it',
    signal: { kind: 'message-published', message, by: 'phone=' },
    viewer: { userId: 'ann', connectionId: 'phone=' },
    events: [],
  },
  {
    name: 'the platform’s own word, with a file, in a group',
    signal: {
      kind: 'message-published',
      message: { ...toGroup, type: 'system', attachments: [file], sender: { userId: '', name: 'System' } },
    },
    viewer: { userId: 'ben' },
    events: [
      {
        name: 'message:received',
        args: [
          {
            ...documented,
            id: toGroup.id,
            senderId: null,
            recipientId: group.id,
            messageType: 'SYSTEM',
            conversationId: group.id,
            attachments: [file],
          },
        ],
      },
    ],
  },
  { name: 'a receipt, to its author', signal: one, viewer: { userId: 'ann' }, events: [receipt(message.id)] },
  {
    name: 'a receipt, to another device of the reader',
    signal: one,
    viewer: { userId: 'ben' },
    events: [receipt(message.id)],
  },
  {
    name: 'a receipt, to the reading device',
    signal: one,
    viewer: { userId: 'ben', connectionId: 'phone=' },
    events: [],
  },
  { name: 'a receipt for a message of somebody else', signal: one, viewer: { userId: 'cat' }, events: [] },
  {
    name: 'receipts for so many messages that they are not told whole',
    signal: many,
    viewer: { userId: 'ann' },
    events: [receipt('m1'), receipt('m2')],
  },
];

const outbound: readonly OutboundVector[] = [
  ...messages,
  {
    name: 'typing',
    signal: { kind: 'typing', conversation: pair, person: ann, isTyping: true },
    viewer: { userId: 'ben' },
    events: [{ name: 'user:typing', args: [{ userId: 'ann', isTyping: true }] }],
  },
  {
    name: 'somebody who comes',
    signal: { kind: 'presence-changed', person: ann, isOnline: true, at: 1, audience: 'contacts' },
    viewer: { userId: 'ben' },
    events: [{ name: 'user:online', args: [{ userId: 'ann' }] }],
  },
  {
    name: 'somebody who is no contact, to a device that sees everyone',
    signal: { kind: 'presence-changed', person: ann, isOnline: true, at: 1, audience: 'onlookers' },
    viewer: { userId: 'cat', rooms: ['onlookers'] },
    events: [{ name: 'user:online', args: [{ userId: 'ann' }] }],
  },
  {
    name: 'somebody who is no contact, to a device that sees contacts alone',
    signal: { kind: 'presence-changed', person: ann, isOnline: true, at: 1, audience: 'onlookers' },
    viewer: { userId: 'cat' },
    events: [],
  },
  {
    name: 'somebody who goes',
    signal: { kind: 'presence-changed', person: ann, isOnline: false, at: 1, audience: 'contacts' },
    viewer: { userId: 'ben' },
    events: [{ name: 'user:offline', args: [{ userId: 'ann' }] }],
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
    events: [
      {
        name: 'notification:new',
        args: [
          {
            id: 'n1',
            type: 'order',
            title: 'Your order',
            message: 'is ready',
            link: '/orders/7',
            data: { order: 7 },
            isRead: false,
            createdAt: '1970-01-01T00:00:00.000Z',
          },
        ],
      },
    ],
  },
  {
    name: 'notifications that were read on another device',
    signal: { kind: 'notifications-read', notificationIds: ['n1', 'n2'], by: 'another' },
    viewer: { userId: 'ben' },
    events: ['n1', 'n2'].map((notificationId) => ({ name: 'notification:read', args: [{ notificationId }] })),
  },
  {
    name: 'all notifications read on another device',
    signal: { kind: 'notifications-read', notificationIds: 'all', by: 'another' },
    viewer: { userId: 'ben' },
    events: [{ name: 'notifications:read-all', args: [] }],
  },
  {
    name: 'what was read on this device, not at all',
    signal: { kind: 'notifications-read', notificationIds: 'all', by: 'phone=' },
    viewer: { userId: 'ben', connectionId: 'phone=' },
    events: [],
  },
  {
    name: 'an appointment that was moved',
    signal: moved,
    viewer: { userId: 'ben' },
    events: [
      {
        name: 'appointment:updated',
        args: [{ appointmentId: 'booking-1', status: 'confirmed', message: 'Your appointment was moved' }],
      },
    ],
  },
  {
    name: 'a reminder',
    signal: reminded,
    viewer: { userId: 'ben' },
    events: [
      {
        name: 'appointment:reminder',
        args: [
          {
            id: 'booking-1',
            therapistName: 'Salon',
            startTime: '2026-02-09T11:00:00.000Z',
            minutesUntil: 15,
          },
        ],
      },
    ],
  },
  {
    name: 'an event of the platform’s own',
    signal: custom,
    viewer: { userId: 'ben' },
    events: [customEvent],
  },
  {
    name: 'an event for a room, to a device in it',
    signal: { ...custom, room: 'therapist:42' } as typeof custom,
    viewer: { userId: 'ben', rooms: ['therapist:42'] },
    events: [customEvent],
  },
  {
    name: 'an event for a room, to a device outside it',
    signal: { ...custom, room: 'therapist:42' } as typeof custom,
    viewer: { userId: 'ben' },
    events: [],
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
  { reason: 'not-a-party', refusal: { message: 'Action not permitted', code: 'UNAUTHORIZED' } },
  { reason: 'not-a-participant', refusal: { message: 'Action not permitted', code: 'UNAUTHORIZED' } },
  { reason: 'payload-invalid', refusal: { message: 'Invalid payload', code: 'INVALID_PAYLOAD' } },
  { reason: 'event-unknown', refusal: { message: 'Unknown event', code: 'INVALID_PAYLOAD' } },
  { reason: 'token-expired', refusal: { message: 'Token expired', code: 'AUTHENTICATION_FAILED' } },
  { reason: 'internal', event: 'message:send', refusal: { message: 'Internal error', code: 'INTERNAL' } },
];

export const vectors: Vectors = {
  inbound,
  outbound,
  refusals,
  connectErrors: [
    ['token-missing', 'AUTHENTICATION_FAILED'],
    ['user-unknown', 'AUTHENTICATION_FAILED'],
    ['token-invalid', 'AUTHENTICATION_FAILED'],
    ['token-expired', 'AUTHENTICATION_FAILED'],
    ['dialect-unknown', 'Unknown dialect'],
    ['internal', 'Internal error'],
  ],
  bad: [
    ...wrongly('message:send', {
      recipientId: 'ben',
      content: 'x',
      messageType: 'TEXT',
      clientMessageId: 'id',
    }),
    ...wrongly('message:read', { messageId: 'm' }),
    ...wrongly('message:typing', { recipientId: 'ben', isTyping: true }),
  ],
};
