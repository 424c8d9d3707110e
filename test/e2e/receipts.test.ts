import { describe, expect, test } from 'vitest';
import { type Message, newBooking, newScene, type Person, refused, say } from '../support/booking-scene.ts';
import { A_TIME } from '../support/documented.ts';
import { call } from '../support/rest.ts';
import { backendForFile } from '../support/stack.ts';

const backend = await backendForFile();
const UNAUTHORIZED = refused('UNAUTHORIZED', 'Unauthorized');

const receipt = ({ userId }: Person, ...messages: readonly Pick<Message, '_id'>[]) => ({
  event: 'messagesMarkedAsRead',
  data: { messageIds: messages.map(({ _id }) => _id), userId, readAt: A_TIME },
});

/** A booking in which the client has said two things, each side on a device that has joined. */
async function spoken() {
  const scene = await newScene(backend);
  const { bookingId, client, owner } = scene;
  const ann = await client.connect();
  const first = await say(ann, bookingId, 'one');
  const second = await say(ann, bookingId, 'two');
  await ann.request('joinBooking', bookingId);
  return { ...scene, ann, ben: await owner.enter(bookingId), first, second };
}

describe('markAsRead', () => {
  test('answers with the ids, and tells the author', async () => {
    const { ann, ben, first, second, bookingId, client, owner } = await spoken();
    const messageIds = [first._id, second._id];
    expect(await ben.request('markAsRead', { messageIds })).toEqual({ ok: true, messageIds });
    expect(await ann.next('messagesMarkedAsRead')).toEqual(receipt(owner, first, second).data);
    expect(await client.history(bookingId)).toMatchObject([{ isRead: true }, { isRead: true }]);
  });

  test('tells the room and all of the reader’s devices, and nobody else', async () => {
    const { ann, ben, first, client, owner, stranger } = await spoken();
    const elsewhere = await owner.connect();
    const outside = [await client.connect(), await stranger.connect()];
    await ben.request('markAsRead', { messageIds: [first._id] });
    await backend.settled(ann, ben, elsewhere, ...outside);
    for (const device of [ann, ben, elsewhere]) expect(device.heard).toEqual([receipt(owner, first)]);
    for (const device of outside) expect(device.heard).toEqual([]);
  });

  test('ignores the caller’s own messages', async () => {
    const { ann, ben, first, second, bookingId, owner } = await spoken();
    const own = await say(ben, bookingId, 'three');
    const messageIds = [own._id, second._id];
    expect(await ben.request('markAsRead', { messageIds })).toEqual({ ok: true, messageIds: [second._id] });
    expect(await ann.next('messagesMarkedAsRead')).toEqual(receipt(owner, second).data);
    expect(await owner.history(bookingId)).toMatchObject([
      { _id: first._id, isRead: false },
      { _id: second._id, isRead: true },
      { _id: own._id, isRead: false },
    ]);
  });

  test('of nothing but own messages succeeds and tells the other side nothing', async () => {
    const { ann, ben, first } = await spoken();
    expect(await ann.request('markAsRead', { messageIds: [first._id] })).toEqual({
      ok: true,
      messageIds: [],
    });
    await backend.settled(ann, ben);
    expect(ben.heard).toEqual([]);
  });

  test('again succeeds, changes nothing, and tells the author nothing new', async () => {
    const { ann, ben, first, owner } = await spoken();
    const messageIds = [first._id];
    await ben.request('markAsRead', { messageIds });
    await ann.next('messagesMarkedAsRead');
    const before = await backend.rows();
    expect(await ben.request('markAsRead', { messageIds })).toEqual({ ok: true, messageIds });
    await backend.settled(ann, ben);
    expect(await backend.rows()).toEqual(before);
    expect(ann.unawaited).toEqual([]);
    expect(ben.heard).toEqual([receipt(owner, first), receipt(owner, first)]);
  });

  test('counts an id that is named twice once', async () => {
    const { ben, first } = await spoken();
    const answer = await ben.request('markAsRead', { messageIds: [first._id, first._id] });
    expect(answer).toEqual({ ok: true, messageIds: [first._id] });
  });

  test('takes ids of several bookings, and shows each author only their own', async () => {
    const { first, ann, ben, bookingId, owner, businessId } = await spoken();
    const elsewhere = await newScene(backend);
    const carl = elsewhere.client;
    const second = await newBooking(backend, { client: carl, businessId });
    const carlsDevice = await carl.enter(second);
    const message = await say(carlsDevice, second, 'from another client');
    const messageIds = [first._id, message._id];
    expect(await ben.request('markAsRead', { messageIds })).toEqual({ ok: true, messageIds });
    await backend.settled(ann, ben, carlsDevice);
    expect(ann.heard).toEqual([receipt(owner, first)]);
    expect(carlsDevice.unawaited.slice(1)).toEqual([receipt(owner, message)]);
    expect(ben.heard).toEqual([receipt(owner, first, message)]);
    expect(await owner.history(bookingId)).toMatchObject([{ isRead: true }, { isRead: false }]);
    expect(await owner.history(second)).toMatchObject([{ isRead: true }]);
  });

  test('with any id that is not a message of one’s own bookings refuses all of them', async () => {
    const { ann, ben, first, second, bookingId } = await spoken();
    const theirs = await spoken();
    const at = (place: string) => second._id.replace(/\.2$/, place);
    const before = await backend.rows();
    for (const forged of [
      theirs.first._id,
      ...['', '.', '.0', '.-1', '.02', '.+2', '.2 ', '.2.2', '.3', '.999999999999', `.${'9'.repeat(20)}`].map(
        at,
      ),
      bookingId,
      '507f1f77bcf86cd799439014',
      'CONV#x#LOG#000000000001',
      '__proto__',
      `c${'A'.repeat(22)}.1`,
    ]) {
      const messageIds = [first._id, forged];
      expect(await ben.request('markAsRead', { messageIds }), forged).toEqual(UNAUTHORIZED);
      expect(await ben.next('error')).toEqual(UNAUTHORIZED.error);
    }
    await backend.settled(ben, ann, theirs.ann, theirs.ben);
    for (const device of [ann, theirs.ann, theirs.ben]) expect(device.heard).toEqual([]);
    expect(await backend.rows()).toEqual(before);
    expect(await ben.request('markAsRead', { messageIds: [first._id] })).toMatchObject({ ok: true });
  });

  test('takes a hundred ids at once', async () => {
    const { ben, first } = await spoken();
    const many = Array.from({ length: 100 }, () => first._id);
    expect(await ben.request('markAsRead', { messageIds: many })).toMatchObject({ ok: true });
  });
});

