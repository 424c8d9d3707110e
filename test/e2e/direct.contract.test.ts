import { io, type Socket } from 'socket.io-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newPerson, type Person } from '../support/booking-scene.ts';
import { platformSdk } from '../support/conversation-scene.ts';
import { A_MESSAGE_ID, A_TIME, heardOf, refusalOf, soon, unawaitedBy } from '../support/documented.ts';
import { backendForFile } from '../support/stack.ts';
import { openStock, type StockClient } from '../support/stock-client.ts';

/** direct.md, in its order: its connection, its events and its React component, with the client that it is written for. */

const backend = await backendForFile({ DIALECT: 'direct' });
const parley = platformSdk(backend);

type Message = { readonly _id: string; readonly [field: string]: unknown };

/** Two who have yet to say something to each other, and one whom it does not concern. */
async function newPair() {
  const [ann, ben, eve] = await Promise.all([
    newPerson(backend, 'Ann', { username: 'annie', role: 'customer' }),
    newPerson(backend, 'Ben', { username: 'benny' }),
    newPerson(backend, 'Eve'),
  ]);
  return { ann, ben, eve };
}

/** A message as the document shows it. */
function messageOf(from: Person, to: Person, content: string) {
  return {
    _id: A_MESSAGE_ID,
    content,
    sentAt: A_TIME,
    read: false,
    senderId: from.userId,
    senderName: from.name,
    receiverId: to.userId,
    receiverName: to.name,
  };
}

/** Sends a message that is expected to be taken, and gives it as the acknowledgement has it. */
async function send(device: StockClient, to: Person, content: string): Promise<Message> {
  const answer = await device.request('send_message', { receiverId: to.userId, content });
  expect(answer).toMatchObject({ ok: true, message: { content } });
  return (answer as { readonly message: Message }).message;
}

describe('Connection setup', () => {
  test('as the document has it, transports and all', async () => {
    const { ann } = await newPair();
    const socket = io(backend.url, { auth: { token: ann.token }, transports: ['websocket', 'polling'] });
    onTestFinished(() => void socket.disconnect());
    await new Promise<void>((resolve, reject) => {
      socket.on('connect', () => resolve());
      socket.on('connect_error', reject);
    });
  });

  test('each refusal has its documented text', async () => {
    const { ann } = await newPair();
    const unknown = await backend.token({ sub: 'nobody-knows-me' });
    const exp = Math.floor(backend.now() / 1000) - 1;
    const expired = await backend.token({ sub: ann.userId, exp });
    const refused = async (auth: object, message: string) =>
      expect(await refusalOf(backend, { auth })).toStrictEqual({
        message,
        data: { code: 'AUTHENTICATION_FAILED' },
      });
    await refused({}, 'Authentication error: No token provided');
    await refused({ token: '' }, 'Authentication error: No token provided');
    await refused({ token: unknown }, 'Authentication error: User not found');
    await refused({ token: `${ann.token}x` }, 'Authentication error: Invalid token');
    await refused({ token: expired }, 'Authentication error: Invalid token');
  });
});

describe('Connection events', () => {
  test('connection comes first, then online_users, to every device that connects', async () => {
    const { ann, ben, eve } = await newPair();
    const b = await openStock(backend, ben);
    await openStock(backend, eve);
    await send(b, ann, 'hello');
    for (const _ of ['phone', 'laptop']) {
      const device = await openStock(backend, ann);
      const greeting = await device.next('connection');
      expect(greeting).toStrictEqual({
        success: true,
        user: { _id: ann.userId, name: 'Ann', username: 'annie' },
      });
      const online = (await device.next('online_users')) as readonly { readonly userId: string }[];
      const shown = (userId: string) => online.filter((one) => one.userId === userId);
      const self = { userId: ann.userId, _id: ann.userId, name: 'Ann', username: 'annie' };
      expect(shown(ann.userId)).toStrictEqual([
        { ...self, email: ann.email, role: 'customer', lastSeen: A_TIME },
      ]);
      const contact = { userId: ben.userId, _id: ben.userId, name: 'Ben', username: 'benny' };
      expect(shown(ben.userId)).toStrictEqual([{ ...contact, email: ben.email, lastSeen: A_TIME }]);
      // An address is for those who share a conversation.
      const stranger = { userId: eve.userId, _id: eve.userId, name: 'Eve' };
      expect(shown(eve.userId)).toStrictEqual([{ ...stranger, lastSeen: A_TIME }]);
      const greetings = device.heard.map(({ event }) => event).filter((event) => !event.startsWith('user_'));
      expect(greetings).toEqual(['connection', 'online_users']);
    }
  });

  test('user_online and user_offline go to everybody, once for all devices of a user', async () => {
    const { ann, ben, eve } = await newPair();
    const watcher = await openStock(backend, eve);
    const devices = [await openStock(backend, ann), await openStock(backend, ann)];
    await soon(() => heardOf(watcher, 'user_online', ann.userId)).toStrictEqual([
      { userId: ann.userId, name: 'Ann', username: 'annie' },
    ]);
    // Within a second of the beginning an end may be told twice.
    await backend.pass(1_001);
    devices[0]?.socket.disconnect();
    await openStock(backend, ben);
    await soon(() => heardOf(watcher, 'user_online', ben.userId)).toHaveLength(1);
    expect(heardOf(watcher, 'user_offline', ann.userId)).toEqual([]);
    devices[1]?.socket.disconnect();
    await soon(() => heardOf(watcher, 'user_offline', ann.userId)).toStrictEqual([
      { userId: ann.userId, lastSeen: A_TIME },
    ]);
    expect(heardOf(watcher, 'user_online', ann.userId)).toHaveLength(1);
  });
});

