import fc from 'fast-check';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openPolling, openRaw, openSession, type RawSocket } from '../socket-io/raw-client.ts';
import { connected, nextEvent, openClient, request } from '../socket-io/stock-clients.ts';
import { badEvents } from '../support/bad-payloads.ts';
import { type Message, newScene, type Scene, say } from '../support/booking-scene.ts';
import type { NativeClient } from '../support/native-client.ts';
import { localBackend, type Row } from '../support/stack.ts';
import { CLASS_NAMES, CLASSES } from './packets.ts';

/** The whole of it behind the gateway: bad packets from somebody with a good token, beside two people who chat. */

const backend = await localBackend({ STRANGERS_PER_ADDRESS: '0' });

let scene: Scene;
let ben: NativeClient;
let message: Message;
beforeAll(async () => {
  scene = await newScene(backend);
  ben = await scene.owner.enter(scene.bookingId);
  message = await say(ben, scene.bookingId, 'hello');
});

/** Ann's device, an unmodified client that has joined, and what has ended its connections. */
async function openAnn() {
  const ann = openClient(backend.url, { auth: { token: scene.client.token }, transports: ['websocket'] });
  const ends: string[] = [];
  ann.on('disconnect', (reason) => ends.push(reason));
  await connected(ann);
  expect(await request(ann, 'joinBooking', scene.bookingId)).toMatchObject({ ok: true });
  return { ann, ends };
}

const place = ({ pk, sk }: Row) => `${String(pk)} ${String(sk)}`;

/** Lets something happen that is to change nothing of what was there, and nobody else is to notice. */
async function unnoticed(act: () => Promise<unknown>): Promise<void> {
  const { ann, ends } = await openAnn();
  await backend.settled(ben);
  const before = await backend.rows();
  await act();
  await backend.settled(ben);
  const after = new Map((await backend.rows()).map((row) => [place(row), row]));
  for (const row of before) expect(after.get(place(row)), place(row)).toEqual(row);
  const isAnns = ({ pk }: Row) => String(pk) === `ROOM#user:${scene.client.userId}`;
  expect([...after.values()].filter(isAnns)).toEqual(before.filter(isAnns));
  expect(ends).toEqual([]);
  const content = `still here ${after.size}`;
  const heard = nextEvent(ann, 'newMessage');
  await say(ben, scene.bookingId, content);
  expect((await heard)[0]).toMatchObject({ content });
}

/** Mallory’s session on a WebSocket, joined with her own good token. */
async function malloryJoins(): Promise<RawSocket> {
  const raw = await openSession(backend.webSocketUrl.replace(/\/ws$/, ''));
  raw.send(`40${JSON.stringify({ token: scene.stranger.token })}`);
  expect(await raw.next()).toMatch(/^40\{"sid"/);
  return raw;
}

async function mallorySays(packet: string): Promise<void> {
  const raw = await malloryJoins();
  raw.send(packet);
  await raw.flushed();
  await raw.close();
}

async function malloryPosts(payloads: readonly string[]): Promise<void> {
  const polling = await openPolling(backend.url);
  await polling.post(`40${JSON.stringify({ token: scene.stranger.token })}`);
  for (const payload of payloads) await polling.post(payload);
  await polling.post('1');
}

describe('packets of every kind', () => {
  test('over WebSockets', { timeout: 300_000 }, async () => {
    await unnoticed(async () => {
      for (const name of CLASS_NAMES) {
        await Promise.all(fc.sample(CLASSES[name], 8).map((packet) => mallorySays(packet)));
      }
    });
  });

  test('over HTTP long-polling', { timeout: 300_000 }, async () => {
    await unnoticed(async () => {
      await Promise.all(CLASS_NAMES.map((name) => malloryPosts(fc.sample(CLASSES[name], 10))));
    });
  });
});

test('every bad event is answered in words, and the connection goes on', { timeout: 300_000 }, async () => {
  const known = { bookingId: scene.bookingId, messageId: message._id };
  await unnoticed(async () => {
    const mallory = openClient(backend.url, {
      auth: { token: scene.stranger.token },
      transports: ['websocket'],
      forceNew: true,
    });
    const errors: unknown[] = [];
    mallory.on('error', (error) => errors.push(error));
    await connected(mallory);
    const lost: string[] = [];
    mallory.on('disconnect', (reason) => lost.push(reason));
    const events = badEvents(known).filter(({ action }) => action !== 'leaveBooking');
    for (const { action, data, what } of events) {
      const answer = await request(mallory, action, ...(data === undefined ? [] : [data]));
      expect(answer, what).toMatchObject({ ok: false, error: { code: expect.any(String) } });
      expect(errors.splice(0), what).toEqual([(answer as { readonly error: unknown }).error]);
    }
    expect(lost).toEqual([]);
    mallory.disconnect();
  });
});

describe('what is nested deeply', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

  test('is refused like any other payload, and lets whoever carries it in their auth in', async () => {
    await unnoticed(async () => {
      const raw = await malloryJoins();
      raw.send(`427["sendMessage",${nested(15_000)}]`);
      expect(await raw.next()).toMatch(/^420\["error",\{"message":"Invalid payload/);
      expect(await raw.next()).toMatch(/^437\[\{"ok":false/);
      raw.send(`428["joinBooking",{"bookingId":${nested(15_000)}}]`);
      expect(await raw.next()).toMatch(/^420\["error"/);
      const carrying = await openSession(backend.webSocketUrl.replace(/\/ws$/, ''));
      carrying.send(`40{"token":"${scene.stranger.token}","baggage":${nested(10_000)}}`);
      expect(await carrying.next()).toMatch(/^40\{"sid"/);
      const odd = await openSession(backend.webSocketUrl.replace(/\/ws$/, ''));
      odd.send(`40{"token":${nested(10_000)}}`);
      expect(await odd.next()).toBe(
        '44{"message":"Authentication error","data":{"code":"AUTHENTICATION_FAILED"}}',
      );
      await Promise.all([raw, carrying, odd].map((one) => one.close()));
    });
  });
});

describe('a handshake with an odd query', () => {
  test.each([
    '__proto__=x',
    '=x',
    '%00=%00',
    '%ED%A0%80=%ED%A0%80',
    'a=%',
    'constructor=1&toString=2',
    `a=${'x'.repeat(3_000)}`,
  ])('is served: %s', async (query) => {
    const at = `/socket.io/?EIO=4&transport=websocket&${query}`;
    const raw = await openRaw(`${backend.webSocketUrl.replace(/\/ws$/, '')}${at}`);
    if (typeof raw === 'number') throw new Error(`The handshake was refused with ${raw}.`);
    onTestFinished(async () => void (await raw.close()));
    expect(await raw.next()).toMatch(/^0\{/);
    raw.send(`40${JSON.stringify({ token: scene.stranger.token })}`);
    expect(await raw.next()).toMatch(/^40\{"sid"/);
    const polled = await fetch(`${backend.url}${at.replace('websocket', 'polling')}`);
    expect(polled.status).toBe(200);
  });
});