describe('POST /api/messages/mark-read', () => {
  test('does the same, and pushes the receipt', async () => {
    const { ann, ben, first, owner } = await spoken();
    const elsewhere = await owner.connect();
    const answer = await owner.post('/api/messages/mark-read', { messageIds: [first._id] });
    expect(answer).toMatchObject({
      status: 200,
      body: { success: true, message: expect.any(String), data: { messageIds: [first._id] } },
    });
    await backend.settled(ann, ben, elsewhere);
    for (const device of [ann, ben, elsewhere]) expect(device.heard).toEqual([receipt(owner, first)]);
  });

  test('is all or nothing too', async () => {
    const { ann, ben, first, owner, stranger } = await spoken();
    const before = await backend.rows();
    const forged = first._id.replace(/\.1$/, '.9');
    const refusal = {
      status: 403,
      body: { success: false, message: 'Unauthorized', data: null, error: 'UNAUTHORIZED' },
    };
    const body = { messageIds: [first._id, forged] };
    expect(await owner.post('/api/messages/mark-read', body)).toMatchObject(refusal);
    expect(await stranger.post('/api/messages/mark-read', { messageIds: [first._id] })).toMatchObject(
      refusal,
    );
    await backend.settled(ann, ben);
    expect([ann.heard, ben.heard]).toEqual([[], []]);
    expect(await backend.rows()).toEqual(before);
  });

  test('refuses what is no list of ids with 400', async () => {
    const { owner } = await newScene(backend);
    const bodies = [{}, [], { messageIds: [] }, { messageIds: 'x' }, { messageIds: [1] }, 'null', '{', ''];
    for (const body of bodies) {
      expect(await owner.post('/api/messages/mark-read', body), JSON.stringify(body)).toMatchObject({
        status: 400,
        body: { success: false, data: null, error: 'INVALID_PAYLOAD' },
      });
    }
  });

  test('needs a token', async () => {
    const answer = await call(backend, 'POST', '/api/messages/mark-read', { body: { messageIds: ['x'] } });
    expect(answer).toMatchObject({ status: 401, body: { success: false, error: 'AUTHENTICATION_FAILED' } });
  });
});