describe('Message events', () => {
  test('send_message: message_sent to all the sender’s devices, receive_message to all the receiver’s', async () => {
    const { ann, ben, eve } = await newPair();
    const [a, other] = [await openStock(backend, ann), await openStock(backend, ann)];
    const [b, second] = [await openStock(backend, ben), await openStock(backend, ben)];
    const stranger = await openStock(backend, eve);
    const content = 'Hello, this is a message!';
    a.emit('send_message', { receiverId: ben.userId, content });
    const message = messageOf(ann, ben, content);
    const sent = await a.next('message_sent');
    expect(sent).toStrictEqual({ success: true, message });
    expect(await other.next('message_sent')).toStrictEqual(sent);
    for (const device of [b, second]) {
      expect(await device.next('receive_message')).toStrictEqual((sent as { message: unknown }).message);
      await device.next('message_notification');
    }
    await backend.settled(a, other, b, second, stranger);
    for (const device of [a, other, b, second, stranger]) expect(unawaitedBy(device)).toEqual([]);
  });

  test('the acknowledgement shows the same message, with the sender’s own name for it', async () => {
    const { ann, ben } = await newPair();
    const a = await openStock(backend, ann);
    const payload = { receiverId: ben.userId, content: ' hello ', clientMessageId: 'mine' };
    const message = { ...messageOf(ann, ben, 'hello'), clientMessageId: 'mine' };
    const first = await a.request('send_message', payload);
    expect(first).toStrictEqual({ ok: true, message });
    expect(await a.request('send_message', payload)).toStrictEqual(first);
    expect(await a.next('message_sent')).toStrictEqual({
      success: true,
      message: (first as { message: unknown }).message,
    });
    await backend.settled(a);
    expect(unawaitedBy(a)).toEqual([]);
  });
});

describe('Message read events', () => {
  test('mark_message_read: message_read to the author’s devices, message_read_confirmed to the reader’s', async () => {
    const { ann, ben } = await newPair();
    const [a, b] = [await openStock(backend, ann), await openStock(backend, ben)];
    const other = await openStock(backend, ben);
    const message = await send(a, ben, 'read me');
    b.emit('mark_message_read', { messageId: message._id });
    expect(await a.next('message_read')).toStrictEqual({
      messageId: message._id,
      readBy: { _id: ben.userId, name: 'Ben' },
      readAt: A_TIME,
    });
    for (const device of [b, other]) {
      expect(await device.next('message_read_confirmed')).toStrictEqual({
        success: true,
        message: { ...message, read: true },
      });
    }
    // Again is confirmed again, and no news to the author.
    const again = await b.request('mark_message_read', message._id);
    expect(again).toStrictEqual({ ok: true, messageId: message._id });
    await b.next('message_read_confirmed');
    await backend.settled(a, b);
    expect(a.all('message_read')).toHaveLength(1);
  });

  test('is denied to whom the message is not for', async () => {
    const { ann, ben, eve } = await newPair();
    const a = await openStock(backend, ann);
    const { _id: messageId } = await send(a, ben, 'not yours');
    const denied = { message: 'Access denied', code: 'UNAUTHORIZED' };
    for (const device of [a, await openStock(backend, eve)]) {
      expect(await device.request('mark_message_read', { messageId })).toStrictEqual({
        ok: false,
        error: denied,
      });
      expect(await device.next('error')).toStrictEqual(denied);
    }
  });
});

