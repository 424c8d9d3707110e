import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inChunks } from '../../lambdas/handlers/concurrency.ts';
import { type Message, newBooking, newScene, platformOf, type Scene, say } from '../support/booking-scene.ts';
import type { NativeClient } from '../support/native-client.ts';
import { type Device, type Options, openDevice } from './device.ts';
import { type ShakyBackend, shakyBackend } from './shaky-backend.ts';

const WEB_SOCKET: Options = { transports: ['websocket'] };

let backend: ShakyBackend;
let scene: Scene;
let owner: NativeClient;
beforeAll(async () => {
  backend = await shakyBackend();
});
beforeEach(async () => {
  Object.assign(backend.mischief, { dropDisconnects: undefined, postFault: undefined });
  scene = await newScene(backend);
  owner = await scene.owner.enter(scene.bookingId);
});

async function joined(options: Options = WEB_SOCKET): Promise<Device> {
  const device = await openDevice(backend, scene.client, options);
  await device.request('joinBooking', scene.bookingId);
  return device;
}

/** What the client keeps to itself. */
type Inside = { _pid: string; _lastOffset: string | undefined };

const inside = ({ socket }: Device) => socket as unknown as Inside;

async function speak(...contents: readonly string[]): Promise<readonly Message[]> {
  const said: Message[] = [];
  for (const content of contents) said.push(await say(owner, scene.bookingId, content));
  return said;
}

/** Loses the connection, does something while the client is away, and lets it come back. */
async function whileAway(device: Device, act: () => Promise<unknown>) {
  device.line.isDown = true;
  await device.lose();
  await act();
  const begun = device.begun();
  device.line.isDown = false;
  return begun;
}

/** Resolves when the server has noticed that the client has gone. */
async function noticed(): Promise<void> {
  const { connections } = backend.stack.functions.ports;
  await expect.poll(() => connections.devicesOf([scene.client.userId], true)).toEqual([]);
}

const hears = (device: Device, ...contents: readonly string[]) =>
  expect.poll(device.contents).toEqual(contents);

