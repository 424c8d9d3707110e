import { describe, expect, expectTypeOf, test } from 'vitest';
import type { BookingMessage } from '../../../client/dialects/booking-types.ts';
import type { ConversationMessage } from '../../../client/dialects/conversation-types.ts';
import type { DirectMessage } from '../../../client/dialects/direct-types.ts';
import { speechOf } from '../../../client/dialects/speeches.ts';
import type { SupportMessage } from '../../../client/dialects/support-types.ts';
import type {
  DialectName,
  EventName,
  PayloadOf,
  ReplyOf,
  RequestName,
} from '../../../client/dialects/vocabularies.ts';
import { type Client, createClient } from '../../../client/index.ts';
import type { bookingMessage } from '../../../lambdas/dialects/booking.ts';
import type { conversationMessage } from '../../../lambdas/dialects/conversation-payload.ts';
import type { directMessage } from '../../../lambdas/dialects/direct-payloads.ts';
import { dialectNamed } from '../../../lambdas/dialects/registry.ts';
import type { supportMessage } from '../../../lambdas/dialects/support-payload.ts';

/** The client's words are the server's: a word that one of them changes does not compile here, or is refused. */

type Payloads = { readonly [D in DialectName]: { readonly [K in RequestName<D>]: PayloadOf<D, K> } };
type Events = { readonly [D in DialectName]: { readonly [K in EventName<D>]: true } };

const id = `c${'A'.repeat(22)}`;
const rich = { content: 'x', messageType: 'text', replyTo: `${id}.1`, clientMessageId: 'm' } as const;
const attachments = [{ url: 'https://example.com/a.png', filename: 'a.png', mimetype: 'image/png', size: 7 }];
const shared = { 'notification:read': { notificationId: 'n' }, 'notifications:read-all': undefined } as const;

const PAYLOADS: Payloads = {
  booking: {
    ...shared,
    joinBooking: { bookingId: 'b' },
    leaveBooking: 'b',
    sendMessage: { bookingId: 'b', content: 'x', senderType: 'client', clientMessageId: 'm' },
    markAsRead: { messageIds: [`${id}.1`] },
    typing: { bookingId: 'b', isTyping: true },
  },
  conversation: {
    ...shared,
    'join:conversation': { conversationId: id },
    'leave:conversation': id,
    'typing:start': id,
    'typing:stop': { conversationId: id },
    'message:send': { conversationId: id, attachments, ...rich },
    'message:edit': { messageId: `${id}.1`, content: 'x' },
    'message:delete': { messageId: `${id}.1` },
    'message:react': { messageId: `${id}.1`, emoji: '👍', remove: true },
    'messages:read': { conversationId: id, messageIds: [`${id}.1`] },
    'conversation:get-online-users': id,
    'user:get-status': { userId: 'u' },
    'users:get-status': ['u'],
  },
  direct: {
    ...shared,
    send_message: { receiverId: 'u', content: 'x', clientMessageId: 'm' },
    mark_message_read: { messageId: `${id}.1` },
    typing_start: { receiverId: 'u' },
    typing_stop: 'u',
    get_message_history: { otherUserId: 'u', page: 1, limit: 50 },
    get_unread_count: undefined,
  },
  appointment: {
    ...shared,
    'message:send': { recipientId: 'u', content: 'x', messageType: 'TEXT', clientMessageId: 'm' },
    'message:read': { messageId: `${id}.1` },
    'message:typing': { recipientId: 'u', isTyping: false },
  },
  support: {
    ...shared,
    join_conversation: id,
    leave_conversation: { conversationId: id },
    typing_start: id,
    typing_stop: id,
    send_message: { conversationId: id, attachments, ...rich },
    admin_broadcast: { message: 'x' },
  },
};

const everywhere = {
  'notification:read': true,
  'notifications:read-all': true,
  admin_broadcast: true,
  error: true,
} as const;

