import { beforeEach, expect, test } from 'vitest';
import { newScene, type Person, type Scene } from '../support/booking-scene.ts';
import { type TwoFunctions, twoFunctions } from '../support/two-functions.ts';
import { openSession, type RawSocket } from './raw-client.ts';
import { connected, openClient, request } from './stock-clients.ts';

/* Two warm functions that remember the same devices, behind the stand-in for API Gateway. */

let backend: TwoFunctions;
let scene: Scene;
beforeEach(async () => {
  backend = await twoFunctions();
  scene = await newScene(backend);
});

/** A device that has joined the booking's room, and that the first function remembers. */
async function enter({ token }: Pick<Person, 'token'>, said: object = {}): Promise<RawSocket> {
  const device = await openSession(backend.webSocketUrl);
  device.send(`40${JSON.stringify({ token, ...said })}`);
  await device.next();
  await ask(device, 'joinBooking', scene.bookingId);
  return device;
}

/** The acknowledgement of an event. */
async function ask(device: RawSocket, name: string, data: unknown): Promise<unknown> {
  device.send(`427${JSON.stringify([name, data])}`);
  for (;;) {
    const frame = await device.next();
    if (frame.startsWith('437')) return (JSON.parse(frame.slice(3)) as readonly unknown[])[0];
  }
}

const say = (device: RawSocket, content: string) =>
  ask(device, 'sendMessage', { bookingId: scene.bookingId, content });

const stored = async () => (await scene.client.history(scene.bookingId)).map(({ content }) => content);

const devices = () => backend.connections.devicesOf([scene.client.userId], true);

test('a client that has said goodbye to one is not served by the other', async () => {
  const device = await enter(scene.client);
  await say(device, 'one');
  backend.turnTo(1);
  device.send('41');
  expect(await device.ended).toEqual({ code: 1000 });
  await backend.gateway.settled();
  backend.turnTo(0);
  device.send('42["sendMessage",{}]');
  expect(await stored()).toEqual(['one']);
  expect(await devices()).toEqual([]);
});

test('a WebSocket speaks for one user in its life: whoever says goodbye and comes back has another', async () => {
  const device = await enter(scene.client);
  await say(device, 'one');
  backend.turnTo(1);
  device.send('41', `40${JSON.stringify({ token: scene.owner.token })}`);
  expect(await device.ended).toEqual({ code: 1000 });
  await backend.gateway.settled();
  expect(await backend.connections.devicesOf([scene.owner.userId], true)).toEqual([]);
});

test('the unmodified client says goodbye and comes back as somebody else', async () => {
  const socket = openClient(backend.url, { transports: ['websocket'], auth: { token: scene.client.token } });
  await connected(socket);
  const content = { bookingId: scene.bookingId, content: 'hello' };
  expect(await request(socket, 'sendMessage', content)).toMatchObject({ message: { senderType: 'client' } });
  backend.turnTo(1);
  socket.disconnect();
  socket.auth = { token: scene.owner.token };
  socket.connect();
  await connected(socket);
  backend.turnTo(0);
  expect(await request(socket, 'sendMessage', content)).toMatchObject({
    message: { senderType: 'business' },
  });
});

test('a token that one has renewed holds at the other when the first has run out', async () => {
  const claims = { sub: scene.client.userId };
  const expiringAt = (ms: number) =>
    backend.token({ ...claims, exp: Math.floor((backend.clock.now() + ms) / 1000) });
  const device = await enter({ token: await expiringAt(20_000) });
  backend.turnTo(1);
  const longer = await expiringAt(120_000);
  expect(await ask(device, 'authenticate', longer)).toMatchObject({ ok: true });
  backend.turnTo(0);
  backend.clock.leap(21_000);
  expect(await say(device, 'with the new one')).toMatchObject({ ok: true });
  backend.clock.leap(120_000);
  expect(await say(device, 'with none')).toMatchObject({
    ok: false,
    error: { code: 'AUTHENTICATION_FAILED' },
  });
  expect(await stored()).toEqual(['with the new one']);
});

test('a client that has its socket back elsewhere speaks over the new connection alone', async () => {
  const lost = await openSession(backend.webSocketUrl);
  lost.send(`40${JSON.stringify({ token: scene.client.token })}`);
  const { pid } = JSON.parse((await lost.next()).slice(2)) as { readonly pid: string };
  await ask(lost, 'joinBooking', scene.bookingId);
  await say(lost, 'one');
  backend.turnTo(1);
  const found = await enter(scene.client, { pid });
  expect(await lost.ended).toEqual({ code: 1000 });
  backend.turnTo(0);
  lost.send('42["sendMessage",{}]');
  expect(await say(found, 'two')).toMatchObject({ ok: true });
  expect(await stored()).toEqual(['one', 'two']);
  expect(await devices()).toHaveLength(1);
});
