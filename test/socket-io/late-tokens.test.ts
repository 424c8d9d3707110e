import type { Socket } from 'socket.io-client';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { conversationOfBooking } from '../../lambdas/core/ids.ts';
import { type ShakyBackend, shakyBackend } from '../recovery/shaky-backend.ts';
import { newScene, refused, type Scene } from '../support/booking-scene.ts';
import { admitLateTokens, refuseLateTokens } from '../support/late-tokens.ts';
import { twoFunctions } from '../support/two-functions.ts';
import { openRaw, openSession, type RawSocket } from './raw-client.ts';
import { connected, nextEvent, type Options, openClient, request, upgraded } from './stock-clients.ts';

/* A dialect whose clients may connect without a token and bring it by `authenticate`. */

admitLateTokens();

const WINDOW_MS = 20_000;
const MOST = 12;
const WEB_SOCKET: Options = { transports: ['websocket'] };
const WAYS: Readonly<Record<string, Options>> = {
  'WebSocket alone': WEB_SOCKET,
  'default transports': {},
  'HTTP long-polling alone': { transports: ['polling'] },
};
const FAILED = refused('AUTHENTICATION_FAILED');

let backend: ShakyBackend;
let scene: Scene;
beforeAll(async () => {
  backend = await shakyBackend({ environment: { STRANGERS_PER_ADDRESS: String(MOST) } });
});
beforeEach(async () => {
  // Nobody is to be counted among the strangers of another test, nor anew in the middle of one.
  const { go } = backend.clock.stop();
  backend.clock.leap(WINDOW_MS - (backend.clock.now() % WINDOW_MS));
  scene = await newScene(backend);
  return go;
});

async function stranger(options: Options = WEB_SOCKET): Promise<Socket> {
  const socket = openClient(backend.url, { forceNew: true, reconnection: false, ...options });
  await connected(socket);
  return socket;
}

describe.each(Object.entries(WAYS))('a client without a token, on %s', (_, options) => {
  test('may bring it, and nothing else before', async () => {
    const socket = await stranger(options);
    const join = () => request(socket, 'joinBooking', scene.bookingId);
    const error = nextEvent(socket, 'error');
    expect(await join()).toEqual(FAILED);
    expect(await error).toMatchObject([{ code: 'AUTHENTICATION_FAILED' }, expect.any(Function)]);
    expect(await request(socket, 'authenticate', scene.client.token)).toMatchObject({
      ok: true,
      userId: scene.client.userId,
    });
    expect(await join()).toEqual({ ok: true, bookingId: scene.bookingId });
    const told = nextEvent(socket, 'newMessage');
    const owner = await scene.owner.enter(scene.bookingId);
    await owner.request('sendMessage', { bookingId: scene.bookingId, content: 'hello' });
    expect(await told).toMatchObject([{ content: 'hello' }, expect.any(String)]);
  });
});

describe('a stranger', () => {
  test.each(['sendMessage', 'markAsRead', 'typing', 'leaveBooking', 'no such event'])(
    'is refused %s, and nothing happens',
    async (event) => {
      const socket = await stranger();
      const content = { bookingId: scene.bookingId, content: 'hello', isTyping: true, messageIds: [] };
      expect(await request(socket, event, content)).toEqual(FAILED);
      expect(socket.connected).toBe(true);
      expect(await scene.client.history(scene.bookingId)).toEqual([]);
    },
  );

  test('may try a token again', async () => {
    const socket = await stranger();
    expect(await request(socket, 'authenticate', 'no token')).toEqual(FAILED);
    expect(await request(socket, 'authenticate')).toEqual(refused('INVALID_PAYLOAD'));
    expect(await request(socket, 'authenticate', { token: scene.client.token })).toMatchObject({ ok: true });
  });

  test('is closed after 20 s, and who has authenticated is not', async () => {
    const [silent, known] = await Promise.all([stranger(), stranger()]);
    backend.clock.leap(19_000);
    expect(await request(known, 'authenticate', scene.client.token)).toMatchObject({ ok: true });
    expect([silent.connected, known.connected]).toEqual([true, true]);
    const closed = nextEvent(silent, 'disconnect');
    backend.clock.leap(1_500);
    await closed;
    expect(await request(known, 'joinBooking', scene.bookingId)).toMatchObject({ ok: true });
  });

  test('that has upgraded and then authenticated is pushed to by its WebSocket', async () => {
    const socket = await stranger({});
    await upgraded(socket);
    await request(socket, 'typing', {});
    await request(socket, 'authenticate', scene.client.token);
    const { connections } = backend.stack.functions.ports;
    const [device] = await connections.devicesOf([scene.client.userId], true);
    expect(device?.connectionId).toMatch(/^polling-/);
    expect(backend.stack.gateway.connections()).toContain(device?.via);
  });
});