describe('a client that comes back', () => {
  test('and joins again, as its snippet does at every connect, hears nothing twice', async () => {
    const device = await joined();
    device.socket.on('connect', () => device.socket.emit('joinBooking', scene.bookingId));
    await speak('one');
    await hears(device, 'one');
    expect(await whileAway(device, () => speak('two'))).toMatchObject({ recovered: true });
    await speak('three');
    await hears(device, 'one', 'two', 'three');
    expect(await whileAway(device, () => speak('four'))).toMatchObject({ recovered: true });
    await hears(device, 'one', 'two', 'three', 'four');
  });

  test('and had heard nothing yet is told all that was said since it joined', async () => {
    await speak('before');
    const device = await joined();
    expect(inside(device)._lastOffset).toBeUndefined();
    expect(await whileAway(device, () => speak('one', 'two'))).toMatchObject({ recovered: true });
    await speak('three');
    await hears(device, 'one', 'two', 'three');
  });

  test('is in all its rooms again', async () => {
    const other = await newBooking(backend, scene);
    const elsewhere = await scene.owner.enter(other);
    const device = await joined();
    await device.request('joinBooking', other);
    await speak('one');
    await hears(device, 'one');
    const begun = await whileAway(device, async () => {
      await say(elsewhere, other, 'two, elsewhere');
      await speak('three');
      await say(elsewhere, other, 'four, elsewhere');
    });
    expect(begun).toMatchObject({ recovered: true });
    await say(elsewhere, other, 'five, elsewhere');
    await hears(device, 'one', 'two, elsewhere', 'three', 'four, elsewhere', 'five, elsewhere');
  });

  test('and has left a room hears no more of it', async () => {
    const device = await joined();
    await speak('one');
    await hears(device, 'one');
    await device.request('leaveBooking', scene.bookingId);
    expect(await whileAway(device, () => speak('two'))).toMatchObject({ recovered: true });
    await speak('three');
    await device.request('joinBooking', scene.bookingId);
    await speak('four');
    await hears(device, 'one', 'four');
  });

  test('is told of messages alone: what was only a hint, and receipts, it has missed', async () => {
    const device = await joined();
    const others: string[] = [];
    const [first] = await speak('one');
    await hears(device, 'one');
    device.socket.onAny((name: string) => others.push(name));
    const begun = await whileAway(device, async () => {
      await owner.request('typing', { bookingId: scene.bookingId, isTyping: true });
      const ann = await scene.client.enter(scene.bookingId);
      await ann.request('markAsRead', { messageIds: [first?._id] });
      await speak('two');
    });
    expect(begun).toMatchObject({ recovered: true });
    await hears(device, 'one', 'two');
    expect(others).toEqual(['newMessage']);
  });

  test('knows where it was, though other events came since its last message', async () => {
    const device = await joined();
    const [first] = await speak('one');
    await hears(device, 'one');
    const heard: string[] = [];
    device.socket.onAny((name: string) => heard.push(name));
    await owner.request('typing', { bookingId: scene.bookingId, isTyping: true });
    await device.request('markAsRead', { messageIds: [first?._id] });
    await device.request('sendMessage', { bookingId: scene.bookingId });
    await expect.poll(() => new Set(heard)).toEqual(new Set(['typing', 'messagesMarkedAsRead', 'error']));
    expect(inside(device)._lastOffset).toBe(first?._id);
    expect(await whileAway(device, () => speak('two'))).toMatchObject({ recovered: true });
    await hears(device, 'one', 'two');
  });

  test('with its connection lost again while it is told has its socket back all the same', async () => {
    const device = await joined();
    await speak('one');
    await hears(device, 'one');
    const { id } = device.socket;
    let replies = 0;
    device.line.onPiece = (piece) => {
      if (!piece.includes('"pid":')) return;
      replies += 1;
      if (replies <= 3) device.line.lose(replies === 2 ? 'half-open' : 'noticed');
    };
    expect(await whileAway(device, () => speak('two', 'three'))).toEqual({ id, recovered: true });
    expect(replies).toBe(4);
    await speak('four');
    await hears(device, 'one', 'two', 'three', 'four');
  });

  test('is not thrown out by the end of its old connection that comes late', async () => {
    const device = await joined();
    const lost: string[] = [];
    backend.mischief.dropDisconnects = (id) => lost.push(id) > 0;
    expect(await whileAway(device, () => speak('one'))).toMatchObject({ recovered: true });
    for (const connectionId of lost) {
      const event = { requestContext: { connectionId } };
      await backend.stack.functions.routes.$disconnect?.(event, {} as never);
    }
    expect(lost).toHaveLength(1);
    await speak('two');
    await hears(device, 'one', 'two');
    expect(device.socket.connected).toBe(true);
    expect(await whileAway(device, () => speak('three'))).toMatchObject({ recovered: true });
    await hears(device, 'one', 'two', 'three');
  });

  test('is told 900 messages on HTTP long-polling, whose mailbox does not hold as many', async () => {
    const device = await joined({ transports: ['polling'] });
    const first = await speak('0');
    await hears(device, '0');
    expect(await whileAway(device, () => fill(first, 900))).toMatchObject({ recovered: true });
    await hears(device, ...Array.from({ length: 901 }, (_, seq) => `${seq}`));
  });
});

/** Lets the client have said so much more in the room of a message, without the limits that senders are under. */
async function fill([first]: readonly Message[], count: number): Promise<void> {
  const { log } = backend.stack.functions.ports;
  const [id = ''] = first?._id.split('.') ?? [];
  const head = await log.head(id);
  const [template] = head?.entries ?? [];
  if (!template) throw new Error('The room is empty.');
  const entries = Array.from({ length: count }, (_, index) => ({
    ...template,
    senderId: scene.client.userId,
    seq: index + 2,
    content: `${index + 1}`,
    nonce: `${index}`,
  }));
  for (const some of inChunks(entries, 50))
    await Promise.all(some.map((entry) => log.append(id, entry, undefined)));
}