describe('Typing indicators', () => {
  test('typing_start and typing_stop show and hide typing_indicator on the receiver’s devices', async () => {
    const { ann, ben, eve } = await newPair();
    const [a, other] = [await openStock(backend, ann), await openStock(backend, ann)];
    const [b, stranger] = [await openStock(backend, ben), await openStock(backend, eve)];
    for (const [event, isTyping] of [
      ['typing_start', true],
      ['typing_stop', false],
    ] as const) {
      a.emit(event, { receiverId: ben.userId });
      expect(await b.next('typing_indicator')).toStrictEqual({
        userId: ann.userId,
        userName: 'Ann',
        isTyping,
      });
    }
    expect(await a.request('typing_start', { receiverId: ben.userId })).toStrictEqual({ ok: true });
    expect(await b.next('typing_indicator')).toMatchObject({ isTyping: true });
    await backend.pass(8_000);
    expect(await b.next('typing_indicator')).toMatchObject({ isTyping: false });
    await backend.settled(a, other, stranger);
    for (const device of [a, other, stranger]) expect(unawaitedBy(device)).toEqual([]);
  });
});

describe('Message history', () => {
  test('get_message_history: page 1 is the newest, each oldest first, and reading it marks nothing', async () => {
    const { ann, ben } = await newPair();
    const [a, b] = [await openStock(backend, ann), await openStock(backend, ben)];
    const all = [await send(a, ben, 'one'), await send(b, ann, 'two'), await send(a, ben, 'three')];
    const otherUser = { _id: ann.userId, name: 'Ann' };
    const asked = { otherUserId: ann.userId, page: 1, limit: 50 };
    const history = { messages: all, otherUser, pagination: { page: 1, hasMore: false } };
    b.emit('get_message_history', asked);
    expect(await b.next('message_history')).toStrictEqual(history);
    expect(await b.request('get_message_history', { otherUserId: ann.userId })).toStrictEqual({
      ok: true,
      ...history,
    });
    expect(await b.next('message_history')).toStrictEqual(history);
    for (const [page, messages, hasMore] of [
      [1, all.slice(1), true],
      [2, all.slice(0, 1), false],
      [3, [], false],
    ] as const) {
      b.emit('get_message_history', { ...asked, page, limit: 2 });
      expect(await b.next('message_history')).toStrictEqual({
        messages,
        otherUser,
        pagination: { page, hasMore },
      });
    }
    expect(await b.request('get_unread_count')).toStrictEqual({ ok: true, count: 2 });
  });

  test('of two who have said nothing is empty, and of nobody is refused', async () => {
    const { ann, ben } = await newPair();
    const a = await openStock(backend, ann);
    const before = await backend.rows();
    a.emit('get_message_history', { otherUserId: ben.userId, page: 1, limit: 50 });
    expect(await a.next('message_history')).toStrictEqual({
      messages: [],
      otherUser: { _id: ben.userId, name: 'Ben' },
      pagination: { page: 1, hasMore: false },
    });
    expect(await backend.rows()).toEqual(before);
    a.emit('get_message_history', { otherUserId: 'nobody' });
    expect(await a.next('error')).toStrictEqual({ message: 'Receiver not found', code: 'NOT_FOUND' });
  });
});

describe('Unread messages', () => {
  test('get_unread_count is answered with unread_count, to the asking device', async () => {
    const { ann, ben } = await newPair();
    const [a, b] = [await openStock(backend, ann), await openStock(backend, ben)];
    const other = await openStock(backend, ben);
    for (const content of ['1', '2', '3', '4', '5']) await send(a, ben, content);
    b.emit('get_unread_count');
    expect(await b.next('unread_count')).toStrictEqual({ count: 5 });
    expect((await ben.get('/api/messages/unread-count')).body.data).toStrictEqual({ unreadCount: 5 });
    await backend.settled(other);
    expect(other.all('unread_count')).toEqual([]);
  });
});

