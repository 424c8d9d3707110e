import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { newScene, type Person, platformOf, refused, say } from '../support/booking-scene.ts';
import { backendForFile } from '../support/stack.ts';

/* What becomes of conversations when the platform says something new of their people, bookings and businesses. */

const backend = await backendForFile();
const platform = await platformOf(backend);
const UNAUTHORIZED = refused('UNAUTHORIZED', 'Unauthorized');
const NOT_FOUND = refused('NOT_FOUND', 'Booking not found');
const historyOf = (bookingId: string) => `/api/messages/booking/${bookingId}`;

/** A booking on which one thing was said, each side on a device that has joined. */
async function spoken() {
  const scene = await newScene(backend);
  const { bookingId, client, owner } = scene;
  const ann = await client.enter(bookingId);
  const ben = await owner.enter(bookingId);
  const message = await say(ann, bookingId, 'hello');
  await Promise.all([ann.next('newMessage'), ben.next('newMessage')]);
  return { ...scene, ann, ben, message };
}

/** Everything that somebody without a part in a booking is refused, with this error. */
async function expectShutOut(person: Person, bookingId: string, answer: typeof NOT_FOUND): Promise<void> {
  const device = await person.connect();
  for (const action of ['joinBooking', 'sendMessage', 'typing']) {
    const data = { bookingId, content: 'x', isTyping: true };
    expect(await device.request(action, data), action).toEqual(answer);
  }
  const { status, body } = await person.get(historyOf(bookingId));
  expect([status, body.error, body.message]).toEqual([
    answer.error.code === 'NOT_FOUND' ? 404 : 403,
    answer.error.code,
    answer.error.message,
  ]);
}

describe('a user', () => {
  test('goes by the name that was told last', async () => {
    const { bookingId, client, owner, ann } = await spoken();
    await platform.put(`users/${client.userId}`, { name: 'Anna' });
    const sender = { _id: client.userId, name: 'Anna' };
    expect(await owner.history(bookingId)).toMatchObject([{ sender }]);
    expect((await owner.history(bookingId))[0]?.sender).toStrictEqual(sender);
    expect((await say(await client.connect(), bookingId, 'again')).sender).toStrictEqual(sender);
    expect(await ann.request('authenticate', client.token)).toMatchObject({ ok: true });
    expect((await say(ann, bookingId, 'and again')).sender).toStrictEqual(sender);
  });

  test('who is forgotten is unknown until told of again', async () => {
    const { bookingId, client, owner } = await spoken();
    await platform.forget(`users/${client.userId}`);
    expect(await client.get(historyOf(bookingId))).toMatchObject({
      status: 401,
      body: { message: 'User not found' },
    });
    expect(await owner.history(bookingId)).toMatchObject([
      { sender: { _id: client.userId, name: 'Unknown user' } },
    ]);
    await platform.put(`users/${client.userId}`, { name: 'Ann again' });
    expect(await client.history(bookingId)).toMatchObject([{ sender: { name: 'Ann again' } }]);
  });
});