const EVENTS: Events = {
  booking: {
    ...everywhere,
    newMessage: true,
    messagesMarkedAsRead: true,
    typing: true,
    'notification:new': true,
  },
  conversation: {
    ...everywhere,
    'message:new': true,
    'messages:read': true,
    'message:updated': true,
    'message:deleted': true,
    'message:reaction': true,
    'typing:start': true,
    'typing:stop': true,
    'user:status-changed': true,
    'notification:new': true,
  },
  direct: {
    ...everywhere,
    connection: true,
    online_users: true,
    user_online: true,
    user_offline: true,
    message_sent: true,
    receive_message: true,
    message_notification: true,
    message_read: true,
    message_read_confirmed: true,
    typing_indicator: true,
    message_history: true,
    unread_count: true,
  },
  appointment: {
    ...everywhere,
    'message:received': true,
    'message:read': true,
    'user:typing': true,
    'user:online': true,
    'user:offline': true,
    'notification:new': true,
    'appointment:updated': true,
    'appointment:reminder': true,
  },
  support: {
    ...everywhere,
    new_message: true,
    message_sent: true,
    messages_read: true,
    message_updated: true,
    message_deleted: true,
    message_reaction: true,
    conversation_updated: true,
    user_typing: true,
    user_online: true,
    user_offline: true,
    'notification:new': true,
  },
};

describe.each(Object.keys(PAYLOADS) as DialectName[])('the words of %s', (name) => {
  const dialect = dialectNamed(name);

  test('that the client asks with are all that the server hears, and no other', () => {
    const payloads: Readonly<Record<string, unknown>> = PAYLOADS[name];
    expect(new Set(Object.keys(payloads))).toEqual(new Set(dialect.events.keys()));
    for (const [event, payload] of Object.entries(payloads))
      expect(() => dialect.events.get(event)?.([payload]), event).not.toThrow();
  });

  test('that the client listens to are all that the server says, and no other', () => {
    expect(new Set(Object.keys(EVENTS[name]))).toEqual(new Set(dialect.emits));
    expect(dialect.emits).toEqual(expect.arrayContaining(Object.keys(speechOf(name).events)));
  });
});

/** Compiles where every one is one of the others. */
type Is<One extends Other, Other> = One;

test('messages have the fields that the server gives them', () => {
  type Checked = [
    Is<ReturnType<typeof bookingMessage>, BookingMessage>,
    Is<BookingMessage, ReturnType<typeof bookingMessage>>,
    Is<ReturnType<typeof conversationMessage>, ConversationMessage>,
    Is<ReturnType<typeof directMessage>, DirectMessage>,
    Is<ReturnType<typeof supportMessage>, SupportMessage>,
  ];
  expectTypeOf<Checked>().toBeArray();
});

describe('what does not compile', () => {
  const client = () => createClient({ url: 'wss://example.com', getToken: () => '', autoConnect: false });

  test('are wrong names and wrong payloads', () => {
    const booking = client();
    expectTypeOf(booking).toEqualTypeOf<Client<'booking'>>();
    const asks = () => [
      booking.request('joinBooking', 'b'),
      booking.request('notifications:read-all'),
      // @ts-expect-error no such event in this dialect
      booking.request('message:send', { conversationId: 'c', content: 'x' }),
      // @ts-expect-error a booking's id is missing
      booking.request('sendMessage', { content: 'x' }),
      // @ts-expect-error the payload is missing
      booking.request('typing'),
      // @ts-expect-error there is no payload
      booking.request('notifications:read-all', 'x'),
    ];
    const listens = () => {
      booking.on('newMessage', ({ sender }) => expectTypeOf(sender.name).toBeString());
      // @ts-expect-error no such event in this dialect
      booking.on('message:new', () => undefined);
      // @ts-expect-error no such field
      booking.on('typing', ({ conversationId }) => conversationId);
    };
    expect([asks, listens]).toHaveLength(2);
  });

  test('are replies and names of conversations that are none', () => {
    expectTypeOf<ReplyOf<'direct', 'get_unread_count'>>().toExtend<{ readonly count: number }>();
    // @ts-expect-error a conversation has a name
    const asks = () => client().conversation({});
    // @ts-expect-error no such dialect
    const speaks = () => createClient({ url: '', getToken: () => '', dialect: 'klingon' });
    expect([asks, speaks]).toHaveLength(2);
  });
});
