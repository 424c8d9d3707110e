import { describe, expect, test } from 'vitest';
import { type Message, newBooking, newScene, refused, type Scene, say } from '../support/booking-scene.ts';
import type { NativeClient } from '../support/native-client.ts';
import { backendForFile } from '../support/stack.ts';

const backend = await backendForFile();
const TOO_FAST = refused('RATE_LIMITED', 'Too many messages, slow down');
/** As many as one sender may send in one booking within ten seconds. */
const BURST = 10;
const WINDOW_MS = 10_500;

async function burst(device: NativeClient, bookingId: string): Promise<readonly Message[]> {
  const messages: Message[] = [];
  for (let n = 1; n <= BURST; n += 1) {
    messages.push(await say(device, bookingId, `message ${n}`, { clientMessageId: `burst-${n}` }));
  }
  return messages;
}

describe('a send that is tried again with its clientMessageId', () => {
  test('is answered with the first message, stored once and told once', async () => {
    const { bookingId, client, owner } = await newScene(backend);
    const [ann, ben] = [await client.enter(bookingId), await owner.enter(bookingId)];
    const first = await say(ann, bookingId, 'hello', { clientMessageId: 'm-1' });
    expect(first.clientMessageId).toBe('m-1');
    await backend.settled(ann);
    const before = await backend.rows();
    const again = { bookingId, content: 'hello', clientMessageId: 'm-1' };
    expect(await ann.request('sendMessage', again)).toEqual({ ok: true, message: first });
    const elsewhere = await client.connect();
    const reworded = { ...again, content: 'something else' };
    expect(await elsewhere.request('sendMessage', reworded)).toEqual({ ok: true, message: first });
    await backend.settled(ann, elsewhere, ben);
    expect(ben.heard).toEqual([{ event: 'newMessage', data: first }]);
    expect(await client.history(bookingId)).toEqual([first]);
    expect((await backend.rows()).filter(isEntry)).toEqual(before.filter(isEntry));
  });

  test('is recognised after twenty other messages', async () => {
    const { bookingId, client, owner } = await newScene(backend);
    const [ann, ben] = [await client.connect(), await owner.connect()];
    const first = await say(ann, bookingId, 'hello', { clientMessageId: 'm-1' });
    for (let n = 1; n <= BURST; n += 1) await say(ben, bookingId, `ben ${n}`);
    await backend.pass(WINDOW_MS);
    for (let n = 1; n <= BURST; n += 1) await say(ann, bookingId, `ann ${n}`);
    await backend.pass(WINDOW_MS);
    expect(await say(ann, bookingId, 'hello', { clientMessageId: 'm-1' })).toEqual(first);
    expect(await client.history(bookingId)).toHaveLength(2 * BURST + 1);
  });

  test('at the same moment on several devices is stored once', async () => {
    const { bookingId, client, owner } = await newScene(backend);
    const ben = await owner.enter(bookingId);
    const devices = await Promise.all(Array.from({ length: 6 }, () => client.connect()));
    const messages = await Promise.all(
      devices.map((device) => say(device, bookingId, 'hello', { clientMessageId: 'm-1' })),
    );
    expect(new Set(messages.map(({ _id }) => _id)).size).toBe(1);
    await backend.settled(...devices, ben);
    expect(ben.heard).toHaveLength(1);
    expect(await owner.history(bookingId)).toHaveLength(1);
  });

  test('is another message for another sender, and in another booking', async () => {
    const scene = await newScene(backend);
    const { bookingId, client, owner } = scene;
    const other = await newBooking(backend, scene);
    const [ann, ben] = [await client.connect(), await owner.connect()];
    const ids = [
      await say(ann, bookingId, 'a', { clientMessageId: 'same' }),
      await say(ben, bookingId, 'b', { clientMessageId: 'same' }),
      await say(ann, other, 'c', { clientMessageId: 'same' }),
    ].map(({ _id }) => _id);
    expect(new Set(ids).size).toBe(3);
    expect(await client.history(bookingId)).toMatchObject([{ content: 'a' }, { content: 'b' }]);
  });

  test('leaves an id that was refused free for a better try', async () => {
    const { bookingId, client } = await newScene(backend);
    const ann = await client.connect();
    const wrongSide = { bookingId, content: 'hello', clientMessageId: 'm-1', senderType: 'business' };
    expect(await ann.request('sendMessage', wrongSide)).toEqual(refused('UNAUTHORIZED', 'Unauthorized'));
    expect(await say(ann, bookingId, 'hello', { clientMessageId: 'm-1' })).toMatchObject({
      content: 'hello',
    });
  });

  test('without an id is another message', async () => {
    const { bookingId, client } = await newScene(backend);
    const ann = await client.connect();
    await say(ann, bookingId, 'hello');
    await say(ann, bookingId, 'hello');
    expect(await client.history(bookingId)).toHaveLength(2);
  });
});

describe('a sender in haste', () => {
  test('is refused the eleventh message within ten seconds, and nothing comes of it', async () => {
    const { bookingId, client, owner } = await newScene(backend);
    const [ann, ben] = [await client.connect(), await owner.enter(bookingId)];
    await burst(ann, bookingId);
    await backend.settled(ann, ben);
    const before = await backend.rows();
    const eleventh = { bookingId, content: 'eleven', clientMessageId: 'eleven' };
    expect(await ann.request('sendMessage', eleventh)).toEqual(TOO_FAST);
    expect(await ann.next('error')).toEqual(TOO_FAST.error);
    await backend.settled(ann, ben);
    expect(ben.heard).toHaveLength(BURST);
    expect(await backend.rows()).toEqual(before);
    await backend.pass(WINDOW_MS);
    expect(await ann.request('sendMessage', eleventh)).toMatchObject({ ok: true });
  });

  test('may still repeat what was stored', async () => {
    const { bookingId, client } = await newScene(backend);
    const ann = await client.connect();
    const [first] = await burst(ann, bookingId);
    expect(await say(ann, bookingId, 'message 1', { clientMessageId: 'burst-1' })).toEqual(first);
  });

  test('hinders neither the other side nor another booking', async () => {
    const scene: Scene = await newScene(backend);
    const other = await newBooking(backend, scene);
    const ann = await scene.client.connect();
    await burst(ann, scene.bookingId);
    await say(await scene.owner.connect(), scene.bookingId, 'from the other side');
    await say(ann, other, 'about something else');
    expect(await ann.request('sendMessage', { bookingId: scene.bookingId, content: 'x' })).toEqual(TOO_FAST);
  });
});

const isEntry = ({ sk }: { readonly [name: string]: unknown }) => String(sk).startsWith('LOG#');