test('a support desk’s client brings its token in an event of its document', async () => {
  refuseLateTokens();
  const socket = await stranger({ query: { dialect: 'support' } });
  const conversationId = conversationOfBooking(scene.bookingId);
  const join = () => request(socket, 'join_conversation', { conversationId });
  await scene.client.enter(scene.bookingId);
  expect(await join()).toEqual(FAILED);
  expect(await request(socket, 'authenticate', scene.owner.token)).toMatchObject({ ok: true });
  expect(await join()).toMatchObject({ ok: true });
});

test('a client without a token is refused in the words of a dialect that admits none', async () => {
  refuseLateTokens();
  await expect(stranger()).rejects.toMatchObject({
    message: 'Authentication error',
    data: { code: 'AUTHENTICATION_FAILED' },
  });
});

describe('a bad token', () => {
  const bad: Readonly<Record<string, () => Promise<Options>>> = {
    nonsense: async () => ({ auth: { token: 'nonsense' } }),
    'of no shape': async () => ({ auth: { token: { not: 'text' } } }),
    'that has run out': async () => ({ auth: { token: await backend.token({ sub: 'ann', exp: 1 }) } }),
    'in the header': async () => ({ extraHeaders: { Authorization: 'Bearer nonsense' } }),
  };

  test.each(Object.entries(bad))('%s is refused as ever', async (_, options) => {
    const refusal = stranger({ ...WEB_SOCKET, ...(await options()) });
    await expect(refusal).rejects.toMatchObject({
      message: 'Authentication error',
      data: { code: 'AUTHENTICATION_FAILED' },
    });
  });

  test.each(['', null, undefined])('%j is none', async (token) => {
    expect((await stranger({ ...WEB_SOCKET, auth: { token } })).connected).toBe(true);
  });
});

describe('the strangers of an address', () => {
  const open = () => openRaw(`${backend.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  const join = async () => {
    const socket = await openSession(backend.url.replace('http', 'ws'));
    socket.send('40');
    expect(await socket.next()).toMatch(/^40/);
    return socket;
  };
  const authenticate = async (socket: RawSocket) => {
    socket.send(`420["authenticate","${scene.client.token}"]`);
    expect(await socket.next()).toMatch(/^430\[\{"ok":true/);
  };

  test('are bounded though they have joined the namespace, and make room when they authenticate', async () => {
    const sockets: RawSocket[] = [];
    while (sockets.length < MOST) sockets.push(await join());
    expect(await open()).toBe(429);
    await authenticate(sockets.at(-1) as RawSocket);
    await authenticate(sockets.at(-1) as RawSocket);
    expect(await open()).toMatchObject({ isOpen: true });
    expect(await open()).toBe(429);
  });
});

test('who has authenticated at one function is known to the other at once', async () => {
  const functions = await twoFunctions();
  const { client, bookingId } = await newScene(functions);
  const socket = openClient(functions.url, WEB_SOCKET);
  await connected(socket);
  expect(await request(socket, 'joinBooking', bookingId)).toEqual(FAILED);
  functions.turnTo(1);
  expect(await request(socket, 'authenticate', client.token)).toMatchObject({ ok: true });
  functions.turnTo(0);
  expect(await request(socket, 'joinBooking', bookingId)).toMatchObject({ ok: true });
});
