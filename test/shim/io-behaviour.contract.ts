import type { Socket } from 'socket.io-client';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { conversationOfBooking, conversationOfPair } from '../../lambdas/core/ids.ts';
import { DIALECTS, tongueOf } from '../e2e/tongues.ts';
import { layLine, type Network } from '../recovery/network.ts';
import { newScene, type Scene, say } from '../support/booking-scene.ts';
import { type Backend, localBackend } from '../support/stack.ts';
import { StockDevice } from '../support/stock-device.ts';

/** `io()` of a client, whatever it is that lies behind it. */
export type Io = (url: string, options: Readonly<Record<string, unknown>>) => Socket;

const PATIENCE = { timeout: 45_000, interval: 10 } as const;
const QUICK = { reconnectionDelay: 20, reconnectionDelayMax: 100 } as const;

/** What an application may expect of `io()`: the same of the stock client and of what takes its place. */
export function ioBehaviour(name: string, io: Io): void {
  let backend: Backend;
  let scene: Scene;
  beforeAll(async () => {
    backend = await localBackend();
    scene = await newScene(backend);
  });

  /** A socket that is closed when the test ends. */
  const open = (options: Readonly<Record<string, unknown>> = {}, url = backend.url): Socket => {
    const socket = io(url, { auth: { token: scene.client.token }, forceNew: true, ...QUICK, ...options });
    onTestFinished(() => void socket.disconnect());
    return socket;
  };

  const connected = async (options?: Readonly<Record<string, unknown>>, url?: string) => {
    const socket = open(options, url);
    await once(socket, 'connect');
    return socket;
  };

  /** In the room of the scene’s booking. */
  const joined = async (options?: Readonly<Record<string, unknown>>, url?: string) => {
    const socket = await connected(options, url);
    expect(await ask(socket, 'joinBooking', scene.bookingId)).toMatchObject({ ok: true });
    return socket;
  };

  /** A line of its own, which can be cut. */
  const line = async (): Promise<Network> => {
    const laid = await layLine(backend.url);
    onTestFinished(() => laid.close());
    return laid;
  };

  describe(`${name}: connecting`, () => {
    test('tells that it is connected, and knows itself', async () => {
      const socket = open();
      expect([socket.connected, socket.disconnected, socket.active, socket.id]).toEqual([
        false,
        true,
        true,
        undefined,
      ]);
      await once(socket, 'connect');
      expect([socket.connected, socket.disconnected, socket.active]).toEqual([true, false, true]);
      expect(socket.id).toEqual(expect.any(String));
      expect(Boolean(socket.recovered)).toBe(false);
    });

    test('waits to be told where it is not to connect by itself', async () => {
      const socket = open({ autoConnect: false });
      expect([socket.active, socket.connected]).toEqual([false, false]);
      expect(socket.connect()).toBe(socket);
      await once(socket, 'connect');
    });

    test('asks a function who it is', async () => {
      const auth = vi.fn((tell: (auth: object) => void) => tell({ token: scene.client.token }));
      await connected({ auth });
      expect(auth).toHaveBeenCalledTimes(1);
    });

    test('takes a token from the headers', async () => {
      const extraHeaders = { Authorization: `Bearer ${scene.client.token}` };
      const socket = await connected({ auth: undefined, extraHeaders });
      expect(await ask(socket, 'joinBooking', scene.bookingId)).toMatchObject({ ok: true });
    });

    test.each([{ auth: { dialect: 'direct' } }, { query: { dialect: 'direct' } }])(
      'speaks the dialect that it asks for, by %j',
      async (asked: { readonly auth?: object; readonly query?: object }) => {
        const auth = { token: scene.client.token, ...asked.auth };
        const socket = await connected({ ...asked, auth });
        expect(await ask(socket, 'get_unread_count')).toMatchObject({ ok: true });
      },
    );

    test.each([
      ['booking', undefined, 'Authentication error'],
      ['booking', 'nonsense', 'Authentication error'],
      ['conversation', 'nonsense', 'Authentication error'],
      ['support', 'nonsense', 'Authentication error'],
      ['direct', undefined, 'Authentication error: No token provided'],
      ['direct', 'nonsense', 'Authentication error: Invalid token'],
      ['appointment', 'nonsense', 'AUTHENTICATION_FAILED'],
    ])('is told why it is refused, in %s with the token %s', async (dialect, token, message) => {
      const socket = open({ auth: { token, dialect } });
      const [error] = await once(socket, 'connect_error');
      expect(error).toMatchObject({ message, data: { code: 'AUTHENTICATION_FAILED' } });
      expect([socket.active, socket.connected]).toEqual([false, false]);
    });

    test('is let in with a better token when it is told to try again', async () => {
      const socket = open({ auth: { token: 'nonsense' } });
      const events = record(socket, ['connect_error', 'reconnect_attempt', 'reconnect_error']);
      await once(socket, 'connect_error');
      socket.auth = { token: scene.client.token };
      socket.connect();
      await once(socket, 'connect');
      expect(events).toEqual(['connect_error']);
    });

    test('is told that it speaks what nobody understands', async () => {
      const socket = open({ auth: { token: scene.client.token, dialect: 'klingon' } });
      const [error] = await once(socket, 'connect_error');
      expect(error).toMatchObject({ message: 'Unknown dialect: klingon', data: { code: 'INVALID_PAYLOAD' } });
    });

    test('finds no other namespace', async () => {
      const socket = open({}, `${backend.url}/elsewhere`);
      const [error] = await once(socket, 'connect_error');
      expect(error).toMatchObject({ message: 'Invalid namespace' });
      expect(socket.active).toBe(false);
    });

    test('may bring its token late in support', async () => {
      const socket = await connected({ auth: { dialect: 'support' } });
      expect(await ask(socket, 'typing_start', 'x')).toMatchObject({ ok: false });
      expect(await ask(socket, 'authenticate', scene.client.token)).toMatchObject({ ok: true });
      expect(await ask(socket, 'typing_start', 'x')).toMatchObject({ error: { code: 'NOT_FOUND' } });
    });
  });

  describe(`${name}: talking`, () => {
    test('says and hears', async () => {
      const socket = await joined();
      const owner = await scene.owner.enter(scene.bookingId);
      const heard = once(socket, 'newMessage');
      await say(owner, scene.bookingId, 'Hello');
      const [message] = await heard;
      expect(message).toMatchObject({ content: 'Hello', sender: { name: scene.owner.name } });
      const echo = once(socket, 'newMessage');
      const ack = vi.fn();
      socket.emit('sendMessage', { bookingId: scene.bookingId, content: 'Hi' }, ack);
      expect((await echo)[0]).toMatchObject({ content: 'Hi' });
      expect(await owner.next('newMessage')).toMatchObject({ content: 'Hello' });
      expect(await owner.next('newMessage')).toMatchObject({ content: 'Hi' });
      await vi.waitUntil(() => ack.mock.calls.length > 0, PATIENCE);
      expect(ack.mock.calls).toEqual([[expect.objectContaining({ ok: true })]]);
    });

    test('is told what was wrong, by an event and by the acknowledgement', async () => {
      const socket = await connected();
      const refused = once(socket, 'error');
      const error = { code: 'UNAUTHORIZED', message: 'Unauthorized' };
      const payload = { bookingId: scene.bookingId, content: 'Hi', senderType: 'business' };
      expect(await socket.emitWithAck('sendMessage', payload)).toEqual({ ok: false, error });
      expect((await refused)[0]).toEqual(error);
    });

    test('acknowledges with an error first where there is a time limit', async () => {
      const socket = await connected();
      const ack = vi.fn();
      socket.timeout(PATIENCE.timeout).emit('joinBooking', scene.bookingId, ack);
      await vi.waitUntil(() => ack.mock.calls.length > 0, PATIENCE);
      expect(ack.mock.calls).toEqual([[null, { ok: true, bookingId: scene.bookingId }]]);
    });

    test('fails what is not acknowledged in time, and does not say it any more', async () => {
      const socket = open({ autoConnect: false });
      const late = socket.timeout(20).emitWithAck('joinBooking', scene.bookingId);
      await expect(late).rejects.toThrow('operation has timed out');
      const said = record(socket, ['connect']);
      socket.connect();
      await once(socket, 'connect');
      expect(await hearsNothing(socket)).toBe(true);
      expect(said).toEqual(['connect']);
    });

    test('says what it was told to say before it was connected, in order, as soon as it is', async () => {
      const socket = open({ autoConnect: false });
      const acks: string[] = [];
      socket.emit('joinBooking', { bookingId: scene.bookingId }, () => acks.push('join'));
      socket.emit('typing', { bookingId: scene.bookingId, isTyping: false }, () => acks.push('typing'));
      socket.connect();
      await vi.waitUntil(() => acks.length === 2, PATIENCE);
      expect(new Set(acks)).toEqual(new Set(['join', 'typing']));
    });

    test('drops what is only worth saying now', async () => {
      const socket = open({ autoConnect: false });
      socket.volatile.emit('no such event');
      const wrong = record(socket, ['error']);
      socket.connect();
      await once(socket, 'connect');
      await ask(socket, 'joinBooking', scene.bookingId);
      expect(wrong).toEqual([]);
    });

    test('refuses to emit what is its own to tell', async () => {
      const socket = open({ autoConnect: false });
      for (const event of ['connect', 'connect_error', 'disconnect'])
        expect(() => socket.emit(event)).toThrow(`"${event}" is a reserved event name`);
    });
  });

  describe(`${name}: in every dialect`, () => {
    test.each(DIALECTS)('%s', async (dialect) => {
      const { client, owner, bookingId } = await newScene(backend);
      // Whoever comes first opens it.
      await client.enter(bookingId);
      const tongue = tongueOf(dialect);
      const conversationId = tongue.isPersonal
        ? conversationOfPair(client.userId, owner.userId)
        : conversationOfBooking(bookingId);
      const place = { room: bookingId, conversationId };
      const sockets = [client, owner].map(({ token }) => open({ auth: { token, dialect } }));
      const [ann, ben] = sockets.map((socket) => new StockDevice(socket)) as [StockDevice, StockDevice];
      for (const device of [ann, ben]) await tongue.enter(device, place);
      const id = await tongue.say(ann, place, owner.userId, 'Can I come at nine?');
      expect(await tongue.hear(ben)).toEqual({ id, content: 'Can I come at nine?', senderId: client.userId });
      await tongue.type(ben, place, client.userId);
      expect(await tongue.hearTyping(ann)).toEqual({ userId: owner.userId, isTyping: true });
      if (tongue.read) {
        await tongue.read(ben, id, place);
        expect(await tongue.hearReceipt(ann)).toContain(id);
      }
      expect([...ann.unawaited, ...ben.unawaited].filter(({ event }) => event === 'error')).toEqual([]);
    });
  });

  describe(`${name}: listening`, () => {
    test('tells listeners in their order, those of any event first', async () => {
      const socket = await joined();
      const told: string[] = [];
      socket.on('newMessage', () => told.push('on'));
      socket.once('newMessage', () => told.push('once'));
      socket.onAny((event: string) => told.push(`any ${event}`));
      socket.prependAny(() => told.push('first'));
      const send = async () => {
        told.length = 0;
        await ask(socket, 'sendMessage', { bookingId: scene.bookingId, content: 'x' });
        await vi.waitUntil(() => told.includes('on'), PATIENCE);
        return [...told];
      };
      expect(await send()).toEqual(['first', 'any newMessage', 'on', 'once']);
      expect(await send()).toEqual(['first', 'any newMessage', 'on']);
      socket.offAny();
      expect(socket.listenersAny()).toEqual([]);
      expect(await send()).toEqual(['on']);
    });

    test('forgets listeners, one or all', async () => {
      const socket = open({ autoConnect: false });
      const [one, other] = [vi.fn(), vi.fn()];
      socket.on('x', one).on('x', other).once('x', one);
      expect(socket.listeners('x')).toHaveLength(3);
      expect(socket.hasListeners('x')).toBe(true);
      socket.off('x', other);
      expect(socket.listeners('x')).not.toContain(other);
      socket.off('x');
      expect(socket.hasListeners('x')).toBe(false);
      socket.on('y', one).onAny(one).onAny(other);
      socket.offAny(one);
      expect(socket.listenersAny()).toEqual([other]);
      socket.removeAllListeners();
      expect(socket.hasListeners('y')).toBe(false);
    });
  });

  describe(`${name}: going and coming back`, () => {
    test.each(['disconnect', 'close'] as const)('%s() is told as such, and stays so', async (way) => {
      const socket = await connected();
      const gone = once(socket, 'disconnect');
      expect(socket[way]()).toBe(socket);
      expect((await gone)[0]).toBe('io client disconnect');
      expect([socket.connected, socket.active, socket.id]).toEqual([false, false, undefined]);
    });

    test('connects anew after that, as somebody who has joined nothing', async () => {
      const socket = await joined();
      socket.disconnect();
      socket.connect();
      await once(socket, 'connect');
      expect(Boolean(socket.recovered)).toBe(false);
      const owner = await scene.owner.enter(scene.bookingId);
      const heard = record(socket, ['newMessage']);
      await say(owner, scene.bookingId, 'into the void');
      expect(await hearsNothing(socket)).toBe(true);
      expect(heard).toEqual([]);
    });

    test('comes back by itself when it is cut off, has missed nothing, and tells of it', async () => {
      const laid = await line();
      const socket = await joined({}, laid.url);
      const owner = await scene.owner.enter(scene.bookingId);
      const { id } = socket;
      const told: string[] = [];
      socket.on('newMessage', ({ content }: { readonly content: string }) => told.push(content));
      await say(owner, scene.bookingId, 'one');
      await vi.waitUntil(() => told.length === 1, PATIENCE);
      const events = recordAll(socket);
      laid.isDown = true;
      laid.lose();
      expect(['transport close', 'transport error']).toContain((await once(socket, 'disconnect'))[0]);
      expect([socket.connected, socket.active, socket.id]).toEqual([false, true, undefined]);
      await say(owner, scene.bookingId, 'two');
      await say(owner, scene.bookingId, 'three');
      await vi.waitUntil(() => events.includes('reconnect_error'), PATIENCE);
      laid.isDown = false;
      await once(socket, 'connect');
      expect([socket.recovered, socket.id]).toEqual([true, id]);
      await say(owner, scene.bookingId, 'four');
      await vi.waitUntil(() => told.includes('four'), PATIENCE);
      expect(told).toEqual(['one', 'two', 'three', 'four']);
      const failures = events.filter((event) => event === 'reconnect_error').length;
      expect(events.filter((event) => event === 'connect_error')).toHaveLength(failures);
      expect(events.filter((event) => event === 'reconnect_attempt')).toHaveLength(failures + 1);
      expect(events.filter((event) => event.startsWith('reconnect '))).toEqual([`reconnect ${failures + 1}`]);
    });

    test('says what it was told to say while it was away', async () => {
      const laid = await line();
      const socket = await joined({}, laid.url);
      laid.isDown = true;
      laid.lose();
      await once(socket, 'disconnect');
      const said = socket.emitWithAck('sendMessage', { bookingId: scene.bookingId, content: 'from afar' });
      laid.isDown = false;
      expect(await said).toMatchObject({ ok: true, message: { content: 'from afar' } });
      const history = await scene.client.history(scene.bookingId);
      expect(history.filter(({ content }) => content === 'from afar')).toHaveLength(1);
    });

    test('asks again who it is when it comes back', async () => {
      const laid = await line();
      const auth = vi.fn((tell: (auth: object) => void) => tell({ token: scene.client.token }));
      const socket = await connected({ auth }, laid.url);
      laid.lose();
      await once(socket, 'connect');
      expect(auth).toHaveBeenCalledTimes(2);
    });

    test('fails what was being asked, where the asker wants to know', async () => {
      const laid = await line();
      const socket = await connected({}, laid.url);
      const [plain, wary] = [vi.fn(), vi.fn()];
      laid.isDown = true;
      laid.onPiece = () => laid.lose();
      socket.emit('markAsRead', { messageIds: ['x'] }, plain);
      socket.timeout(PATIENCE.timeout).emit('markAsRead', { messageIds: ['x'] }, wary);
      await vi.waitUntil(() => wary.mock.calls.length > 0, PATIENCE);
      expect(wary.mock.calls).toEqual([
        [expect.objectContaining({ message: 'socket has been disconnected' })],
      ]);
      expect(plain).not.toHaveBeenCalled();
    });

    test('gives up after as many attempts as it may make', async () => {
      const laid = await line();
      laid.isDown = true;
      const socket = open({ reconnectionAttempts: 2 }, laid.url);
      const events = recordAll(socket);
      await vi.waitUntil(() => events.includes('reconnect_failed'), PATIENCE);
      expect(events.filter((event) => event === 'connect_error')).toHaveLength(3);
      expect(events.filter((event) => event.startsWith('reconnect_attempt'))).toHaveLength(2);
    });

    test('does not come back where it is not to', async () => {
      const laid = await line();
      const socket = await connected({ reconnection: false }, laid.url);
      const events = recordAll(socket);
      laid.lose();
      await once(socket, 'disconnect');
      expect(events.filter((event) => event.startsWith('reconnect'))).toEqual([]);
      socket.connect();
      await once(socket, 'connect');
    });
  });
}

