import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { newPerson, type Person } from '../support/booking-scene.ts';
import type { NativeClient } from '../support/native-client.ts';
import { type Device, type Options, openDevice, WAYS } from './device.ts';
import { type ShakyBackend, shakyBackend } from './shaky-backend.ts';

/** Unmodified clients that are lost and come back, in dialects whose devices hear all without joining anything. */

const WEB_SOCKET: Options = { transports: ['websocket'] };

let backend: ShakyBackend;
let ann: Person;
let peers: readonly [Peer, Peer];
beforeAll(async () => {
  backend = await shakyBackend();
});
beforeEach(async () => {
  ann = await newPerson(backend, 'Ann');
  peers = await Promise.all([newPeer('Ben'), newPeer('Cat')]);
});

type Peer = { readonly person: Person; readonly say: (content: string) => Promise<unknown> };

async function newPeer(name: string): Promise<Peer> {
  const person = await newPerson(backend, name);
  const device = await person.connect({ token: person.token, dialect: 'direct' });
  return { person, say: (content) => send(device, ann.userId, content) };
}

async function send(device: NativeClient, receiverId: string, content: string): Promise<unknown> {
  const answer = await device.request('send_message', { receiverId, content });
  expect(answer).toMatchObject({ ok: true, message: { content } });
  return answer;
}

type Hearing = Device & { readonly told: readonly string[] };
type Told = { readonly content: string; readonly message?: Told };

/** Ann's client, and all that it is told that was said, whoever has said it. */
async function hearing(dialect: string, options: Options = WEB_SOCKET): Promise<Hearing> {
  const device = await openDevice(backend, ann, { ...options, query: { dialect } });
  const told: string[] = [];
  for (const name of ['receive_message', 'message_sent', 'message:received'])
    device.socket.on(name, (heard: Told) => told.push((heard.message ?? heard).content));
  return { ...device, told };
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

const tells = (device: Hearing, ...contents: readonly string[]) =>
  expect.poll(() => device.told).toEqual(contents);

describe.each(Object.entries(WAYS))('a client that comes back on %s', (_, options) => {
  test('is told of all that was said to it, by whomever, and by its user elsewhere', async () => {
    const [ben, cat] = peers;
    const elsewhere = await ann.connect({ token: ann.token, dialect: 'direct' });
    const device = await hearing('direct', options);
    await ben.say('one');
    await tells(device, 'one');
    const begun = await whileAway(device, async () => {
      await cat.say('two');
      await send(elsewhere, ben.person.userId, 'three');
      await ben.say('four');
    });
    expect(begun).toMatchObject({ recovered: true });
    await cat.say('five');
    await tells(device, 'one', 'two', 'three', 'four', 'five');
  });
});

test('a client that had heard nothing yet is told what was said since it connected, and nothing before', async () => {
  const [ben, cat] = peers;
  await ben.say('before');
  // What Ben says next does not have to wait, and so comes before what Cat says then.
  backend.clock.leap(1_000);
  const device = await hearing('appointment');
  const begun = await whileAway(device, async () => {
    await ben.say('one');
    await cat.say('two');
  });
  expect(begun).toMatchObject({ recovered: true });
  await ben.say('three');
  await tells(device, 'one', 'two', 'three');
});

test('a client with its connection lost again while it is told the first that it hears has all of it', async () => {
  const [ben, cat] = peers;
  const device = await hearing('direct');
  let replies = 0;
  device.line.onPiece = (piece) => {
    if (!piece.includes('"pid":')) return;
    replies += 1;
    if (replies <= 3) device.line.lose(replies === 2 ? 'half-open' : 'noticed');
  };
  const begun = await whileAway(device, async () => {
    await ben.say('one');
    await cat.say('two');
  });
  expect(begun).toMatchObject({ recovered: true });
  expect(replies).toBe(4);
  await ben.say('three');
  await tells(device, 'one', 'two', 'three');
});

test('the sending device of appointment is not told of its own, before, after and long after it comes back', async () => {
  const [ben] = peers;
  const device = await hearing('appointment');
  const sendFrom = (content: string) =>
    expect(
      device.request('message:send', { recipientId: ben.person.userId, content }),
    ).resolves.toMatchObject({ ok: true });
  await ben.say('one');
  await sendFrom('own, seen by nobody here');
  await tells(device, 'one');
  const [first] = device.beginnings;
  expect(await whileAway(device, () => ben.say('two'))).toEqual({ id: first?.id, recovered: true });
  await sendFrom('own, after coming back');
  expect(await whileAway(device, () => ben.say('three'))).toMatchObject({ recovered: true });
  await ben.say('four');
  await tells(device, 'one', 'two', 'three', 'four');
});

test('a receipt, and word of the inbox, is kept from the device of its user that came back, where it was caused', async () => {
  const [ben] = peers;
  const other = await ann.connect({ token: ann.token, dialect: 'appointment' });
  const device = await hearing('appointment');
  expect(await whileAway(device, () => ben.say('one'))).toMatchObject({ recovered: true });
  await tells(device, 'one');
  const heard: string[] = [];
  device.socket.onAny((name: string) => heard.push(name));
  const { id } = (await other.next('message:received')) as { readonly id: string };
  expect(await device.request('message:read', { messageId: id })).toEqual({ ok: true, messageId: id });
  expect(await device.request('notifications:read-all')).toEqual({ ok: true });
  expect(await other.next('message:read')).toMatchObject({ messageId: id, userId: ann.userId });
  await other.next('notifications:read-all');
  await ben.say('two');
  await tells(device, 'one', 'two');
  expect(heard).toEqual(['message:received']);
});

test('a message that is being stored while its receiver comes back reaches the receiver once', async () => {
  const [ben] = peers;
  const device = await hearing('direct');
  await ben.say('one');
  await tells(device, 'one');
  const { log } = backend.stack.functions.ports;
  const append = log.append.bind(log);
  const spy = vi.spyOn(log, 'append');
  onTestFinished(() => spy.mockRestore());
  let store = () => {};
  const mayBeStored = new Promise<void>((resolve) => {
    store = resolve;
  });
  const begun = new Promise<void>((resolve) => {
    spy.mockImplementationOnce(async (...entry) => {
      resolve();
      await mayBeStored;
      return append(...entry);
    });
  });
  let said: Promise<unknown> | undefined;
  const back = await whileAway(device, async () => {
    said = ben.say('two');
    await begun;
  });
  expect(back).toMatchObject({ recovered: true });
  store();
  await said;
  await ben.say('three');
  await tells(device, 'one', 'two', 'three');
  expect(spy).toHaveBeenCalledTimes(3);
});

test('a client that begins anew is told nothing that was said before it did, when it is lost once more', async () => {
  const [ben] = peers;
  const device = await hearing('direct');
  const inside = device.socket as unknown as { _pid: string };
  await ben.say('one');
  await tells(device, 'one');
  inside._pid = `${inside._pid}x`;
  const anew = await whileAway(device, () => ben.say('two'));
  expect(anew.recovered).toBeFalsy();
  expect(await whileAway(device, () => ben.say('three'))).toMatchObject({ recovered: true });
  await tells(device, 'one', 'three');
});
