import { io } from 'socket.io-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newPerson, newScene, type Person } from '../support/booking-scene.ts';
import { platformSdk } from '../support/conversation-scene.ts';
import { A_MESSAGE_ID, A_TIME, heardOf, refusalOf, soon, unawaitedBy } from '../support/documented.ts';
import { backendForFile } from '../support/stack.ts';
import { openStock, type StockClient } from '../support/stock-client.ts';

/** appointment.md, in its order: its connection, its events and its complete example, with the client it is written for. */

const backend = await backendForFile({ DIALECT: 'appointment' });
const parley = platformSdk(backend);

type Message = { readonly id: string; readonly [field: string]: unknown };

/** A client, a therapist, and one whom it does not concern. */
async function newPractice() {
  const [ann, ben, eve] = await Promise.all(['Ann', 'Ben', 'Eve'].map((name) => newPerson(backend, name)));
  return { ann, ben, eve } as { readonly ann: Person; readonly ben: Person; readonly eve: Person };
}

/** A message as the document shows it, and for whom it is. */
function messageOf(from: Person, to: Person, content: string, messageType = 'TEXT') {
  return {
    id: A_MESSAGE_ID,
    senderId: from.userId,
    recipientId: to.userId,
    content,
    createdAt: A_TIME,
    messageType,
  };
}

/** Sends a message that is expected to be taken, and gives it as the acknowledgement has it. */
async function send(device: StockClient, to: Person, content: string): Promise<Message> {
  const answer = await device.request('message:send', { recipientId: to.userId, content });
  expect(answer).toMatchObject({ ok: true, message: { content } });
  return (answer as { readonly message: Message }).message;
}

describe('Connection events', () => {
  test('connect and disconnect, as the document has it', async () => {
    const { ann } = await newPractice();
    const socket = io(backend.url, { auth: { token: ann.token } });
    onTestFinished(() => void socket.disconnect());
    await new Promise<void>((resolve, reject) => {
      socket.on('connect', () => resolve());
      socket.on('connect_error', reject);
    });
    expect(socket.id).toMatch(/./);
    const reason = new Promise((resolve) => socket.on('disconnect', resolve));
    socket.disconnect();
    expect(await reason).toBe('io client disconnect');
  });

  test('connect_error is AUTHENTICATION_FAILED, whatever is wrong with the token', async () => {
    const { ann } = await newPractice();
    const unknown = await backend.token({ sub: 'nobody-knows-me' });
    const exp = Math.floor(backend.now() / 1000) - 1;
    const expired = await backend.token({ sub: ann.userId, exp });
    for (const auth of [{}, { token: `${ann.token}x` }, { token: unknown }, { token: expired }]) {
      expect(await refusalOf(backend, { auth })).toStrictEqual({
        message: 'AUTHENTICATION_FAILED',
        data: { code: 'AUTHENTICATION_FAILED' },
      });
    }
  });
});

describe('Messaging events', () => {
  test('message:send: message:received by all the recipient’s devices and the sender’s others', async () => {
    const { ann, ben, eve } = await newPractice();
    const [a, other] = [await openStock(backend, ann), await openStock(backend, ann)];
    const [b, second] = [await openStock(backend, ben), await openStock(backend, ben)];
    const stranger = await openStock(backend, eve);
    a.emit('message:send', { recipientId: ben.userId, content: 'Hello!', messageType: 'TEXT' });
    const heard = await b.next('message:received');
    expect(heard).toStrictEqual(messageOf(ann, ben, 'Hello!'));
    for (const device of [second, other]) expect(await device.next('message:received')).toStrictEqual(heard);
    await backend.settled(a, other, b, second, stranger);
    for (const device of [a, other, b, second, stranger]) expect(unawaitedBy(device)).toEqual([]);
  });

  test('messageType is upper case both ways, and the acknowledgement shows the message', async () => {
    const { ann, ben } = await newPractice();
    const [a, b] = [await openStock(backend, ann), await openStock(backend, ben)];
    for (const messageType of ['TEXT', 'IMAGE', 'FILE']) {
      const payload = { recipientId: ben.userId, content: 'x', messageType, clientMessageId: messageType };
      const message = { ...messageOf(ann, ben, 'x', messageType), clientMessageId: messageType };
      const first = await a.request('message:send', payload);
      expect(first).toStrictEqual({ ok: true, message });
      expect(await b.next('message:received')).toStrictEqual((first as { message: unknown }).message);
      expect(await a.request('message:send', payload)).toStrictEqual(first);
    }
    await backend.settled(b);
    expect(unawaitedBy(b)).toEqual([]);
  });

  test('message:read reaches the author’s devices and the reader’s others', async () => {
    const { ann, ben } = await newPractice();
    const [a, b] = [await openStock(backend, ann), await openStock(backend, ben)];
    const other = await openStock(backend, ben);
    const { id: messageId } = await send(a, ben, 'read me');
    for (const device of [b, other]) await device.next('message:received');
    b.emit('message:read', { messageId });
    const receipt = { messageId, userId: ben.userId, readAt: A_TIME };
    for (const device of [a, other]) expect(await device.next('message:read')).toStrictEqual(receipt);
    expect(await b.request('message:read', messageId)).toStrictEqual({ ok: true, messageId });
    await backend.settled(a, b);
    for (const device of [a, b]) expect(unawaitedBy(device)).toEqual([]);
    expect((await ben.get('/api/messages/unread-count')).body.data).toStrictEqual({ unreadCount: 0 });
  });

  test('message:typing shows as user:typing on the recipient’s devices, and ends by itself', async () => {
    const { ann, ben, eve } = await newPractice();
    const [a, other] = [await openStock(backend, ann), await openStock(backend, ann)];
    const [b, stranger] = [await openStock(backend, ben), await openStock(backend, eve)];
    for (const isTyping of [true, false]) {
      a.emit('message:typing', { recipientId: ben.userId, isTyping });
      expect(await b.next('user:typing')).toStrictEqual({ userId: ann.userId, isTyping });
    }
    const begun = { recipientId: ben.userId, isTyping: true };
    expect(await a.request('message:typing', begun)).toStrictEqual({ ok: true });
    expect(await b.next('user:typing')).toMatchObject({ isTyping: true });
    await backend.pass(8_000);
    expect(await b.next('user:typing')).toStrictEqual({ userId: ann.userId, isTyping: false });
    await backend.settled(a, other, stranger);
    for (const device of [a, other, stranger]) expect(unawaitedBy(device)).toEqual([]);
  });
});