/** The arguments with which a listener is called next. */
function once(socket: Socket, event: string): Promise<readonly unknown[]> {
  return new Promise((resolve) => socket.once(event, (...args: unknown[]) => resolve(args)));
}

function ask(socket: Socket, event: string, ...args: readonly unknown[]): Promise<unknown> {
  return socket.timeout(PATIENCE.timeout).emitWithAck(event, ...args);
}

/** The names of these events as they come. */
function record(socket: Socket, events: readonly string[]): readonly string[] {
  const told: string[] = [];
  for (const event of events) socket.on(event, () => told.push(event));
  return told;
}

const RECONNECTING = ['reconnect_attempt', 'reconnect_error', 'reconnect_failed'] as const;

/** What is told of connecting, by the socket and by what is behind it. */
function recordAll(socket: Socket): readonly string[] {
  const told: string[] = [];
  for (const event of ['connect', 'connect_error', 'disconnect']) socket.on(event, () => told.push(event));
  for (const event of RECONNECTING) socket.io.on(event, () => told.push(event));
  socket.io.on('reconnect', (attempt: number) => told.push(`reconnect ${attempt}`));
  return told;
}

/** Asks something, by whose answer everything that was said before has come. */
async function hearsNothing(socket: Socket): Promise<boolean> {
  const heard: string[] = [];
  socket.onAny((event: string) => heard.push(event));
  await ask(socket, 'markAsRead', { messageIds: [] });
  return heard.every((event) => event === 'error');
}
