import { describe, expect, test } from 'vitest';
import { newBooking, newScene, say } from '../support/booking-scene.ts';
import type { NativeClient } from '../support/native-client.ts';
import { backendForFile } from '../support/stack.ts';

const backend = await backendForFile();

/** Typing ends by itself between 8 and 12 s after the last word of it. */
const NOT_YET_MS = 5_000;
const OVER_MS = 12_500;

/** A booking with both sides on a device that has joined. */
async function together() {
  const scene = await newScene(backend);
  const [ann, ben] = await Promise.all([
    scene.client.enter(scene.bookingId),
    scene.owner.enter(scene.bookingId),
  ]);
  const word = (isTyping: boolean) => ({ bookingId: scene.bookingId, userId: scene.client.userId, isTyping });
  return { ...scene, ann, ben, word };
}

/** The end may be told once more when it would have been due; nothing else comes by itself. */
async function expectNothingNew(ann: NativeClient, ben: NativeClient, end: unknown): Promise<void> {
  const before = ben.heard.length;
  await backend.pass(OVER_MS);
  await backend.settled(ann, ben);
  for (const heard of ben.heard.slice(before)) expect(heard).toEqual({ event: 'typing', data: end });
}

describe('typing', () => {
  test('is told to the others in the room alone, and stored nowhere', async () => {
    const { ann, ben, bookingId, client, owner, stranger, word } = await together();
    const deaf = [await client.enter(bookingId), await owner.connect(), await stranger.connect()];
    for (const isTyping of [true, false]) {
      expect(await ann.request('typing', { bookingId, isTyping })).toEqual({ ok: true });
    }
    await backend.settled(ann, ben, ...deaf);
    expect(ben.heard).toEqual([
      { event: 'typing', data: word(true) },
      { event: 'typing', data: word(false) },
    ]);
    for (const device of [ann, ...deaf]) expect(device.heard).toEqual([]);
    expect(await client.history(bookingId)).toEqual([]);
  });

  test('stops on the server’s word when nothing more is said of it', async () => {
    const { ann, ben, bookingId, word } = await together();
    await ann.request('typing', { bookingId, isTyping: true });
    expect(await ben.next('typing')).toEqual(word(true));
    await backend.pass(NOT_YET_MS);
    await backend.settled(ann, ben);
    expect(ben.unawaited).toEqual([]);
    await backend.pass(OVER_MS - NOT_YET_MS);
    expect(await ben.next('typing')).toEqual(word(false));
  });

  test('goes on while it is refreshed, and then stops', async () => {
    const { ann, ben, bookingId, word } = await together();
    for (let refresh = 1; refresh <= 4; refresh += 1) {
      await ann.request('typing', { bookingId, isTyping: true });
      expect(await ben.next('typing')).toEqual(word(true));
      await backend.pass(NOT_YET_MS);
      await backend.settled(ann, ben);
      expect(ben.unawaited).toEqual([]);
    }
    await backend.pass(OVER_MS - NOT_YET_MS);
    expect(await ben.next('typing')).toEqual(word(false));
    await expectNothingNew(ann, ben, word(false));
  });

  test('that has ended stays ended', async () => {
    const { ann, ben, bookingId, word } = await together();
    await ann.request('typing', { bookingId, isTyping: true });
    await ann.request('typing', { bookingId, isTyping: false });
    await backend.settled(ann, ben);
    expect(ben.heard.map(({ data }) => data)).toEqual([word(true), word(false)]);
    await expectNothingNew(ann, ben, word(false));
  });

  test('stops when a message is sent, before it is shown', async () => {
    const { ann, ben, bookingId, word } = await together();
    await ann.request('typing', { bookingId, isTyping: true });
    const message = await say(ann, bookingId, 'done');
    await backend.settled(ann, ben);
    expect(ben.heard).toEqual([
      { event: 'typing', data: word(true) },
      { event: 'typing', data: word(false) },
      { event: 'newMessage', data: message },
    ]);
    await expectNothingNew(ann, ben, word(false));
  });

  test('stops when a message is sent from the user’s other device', async () => {
    const { ann, ben, bookingId, client, word } = await together();
    await ann.request('typing', { bookingId, isTyping: true });
    await say(await client.connect(), bookingId, 'done');
    expect(await ben.next('typing')).toEqual(word(true));
    expect(await ben.next('typing')).toEqual(word(false));
  });

  test('stops when the device leaves the room', async () => {
    const { ann, ben, bookingId, word } = await together();
    await ann.request('typing', { bookingId, isTyping: true });
    await ann.request('leaveBooking', bookingId);
    expect(await ben.next('typing')).toEqual(word(true));
    expect(await ben.next('typing')).toEqual(word(false));
  });

  test('stops when a device leaves that had never joined', async () => {
    const { ben, bookingId, client, word } = await together();
    const device = await client.connect();
    await device.request('typing', { bookingId, isTyping: true });
    await device.request('leaveBooking', bookingId);
    expect(await ben.next('typing')).toEqual(word(true));
    expect(await ben.next('typing')).toEqual(word(false));
  });

  test('stops when the device disconnects', async () => {
    const { ann, ben, bookingId, word } = await together();
    await ann.request('typing', { bookingId, isTyping: true });
    expect(await ben.next('typing')).toEqual(word(true));
    await ann.close();
    expect(await ben.next('typing')).toEqual(word(false));
  });

  test('in another booking ends it in the first', async () => {
    const { ann, ben, bookingId, word, ...scene } = await together();
    const other = await newBooking(backend, scene);
    await ben.request('joinBooking', other);
    await ann.request('typing', { bookingId, isTyping: true });
    expect(await ben.next('typing')).toEqual(word(true));
    await ann.request('typing', { bookingId: other, isTyping: true });
    const heard = [await ben.next('typing'), await ben.next('typing')];
    expect(heard).toContainEqual(word(false));
    expect(heard).toContainEqual({ ...word(true), bookingId: other });
    await backend.pass(OVER_MS);
    await backend.settled(ann, ben);
    const later = ben.unawaited.map(({ data }) => data);
    expect(later).toContainEqual({ ...word(false), bookingId: other });
    expect(later).not.toContainEqual(expect.objectContaining({ isTyping: true }));
  });
});