describe('Notification events', () => {
  test('notification:new has every documented field; reading is told to the user’s other devices', async () => {
    const { ann } = await newPractice();
    const [phone, laptop] = [await openStock(backend, ann), await openStock(backend, ann)];
    const news = { type: 'news', title: 'News', message: 'Something is new.' };
    const id = await parley.emitNotificationToUser(ann.userId, news);
    for (const device of [phone, laptop]) {
      expect(await device.next('notification:new')).toStrictEqual({
        ...{ id, ...news },
        isRead: false,
        createdAt: A_TIME,
      });
    }
    phone.emit('notification:read', { notificationId: id });
    expect(await laptop.next('notification:read')).toStrictEqual({ notificationId: id });
    expect(await phone.request('notification:read', id)).toStrictEqual({ ok: true, notificationId: id });
    expect(await phone.request('notifications:read-all')).toStrictEqual({ ok: true });
    expect(await laptop.next('notifications:read-all')).toBeUndefined();
    await backend.settled(phone);
    expect(unawaitedBy(phone)).toEqual([]);
    phone.emit('notification:read', { notificationId: 'nothing' });
    expect(await phone.next('error')).toStrictEqual({
      message: 'Notification not found',
      code: 'NOT_FOUND',
    });
  });
});

describe('Presence events', () => {
  test('user:online and user:offline go to those who share a conversation', async () => {
    const { ann, ben, eve } = await newPractice();
    const [a, stranger] = [await openStock(backend, ann), await openStock(backend, eve)];
    await send(a, ben, 'hello');
    const b = await openStock(backend, ben);
    expect(await a.next('user:online')).toStrictEqual({ userId: ben.userId });
    // Within a second of the beginning an end may be told twice.
    await backend.pass(1_001);
    b.socket.disconnect();
    expect(await a.next('user:offline')).toStrictEqual({ userId: ben.userId });
    await backend.settled(a, stranger);
    expect(a.heard).toHaveLength(2);
    for (const { userId } of [ann, ben]) expect(heardOf(stranger, 'user:online', userId)).toEqual([]);
  });
});

describe('Appointment events', () => {
  test('appointment:updated tells both sides that the status has changed', async () => {
    const { bookingId, businessId, client, owner, stranger } = await newScene(backend);
    const booking = { clientId: client.userId, businessId };
    const [phone, tablet, desk, outside] = [
      await openStock(backend, client),
      await openStock(backend, client),
      await openStock(backend, owner),
      await openStock(backend, stranger),
    ];
    await parley.saveBooking(bookingId, { ...booking, status: 'confirmed', message: 'See you!' });
    for (const device of [phone, tablet, desk]) {
      expect(await device.next('appointment:updated')).toStrictEqual({
        appointmentId: bookingId,
        status: 'confirmed',
        message: 'See you!',
      });
    }
    await backend.settled(phone, outside);
    for (const device of [phone, outside]) expect(unawaitedBy(device)).toEqual([]);
  });

  test('appointment:reminder comes to both sides so many minutes ahead, and lies in the inbox', async () => {
    const { bookingId, businessId, client, owner } = await newScene(backend);
    const [phone, desk] = [await openStock(backend, client), await openStock(backend, owner)];
    const startTime = new Date(backend.now() + 20 * 60_000).toISOString();
    await parley.saveBooking(bookingId, { clientId: client.userId, businessId, startTime });
    await backend.pass(5 * 60_000);
    for (const device of [phone, desk]) {
      expect(await device.next('appointment:reminder')).toStrictEqual({
        id: bookingId,
        therapistName: 'Ben’s Barbershop',
        startTime,
        minutesUntil: 15,
      });
    }
    expect((await client.get('/api/notifications?unread=true')).body.data).toMatchObject({
      notifications: [{ type: 'appointment_reminder' }, { type: 'appointment_updated' }],
    });
  });
});

