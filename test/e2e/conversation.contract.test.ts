import { once } from 'node:events';
import { io, type Socket } from 'socket.io-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { newPerson } from '../support/booking-scene.ts';
import {
  enter,
  expectSilence,
  type Message,
  newTeam,
  platformSdk,
  send,
} from '../support/conversation-scene.ts';
import { A_TIME, refusalOf } from '../support/documented.ts';
import { backendForFile } from '../support/stack.ts';
import { type Options, openStock, type StockClient } from '../support/stock-client.ts';

/** conversation.md, in its order: its connection and its events, with the client that it is written for. */

const backend = await backendForFile({ DIALECT: 'conversation' });
const parley = platformSdk(backend);

describe('Connection', () => {
  test('as the first example has it, default transports and all', async () => {
    const { token } = await newPerson(backend, 'Ann');
    const socket = io(backend.url, { auth: { token }, path: '/socket.io/' });
    onTestFinished(() => void socket.disconnect());
    const ended = new Promise((resolve) => socket.on('disconnect', resolve));
    await new Promise<void>((resolve, reject) => {
      socket.on('connect', () => resolve());
      socket.on('connect_error', reject);
    });
    socket.disconnect();
    expect(await ended).toBe('io client disconnect');
  });

  test('takes the token from the Authorization header too, and strips “Bearer ” from either', async () => {
    const { userId, token } = await newPerson(backend, 'Ann');
    const ways: readonly Options[] = [
      { extraHeaders: { Authorization: `Bearer ${token}` } },
      { extraHeaders: { authorization: token } },
      { auth: { token: `Bearer ${token}` } },
    ];
    for (const way of ways) {
      const socket = io(backend.url, { forceNew: true, ...way });
      const device = await new Promise<Socket>((resolve, reject) => {
        socket.on('connect', () => resolve(socket));
        socket.on('connect_error', reject);
      });
      const status = await device.timeout(45_000).emitWithAck('user:get-status', userId);
      expect(status).toEqual({ userId, status: 'online' });
      socket.disconnect();
    }
  });

  test('is rejected without a valid token', async () => {
    const { token } = await newPerson(backend, 'Ann');
    const unknown = await backend.token({ sub: 'nobody-knows-me' });
    const expired = await backend.token({ sub: 'x', name: 'X', exp: backend.now() / 1000 - 1 });
    for (const auth of [{}, { token: '' }, { token: `${token}x` }, { token: unknown }, { token: expired }]) {
      expect(await refusalOf(backend, { auth })).toStrictEqual({
        message: 'Authentication error',
        data: { code: 'AUTHENTICATION_FAILED' },
      });
    }
  });

  test('by Postman: a plain WebSocket with the token in its headers', async () => {
    const { token } = await newPerson(backend, 'Ann');
    const url = `${backend.url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`;
    const webSocket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` } });
    onTestFinished(() => webSocket.close());
    expect(String((await once(webSocket, 'message'))[0])).toMatch(/^0\{"sid":/);
    webSocket.send('40');
    expect(String((await once(webSocket, 'message'))[0])).toMatch(/^40\{"sid":"[^"]+"/);
  });
});

describe('Messaging events', () => {
  test('join:conversation: “required before receiving messages”, positional or as an object', async () => {
    const { conversationId, ann, ben, cat } = await newTeam(backend);
    const [outside, inside] = [await openStock(backend, ben), await enter(backend, cat, conversationId)];
    const phone = await openStock(backend, ann);
    phone.emit('join:conversation', { conversationId });
    await backend.settled(phone);
    const first = await send(phone, conversationId, 'one');
    expect(await phone.next('message:new')).toEqual(first);
    expect(await inside.next('message:new')).toEqual(first);
    await backend.settled(outside, inside, phone);
    expect(outside.all('message:new')).toEqual([]);
  });

  test('leave:conversation: “stop receiving”, for the one device', async () => {
    const { conversationId, ann, ben } = await newTeam(backend);
    const [stays, leaves] = [
      await enter(backend, ben, conversationId),
      await enter(backend, ben, conversationId),
    ];
    expect(await leaves.request('leave:conversation', conversationId)).toEqual({ ok: true, conversationId });
    const message = await send(await openStock(backend, ann), conversationId, 'hello');
    expect(await stays.next('message:new')).toEqual(message);
    await backend.settled(leaves);
    expect(leaves.all('message:new')).toEqual([]);
  });

  test('typing:start and typing:stop go to the others who have joined', async () => {
    const { conversationId, ann, ben, cat } = await newTeam(backend);
    const [a, other, b] = [
      await enter(backend, ann, conversationId),
      await enter(backend, ann, conversationId),
      await enter(backend, ben, conversationId),
    ];
    const outside = await openStock(backend, cat);
    for (const event of ['typing:start', 'typing:stop']) {
      a.emit(event, { conversationId });
      expect(await b.next(event)).toStrictEqual({ conversationId, userId: ann.userId });
    }
    expect(await a.request('typing:start', conversationId)).toEqual({ ok: true });
    expect(await b.next('typing:start')).toStrictEqual({ conversationId, userId: ann.userId });
    await backend.settled(a, other, outside);
    expectSilence(a, other, outside);
  });

  test('typing stops on the server’s word, when its user sends, leaves or goes', async () => {
    const { conversationId, ann, ben } = await newTeam(backend);
    const stopped = { conversationId, userId: ann.userId };
    const b = await enter(backend, ben, conversationId);
    const begin = async (device: StockClient) => {
      await device.request('typing:start', { conversationId });
      expect(await b.next('typing:start')).toEqual(stopped);
    };
    const a = await enter(backend, ann, conversationId);
    await begin(a);
    await backend.pass(8_000);
    expect(await b.next('typing:stop')).toEqual(stopped);
    await begin(a);
    await send(a, conversationId, 'done');
    expect(await b.next('typing:stop')).toEqual(stopped);
    await begin(a);
    a.emit('leave:conversation', conversationId);
    expect(await b.next('typing:stop')).toEqual(stopped);
    await begin(a);
    a.socket.disconnect();
    expect(await b.next('typing:stop')).toEqual(stopped);
  });

  test('conversation:get-online-users calls back with an array of user ids', async () => {
    const { conversationId, ann, ben } = await newTeam(backend);
    const [a, b] = [await openStock(backend, ann), await openStock(backend, ben)];
    const online = (await a.request('conversation:get-online-users', conversationId)) as string[];
    expect(new Set(online)).toEqual(new Set([ann.userId, ben.userId]));
    b.socket.disconnect();
    await expect
      .poll(() => a.request('conversation:get-online-users', { conversationId }))
      .toEqual([ann.userId]);
  });

  test('message:new has every documented field and what a message may have besides', async () => {
    const { conversationId, ann, ben } = await newTeam(backend);
    const [a, b] = [await enter(backend, ann, conversationId), await enter(backend, ben, conversationId)];
    const content = 'Is Friday still fine?';
    const first = await send(a, conversationId, content, { clientMessageId: 'mine' });
    const heard = await b.next('message:new');
    expect(heard).toStrictEqual({
      id: expect.stringMatching(/./),
      conversationId,
      senderId: ann.userId,
      sender: { id: ann.userId, name: 'Ann', email: 'ann@example.com' },
      content,
      messageType: 'text',
      attachments: [],
      replyTo: null,
      reactions: [],
      isRead: false,
      readBy: [],
      isEdited: false,
      isDeleted: false,
      createdAt: A_TIME,
      updatedAt: A_TIME,
      clientMessageId: 'mine',
    });
    expect(first).toStrictEqual(heard);
    expect(await a.next('message:new')).toStrictEqual(heard);
    const attachments = [
      {
        url: 'https://files.example.com/plan.pdf',
        filename: 'plan.pdf',
        mimetype: 'application/pdf',
        size: 7,
      },
    ];
    const more = { messageType: 'file', attachments, replyTo: first.id };
    const file = await send(b, conversationId, '', more);
    expect(file).toMatchObject({ content: '', senderId: ben.userId, ...more });
    expect(await a.next('message:new')).toStrictEqual(file);
  });

  test('messages:read goes to devices that have joined, and to the reader’s own', async () => {
    const { conversationId, ann, ben, cat } = await newTeam(backend);
    const [a, b] = [await enter(backend, ann, conversationId), await enter(backend, ben, conversationId)];
    const [other, outside] = [await openStock(backend, ben), await openStock(backend, cat)];
    const sent = [await send(a, conversationId, 'one'), await send(a, conversationId, 'two')];
    const [one, two] = sent.map(({ id }) => id);
    const byBen = { userId: ben.userId, readAt: A_TIME };
    const some = { conversationId, messageIds: [one] };
    expect(await b.request('messages:read', some)).toEqual({ ok: true, ...some });
    for (const device of [a, b, other])
      expect(await device.next('messages:read')).toStrictEqual({ ...some, ...byBen });
    const rest = { conversationId, messageIds: [two] };
    expect(await b.request('messages:read', { conversationId })).toEqual({ ok: true, ...rest });
    for (const device of [a, b, other])
      expect(await device.next('messages:read')).toStrictEqual({ ...rest, ...byBen });
    await backend.settled(outside);
    expect(outside.all('messages:read')).toEqual([]);
  });

  test('message:deleted, message:updated and message:reaction go to devices that have joined', async () => {
    const { conversationId, ann, ben, cat } = await newTeam(backend);
    const [a, b] = [await enter(backend, ann, conversationId), await enter(backend, ben, conversationId)];
    const outside = await openStock(backend, cat);
    const message = await send(a, conversationId, 'tpyo');
    const edit = { messageId: message.id, content: 'typo' };
    const answer = (await a.request('message:edit', edit)) as { readonly message: Message };
    const edited = { ...message, content: 'typo', isEdited: true, updatedAt: A_TIME };
    expect(answer).toStrictEqual({ ok: true, message: edited });
    for (const device of [a, b]) expect(await device.next('message:updated')).toStrictEqual(answer.message);
    const reactions = [{ userId: ben.userId, emoji: '👍', createdAt: A_TIME }];
    const reaction = { messageId: message.id, emoji: '👍' };
    const reacted = { conversationId, userId: ben.userId, ...reaction };
    expect(await b.request('message:react', reaction)).toStrictEqual({
      ok: true,
      messageId: message.id,
      reactions,
    });
    for (const device of [a, b]) {
      expect(await device.next('message:reaction')).toStrictEqual({ ...reacted, action: 'added', reactions });
    }
    expect(await b.request('message:react', { ...reaction, remove: true })).toMatchObject({ reactions: [] });
    expect(await a.next('message:reaction')).toStrictEqual({ ...reacted, action: 'removed', reactions: [] });
    const gone = { conversationId, messageId: message.id };
    expect(await a.request('message:delete', message.id)).toEqual({ ok: true, messageId: message.id });
    for (const device of [a, b]) expect(await device.next('message:deleted')).toStrictEqual(gone);
    await backend.settled(outside);
    for (const event of ['message:updated', 'message:reaction', 'message:deleted']) {
      expect(outside.all(event)).toEqual([]);
    }
  });

  test('what was done already is done again in silence', async () => {
    const { conversationId, ann, ben } = await newTeam(backend);
    const [a, b] = [await enter(backend, ann, conversationId), await enter(backend, ben, conversationId)];
    const { id: messageId } = await send(a, conversationId, 'x', { clientMessageId: 'once' });
    await send(a, conversationId, 'x', { clientMessageId: 'once' });
    for (const _ of [1, 2]) {
      expect(await b.request('message:react', { messageId, emoji: '👍' })).toMatchObject({ ok: true });
    }
    for (const _ of [1, 2])
      expect(await a.request('message:delete', { messageId })).toMatchObject({ ok: true });
    await backend.settled(a, b);
    for (const event of ['message:new', 'message:reaction', 'message:deleted']) {
      expect(a.all(event)).toHaveLength(1);
    }
  });
});

describe('Notification events', () => {
  const news = { type: 'news', title: 'News', message: 'Something is new.' } as const;

  test('notification:new has every documented field; reading is told to the user’s other devices', async () => {
    const ann = await newPerson(backend, 'Ann');
    const [phone, laptop] = [await openStock(backend, ann), await openStock(backend, ann)];
    const more = { link: '/orders/7', data: { orderId: 7 } };
    const id = await parley.emitNotificationToUser(ann.userId, { ...news, ...more });
    for (const device of [phone, laptop]) {
      expect(await device.next('notification:new')).toStrictEqual({
        ...{ id, ...news, ...more },
        isRead: false,
        createdAt: A_TIME,
      });
    }
    phone.emit('notification:read', id);
    expect(await laptop.next('notification:read')).toBe(id);
    expect(await phone.request('notifications:read-all')).toEqual({ ok: true });
    expect(await laptop.next('notifications:read-all')).toBeUndefined();
    await backend.settled(phone);
    expectSilence(phone, laptop);
  });

  test('a message in a conversation that the device has not joined comes as one', async () => {
    const { conversationId, ann, ben } = await newTeam(backend);
    const [outside, other] = [await openStock(backend, ben), await openStock(backend, ben)];
    const own = await openStock(backend, ann);
    const message = await send(await enter(backend, ann, conversationId), conversationId, 'x'.repeat(200));
    expect(await outside.next('notification:new')).toStrictEqual({
      id: message.id,
      type: 'new_message',
      title: 'Ann',
      message: `${'x'.repeat(99)}…`,
      data: { conversationId, messageId: message.id, senderId: ann.userId },
      isRead: false,
      createdAt: message.createdAt,
    });
    // Nothing is kept of it: the other devices learn that it was read, and the message stays unread.
    outside.emit('notification:read', message.id);
    expect(await other.next('notification:read')).toBe(message.id);
    expect((await ben.get('/api/messages/unread-count')).body.data).toEqual({ unreadCount: 1 });
    await backend.settled(own, outside);
    expectSilence(own, outside);
  });
});

describe('Presence events', () => {
  test('user:get-status and users:get-status call back with the documented values', async () => {
    const { conversationId, ann, ben, cat, eve } = await newTeam(backend);
    const [a] = [
      await enter(backend, ann, conversationId),
      await openStock(backend, ben),
      await openStock(backend, eve),
    ];
    await backend.settled(a);
    expect(await a.request('user:get-status', ben.userId)).toStrictEqual({
      userId: ben.userId,
      status: 'online',
    });
    const asked = [cat.userId, ben.userId, ann.userId, eve.userId, 'nobody'];
    expect(await a.request('users:get-status', asked)).toStrictEqual([
      { userId: cat.userId, status: 'offline' },
      { userId: ben.userId, status: 'online' },
      { userId: ann.userId, status: 'online' },
      // Who is no contact is offline, like who does not exist.
      { userId: eve.userId, status: 'offline' },
      { userId: 'nobody', status: 'offline' },
    ]);
  });

  test('user:status-changed tells those who share a conversation of every change, and nobody else', async () => {
    const { ann, ben, eve } = await newTeam(backend);
    const [a, stranger] = [await openStock(backend, ann), await openStock(backend, eve)];
    const b = await openStock(backend, ben);
    expect(await a.next('user:status-changed')).toStrictEqual({ userId: ben.userId, status: 'online' });
    // Within a second of the beginning an end may be told twice.
    await backend.pass(1_001);
    b.socket.disconnect();
    expect(await a.next('user:status-changed')).toStrictEqual({ userId: ben.userId, status: 'offline' });
    await backend.settled(a, stranger);
    expect(a.unawaited).toEqual([]);
    expect(stranger.heard).toEqual([]);
  });
});