describe('a client that begins anew', () => {
  const startsClean = async (
    device: Device,
    begun: { readonly id: string | undefined; recovered: boolean },
  ) => {
    const [{ id } = { id: undefined }] = device.beginnings;
    expect(begun.recovered).toBeFalsy();
    expect(begun.id).not.toBe(id);
    const before = device.contents();
    await speak('to an empty room');
    await device.request('joinBooking', scene.bookingId);
    await speak('to both');
    await hears(device, ...before, 'to both');
  };

  test('has said goodbye', async () => {
    const device = await joined();
    expect(await whileAway(device, () => speak('one'))).toMatchObject({ recovered: true });
    await hears(device, 'one');
    device.socket.disconnect();
    await noticed();
    const begun = device.begun();
    device.socket.connect();
    await startsClean(device, await begun);
  });

  test.each([
    ['of which nobody has heard', () => 'nonsense'],
    ['of a message yet to come', (offset: string) => offset.replace(/\d+$/, '999')],
    ['of somebody else’s room', (offset: string) => `c${'x'.repeat(22)}${offset.slice(23)}`],
  ])('names an offset %s', async (_, forge) => {
    const device = await joined();
    await speak('one');
    await hears(device, 'one');
    inside(device)._lastOffset = forge(inside(device)._lastOffset ?? '');
    await startsClean(device, await whileAway(device, () => speak('two')));
  });

  test.each([
    ['made up', (pid: string) => `${pid}x`],
    ['of no shape', () => '~'],
    ['of the session alone', (pid: string) => pid.slice(0, pid.indexOf('~') + 1)],
    ['of excessive length', (pid: string) => pid.padEnd(10_000, 'x')],
  ])('names a pid that is %s', async (_, forge) => {
    const device = await joined();
    await speak('one');
    await hears(device, 'one');
    inside(device)._pid = forge(inside(device)._pid);
    await startsClean(device, await whileAway(device, () => speak('two')));
  });

  test('has missed more than 1,000 messages', async () => {
    const device = await joined();
    const first = await speak('0');
    await hears(device, '0');
    await startsClean(device, await whileAway(device, () => fill(first, 1_001)));
  });

  test('has been away for longer than sockets are kept', async () => {
    const device = await joined();
    await speak('one');
    await hears(device, 'one');
    const begun = await whileAway(device, async () => {
      await noticed();
      backend.clock.leap(7_201_000);
      device.socket.auth = { token: await backend.token({ sub: scene.client.userId }) };
      owner = await scene.owner.connect({ token: await backend.token({ sub: scene.owner.userId }) });
      await owner.request('joinBooking', scene.bookingId);
      await speak('two');
    });
    await startsClean(device, begun);
  });

  test('was in a room alone that it may not enter any more, and hears nothing of it', async () => {
    const device = await joined();
    await speak('one');
    await hears(device, 'one');
    const begun = await whileAway(device, async () => {
      await giveAway(scene.bookingId);
      await speak('two');
    });
    expect(begun.recovered).toBeFalsy();
    await speak('three');
    expect(await device.request('joinBooking', scene.bookingId)).toMatchObject({ ok: false });
    await hears(device, 'one');
  });
});

/** The booking is somebody else's from now on. */
async function giveAway(bookingId: string): Promise<void> {
  const { businessId, stranger } = scene;
  const platform = await platformOf(backend);
  await platform.put(`bookings/${bookingId}`, { clientId: stranger.userId, businessId });
}