test('Rooms: user:{userId} and therapist:{therapistId} are joined by connecting', async () => {
  const { ann, ben } = await newPractice();
  const therapistId = `therapist-${ben.userId}`;
  const token = await backend.token({ sub: ben.userId, therapistId });
  const [therapist, elsewhere] = [await openStock(backend, { token }), await openStock(backend, ben)];
  const patient = await openStock(backend, ann);
  await parley.sendToRoom(`therapist:${therapistId}`, 'roster:changed', { week: 7 });
  expect(await therapist.next('roster:changed')).toStrictEqual({ week: 7 });
  await parley.sendToUser(ann.userId, 'invoice:ready', { id: 1 });
  expect(await patient.next('invoice:ready')).toStrictEqual({ id: 1 });
  await backend.settled(therapist, elsewhere, patient);
  for (const device of [therapist, elsewhere, patient]) expect(unawaitedBy(device)).toEqual([]);
});

describe('Error handling', () => {
  test('each of the common errors is told by its code', async () => {
    const { ann, ben, eve } = await newPractice();
    const [a, stranger] = [await openStock(backend, ann), await openStock(backend, eve)];
    const { id } = await send(a, ben, 'not yours');
    const refused = async (device: StockClient, event: string, payload: unknown, error: object) => {
      device.emit(event, payload);
      expect(await device.next('error')).toStrictEqual(error);
      expect(await device.request(event, payload)).toStrictEqual({ ok: false, error });
      await device.next('error');
    };
    const denied = { message: 'Action not permitted', code: 'UNAUTHORIZED' };
    await refused(stranger, 'message:read', { messageId: id }, denied);
    await refused(stranger, 'message:read', { messageId: `c${'0'.repeat(22)}.1` }, denied);
    const invalid = { message: expect.stringMatching(/^Invalid payload: /), code: 'INVALID_PAYLOAD' };
    await refused(a, 'message:send', { recipientId: ben.userId }, invalid);
    await refused(a, 'message:send', { recipientId: ben.userId, content: 'x', messageType: 'text' }, invalid);
    const nobody = { message: 'Receiver not found', code: 'NOT_FOUND' };
    for (const recipientId of ['nobody', ann.userId]) {
      await refused(a, 'message:send', { recipientId, content: 'x' }, nobody);
      await refused(a, 'message:typing', { recipientId, isTyping: true }, nobody);
    }
    const exp = Math.floor(backend.now() / 1000) + 60;
    const brief = await openStock(backend, { token: await backend.token({ sub: ann.userId, exp }) });
    await backend.pass(61_000);
    await refused(
      brief,
      'message:send',
      { recipientId: ben.userId, content: 'x' },
      {
        message: 'Token expired',
        code: 'AUTHENTICATION_FAILED',
      },
    );
  });
});

describe('Reconnection', () => {
  test('is automatic: the client counts its attempts, and hears on', async () => {
    const { ann, ben } = await newPractice();
    const [a, b] = [await openStock(backend, ann), await openStock(backend, ben, { reconnectionDelay: 20 })];
    const attempts = new Promise((resolve) => b.socket.io.on('reconnect', resolve));
    b.socket.io.engine.close();
    expect(await attempts).toBe(1);
    await soon(() => b.socket.connected).toBe(true);
    const message = await send(a, ben, 'welcome back');
    expect(await b.next('message:received')).toStrictEqual(message);
  });

  test('reconnect_error is for those who cannot', async () => {
    const socket = io('http://127.0.0.1:9', { reconnectionDelay: 20, forceNew: true });
    onTestFinished(() => void socket.disconnect());
    const failed = new Promise((resolve) => socket.io.on('reconnect_error', resolve));
    expect(await failed).toBeInstanceOf(Error);
  });
});

test('the complete example', async () => {
  const { ann, ben } = await newPractice();
  const shown = { messages: [] as unknown[], notifications: [] as unknown[] };
  const socket = io(backend.url, { auth: { token: ben.token }, forceNew: true });
  onTestFinished(() => void socket.disconnect());
  const connected = new Promise<void>((resolve) => socket.on('connect', () => resolve()));
  socket.on('message:received', (message) => shown.messages.push(message));
  socket.on('notification:new', (notification) => shown.notifications.push(notification));
  const sendMessage = (recipientId: string, content: string) =>
    socket.emit('message:send', { recipientId, content });
  await connected;
  const a = await openStock(backend, ann);
  const message = await send(a, ben, 'Good morning');
  await soon(() => shown.messages).toStrictEqual([message]);
  await parley.emitNotificationToUser(ben.userId, { type: 'news', title: 'News', message: 'New.' });
  await soon(() => shown.notifications).toMatchObject([{ type: 'news', title: 'News', message: 'New.' }]);
  sendMessage(ann.userId, 'And to you');
  expect(await a.next('message:received')).toStrictEqual(messageOf(ben, ann, 'And to you'));
  socket.disconnect();
  expect(shown.messages).toHaveLength(1);
});