describe('Notifications', () => {
  test('message_notification follows receive_message, with at most 100 characters of it', async () => {
    const { ann, ben } = await newPair();
    const [a, b] = [await openStock(backend, ann), await openStock(backend, ben)];
    for (const [content, preview] of [
      ['short', 'short'],
      ['x'.repeat(100), 'x'.repeat(100)],
      ['x'.repeat(101), `${'x'.repeat(99)}…`],
    ] as const) {
      const { sentAt } = await send(a, ben, content);
      expect(await b.next('message_notification')).toStrictEqual({
        type: 'new_message',
        from: { _id: ann.userId, name: 'Ann' },
        message: preview,
        timestamp: sentAt,
      });
    }
    const order = b.heard.map(({ event }) => event).filter((event) => event.includes('message'));
    expect(order.slice(0, 2)).toEqual(['receive_message', 'message_notification']);
  });

  test('a notification of the platform’s comes as one of its own type', async () => {
    const { ann } = await newPair();
    const [phone, laptop] = [await openStock(backend, ann), await openStock(backend, ann)];
    const news = {
      type: 'order',
      title: 'Your order',
      message: 'is ready',
      link: '/o/7',
      data: { order: 7 },
    };
    const id = await parley.emitNotificationToUser(ann.userId, news);
    for (const device of [phone, laptop]) {
      expect(await device.next('message_notification')).toStrictEqual({
        ...{ id, ...news },
        from: { _id: null, name: 'System' },
        timestamp: A_TIME,
      });
    }
    expect(await phone.request('notification:read', id)).toStrictEqual({ ok: true, notificationId: id });
    expect(await laptop.next('notification:read')).toBe(id);
    expect(await phone.request('notifications:read-all')).toStrictEqual({ ok: true });
    expect(await laptop.next('notifications:read-all')).toBeUndefined();
  });
});

describe('Error handling', () => {
  test.each(['send_message', 'typing_start', 'typing_stop'])('%s to nobody, or oneself', async (event) => {
    const { ann } = await newPair();
    const a = await openStock(backend, ann);
    const error = { message: 'Receiver not found', code: 'NOT_FOUND' };
    const before = await backend.rows();
    for (const receiverId of ['nobody', ann.userId, `c${'0'.repeat(22)}`]) {
      a.emit(event, { receiverId, content: 'x' });
      expect(await a.next('error')).toStrictEqual(error);
      expect(await a.request(event, { receiverId, content: 'x' })).toStrictEqual({ ok: false, error });
    }
    expect(await backend.rows()).toEqual(before);
  });
});

describe('the React example', () => {
  /** `MessagingComponent` as the document writes it, its state in plain variables. */
  function messagingComponent(token: string) {
    const state = {
      messages: [] as Message[],
      onlineUsers: [] as { readonly userId: string }[],
      typing: null as string | null,
      errors: [] as string[],
    };
    const socket: Socket = io(backend.url, { auth: { token }, forceNew: true });
    onTestFinished(() => void socket.close());
    socket.on('connect', () => {
      socket.emit('get_unread_count');
    });
    socket.on('online_users', (users) => {
      state.onlineUsers = users;
    });
    socket.on('receive_message', (message) => {
      state.messages = [...state.messages, message];
    });
    socket.on('typing_indicator', (data) => {
      state.typing = data.isTyping ? data.userName : null;
    });
    socket.on('message_sent', (response) => {
      if (response.success) state.messages = [...state.messages, response.message];
    });
    socket.on('error', (error) => {
      state.errors = [...state.errors, error.message];
    });
    const counts: number[] = [];
    socket.on('unread_count', ({ count }) => counts.push(count));
    return {
      ...{ state, socket, counts },
      sendMessage: (receiverId: string, content: string) =>
        socket.emit('send_message', { receiverId, content }),
      startTyping: (receiverId: string) => socket.emit('typing_start', { receiverId }),
      stopTyping: (receiverId: string) => socket.emit('typing_stop', { receiverId }),
      markAsRead: (messageId: string) => socket.emit('mark_message_read', { messageId }),
    };
  }

  test('two of them show the same conversation, with default transports', async () => {
    const { ann, ben } = await newPair();
    const [anns, bens] = [messagingComponent(ann.token), messagingComponent(ben.token)];
    for (const { counts, state } of [anns, bens]) {
      await soon(() => counts).toEqual([0]);
      await soon(() => state.onlineUsers.length).toBeGreaterThan(0);
    }
    anns.startTyping(ben.userId);
    await soon(() => bens.state.typing).toBe('Ann');
    anns.stopTyping(ben.userId);
    await soon(() => bens.state.typing).toBe(null);
    anns.sendMessage(ben.userId, 'Hello');
    await soon(() => bens.state.messages).toMatchObject([{ content: 'Hello', senderName: 'Ann' }]);
    bens.sendMessage(ann.userId, 'Hi');
    await soon(() => anns.state.messages).toMatchObject([{ content: 'Hello' }, { content: 'Hi' }]);
    await soon(() => bens.state.messages).toStrictEqual(anns.state.messages);
    bens.markAsRead(bens.state.messages[0]?._id ?? '');
    bens.sendMessage('nobody', 'Hello?');
    await soon(() => bens.state.errors).toEqual(['Receiver not found']);
    anns.socket.close();
    bens.socket.emit('get_unread_count');
    await soon(() => bens.counts).toEqual([0, 0]);
  });
});