test('a client that was removed from one of its rooms is told what was said in the other', async () => {
  const other = await newBooking(backend, scene);
  const elsewhere = await scene.owner.enter(other);
  const device = await joined();
  await device.request('joinBooking', other);
  await speak('one');
  await hears(device, 'one');
  const begun = await whileAway(device, async () => {
    await giveAway(other);
    await say(elsewhere, other, 'two, elsewhere');
    await speak('three');
  });
  expect(begun).toMatchObject({ recovered: true });
  await say(elsewhere, other, 'four, elsewhere');
  await speak('five');
  await hears(device, 'one', 'three', 'five');
});

describe('a pid', () => {
  const withPidOf = async (device: Device, token: string): Promise<Device> => {
    const thief = await openDevice(
      backend,
      { token },
      { ...WEB_SOCKET, autoConnect: false, reconnection: false },
    );
    Object.assign(inside(thief), { _pid: inside(device)._pid, _lastOffset: inside(device)._lastOffset });
    const begun = thief.begun();
    thief.socket.connect();
    await begun;
    return thief;
  };

  test('is of no use to a stranger, and its owner has the socket back afterwards', async () => {
    const device = await joined();
    await speak('one');
    await hears(device, 'one');
    const { id } = device.socket;
    let thief: Device | undefined;
    const begun = await whileAway(device, async () => {
      await speak('two');
      thief = await withPidOf(device, scene.stranger.token);
    });
    expect(begun).toEqual({ id, recovered: true });
    await speak('three');
    await hears(device, 'one', 'two', 'three');
    expect(thief?.socket.recovered).toBeFalsy();
    expect(thief?.socket.id).not.toBe(id);
    expect(thief?.contents()).toEqual([]);
    expect(thief?.socket.connected).toBe(true);
  });

  test.each([
    ['another user', async () => scene.stranger.token],
    ['somebody whose token has run out', async () => backend.token({ sub: scene.client.userId, exp: 1 })],
    ['somebody with no token at all', async () => ''],
  ])('does not let %s end the connection that it is of', async (_, tokenOf) => {
    const device = await joined();
    await speak('one');
    await hears(device, 'one');
    const { id } = device.socket;
    const token = await tokenOf();
    await withPidOf(device, token).catch(({ message }: Error) =>
      expect(message).toBe('Authentication error'),
    );
    await speak('two');
    await hears(device, 'one', 'two');
    expect(device.beginnings).toEqual([{ id, recovered: false }]);
    expect(await whileAway(device, () => speak('three'))).toEqual({ id, recovered: true });
    await hears(device, 'one', 'two', 'three');
  });

  test.each(['\ud800~x', 'a b~c', '~x', 'x~', '\u0000~\u0000', '__proto__~x', 'é~x'])(
    'that cannot be one, %j, is none',
    async (pid) => {
      const device = await openDevice(backend, scene.client, { ...WEB_SOCKET, autoConnect: false });
      Object.assign(inside(device), { _pid: pid, _lastOffset: pid });
      device.socket.connect();
      expect(await device.begun()).toMatchObject({ recovered: false });
    },
  );

  test('that is used twice brings the socket to the one who asked last', async () => {
    const device = await joined();
    await speak('one');
    await hears(device, 'one');
    const { id } = device.socket;
    device.socket.io.reconnection(false);
    const left = device.lost();
    const later = await withPidOf(device, scene.client.token);
    await left;
    expect(later.beginnings).toEqual([{ id, recovered: true }]);
    await speak('two');
    await hears(later, 'two');
    await hears(device, 'one');
  });
});

test('a token that is refused takes nothing from the client, which comes back with a better one', async () => {
  const device = await joined();
  await speak('one');
  await hears(device, 'one');
  const { id } = device.socket;
  device.socket.auth = { token: 'no token' };
  const refused = whileAway(device, () => speak('two'));
  await expect(refused).rejects.toMatchObject({ message: 'Authentication error' });
  device.socket.auth = { token: scene.client.token };
  const begun = device.begun();
  device.socket.connect();
  expect(await begun).toEqual({ id, recovered: true });
  await speak('three');
  await hears(device, 'one', 'two', 'three');
});