describe('a booking', () => {
  test('of another client shuts the first one out, who hears no more, and lets the other in', async () => {
    const { bookingId, businessId, client, stranger, ann, ben, message } = await spoken();
    const clientId = stranger.userId;
    await platform.put(`bookings/${bookingId}`, { clientId, businessId, title: 'Haircut' });
    await say(ben, bookingId, 'for the new client');
    await ben.request('typing', { bookingId, isTyping: true });
    await ben.request('markAsRead', { messageIds: [message._id] });
    await backend.settled(ben, ann);
    expect(ann.unawaited).toEqual([]);
    await expectShutOut(client, bookingId, UNAUTHORIZED);
    const markAsRead = { messageIds: [message._id] };
    expect(await (await client.connect()).request('markAsRead', markAsRead)).toEqual(UNAUTHORIZED);
    expect((await client.get('/api/messages/my-conversations')).body.data).toMatchObject({
      conversations: [],
    });
    expect(await stranger.history(bookingId)).toMatchObject([
      { content: 'hello' },
      { content: 'for the new client' },
    ]);
    expect(await say(await stranger.enter(bookingId), bookingId, 'mine now')).toMatchObject({
      senderType: 'client',
    });
  });

  test('that is forgotten is not found, and comes back with its history', async () => {
    const { bookingId, businessId, client, owner, ann, ben, message } = await spoken();
    await platform.forget(`bookings/${bookingId}`);
    for (const person of [client, owner]) await expectShutOut(person, bookingId, NOT_FOUND);
    expect(await ben.request('markAsRead', { messageIds: [message._id] })).toEqual(UNAUTHORIZED);
    await backend.settled(ann, ben);
    expect(ann.unawaited).toEqual([]);
    const list = `/api/messages/business/${businessId}/conversations`;
    expect((await owner.get(list)).body.data).toMatchObject({ conversations: [] });
    await platform.put(`bookings/${bookingId}`, { clientId: client.userId, businessId });
    const listed = {
      conversations: [{ booking: { _id: bookingId }, lastMessage: { content: 'hello' }, unreadCount: 1 }],
    };
    expect((await owner.get(list)).body.data).toMatchObject(listed);
    expect(await client.history(bookingId)).toEqual([message]);
    expect(await say(ben, bookingId, 'welcome back')).toMatchObject({ senderType: 'business' });
    expect(await ann.next('newMessage')).toMatchObject({ content: 'welcome back' });
  });

  test('shows its new title in the lists', async () => {
    const { bookingId, businessId, client } = await spoken();
    await platform.put(`bookings/${bookingId}`, { clientId: client.userId, businessId, title: 'Beard' });
    expect((await client.get('/api/messages/my-conversations')).body.data).toMatchObject({
      conversations: [{ booking: { title: 'Beard' } }],
    });
  });

  test('at another business changes its owner', async () => {
    const { bookingId, client, owner, stranger, ann } = await spoken();
    const businessId = `business-${randomUUID()}`;
    await platform.put(`businesses/${businessId}`, { name: 'Mallory’s', ownerId: stranger.userId });
    await platform.put(`bookings/${bookingId}`, { clientId: client.userId, businessId });
    await expectShutOut(owner, bookingId, UNAUTHORIZED);
    await say(await stranger.connect(), bookingId, 'taken over');
    expect(await ann.next('newMessage')).toMatchObject({ senderType: 'business', content: 'taken over' });
    const { data } = (await stranger.get(`/api/messages/business/${businessId}/conversations`)).body;
    expect(data).toMatchObject({ conversations: [{ business: { name: 'Mallory’s' } }] });
  });
});

describe('a business', () => {
  const mayRead = (person: Person, bookingId: string) => async () =>
    (await person.get(historyOf(bookingId))).status;

  test('of another owner shuts the first one out, who hears no more, and lets the other in', async () => {
    const { bookingId, businessId, owner, stranger, ann, ben } = await spoken();
    await platform.put(`businesses/${businessId}`, { name: 'Mallory’s', ownerId: stranger.userId });
    await expect.poll(mayRead(owner, bookingId)).toBe(403);
    await expect.poll(mayRead(stranger, bookingId)).toBe(200);
    await say(ann, bookingId, 'for the new owner');
    await backend.settled(ann, ben);
    expect(ben.unawaited).toEqual([]);
    await expectShutOut(owner, bookingId, UNAUTHORIZED);
    const list = `/api/messages/business/${businessId}/conversations`;
    expect(await owner.get(list)).toMatchObject({ status: 403 });
    expect((await stranger.get(list)).body.data).toMatchObject({ conversations: [{ unreadCount: 2 }] });
  });

  test('that is forgotten shuts its owner out, and comes back with its conversations', async () => {
    const { bookingId, businessId, owner, ben } = await spoken();
    await platform.forget(`businesses/${businessId}`);
    await expect.poll(mayRead(owner, bookingId)).toBe(403);
    expect(await owner.get(`/api/messages/business/${businessId}/conversations`)).toMatchObject({
      status: 403,
    });
    await platform.put(`businesses/${businessId}`, { name: 'Ben’s', ownerId: owner.userId });
    await expect.poll(mayRead(owner, bookingId)).toBe(200);
    expect(await say(ben, bookingId, 'open again')).toMatchObject({ senderType: 'business' });
  });

  test('shows its new name in the lists', async () => {
    const { businessId, client, owner } = await spoken();
    await platform.put(`businesses/${businessId}`, { name: 'Ben & Sons', ownerId: owner.userId });
    expect((await client.get('/api/messages/my-conversations')).body.data).toMatchObject({
      conversations: [{ business: { name: 'Ben & Sons' } }],
    });
  });
});
