import { beforeAll, beforeEach, expect, test } from 'vitest';
import { newScene, refused, type Scene, say } from '../support/booking-scene.ts';
import { admitLateTokens } from '../support/late-tokens.ts';
import { type Device, openDevice, WAYS } from './device.ts';
import { type ShakyBackend, shakyBackend } from './shaky-backend.ts';

/* Clients that bring their token late, and lose their connection. */

admitLateTokens();

let backend: ShakyBackend;
let scene: Scene;
beforeAll(async () => {
  backend = await shakyBackend();
});
beforeEach(async () => {
  scene = await newScene(backend);
});

/** A device that has no token in its `auth`. */
const open = (options: object) => openDevice(backend, scene.client, { ...options, auth: {} });

const authenticate = async (device: Device, token = scene.client.token) => {
  expect(await device.request('authenticate', token)).toMatchObject({ ok: true });
};

/** Loses the connection, has something said meanwhile, and lets the client come back. */
async function whileAway(device: Device, act: () => Promise<unknown>) {
  device.line.isDown = true;
  await device.lose();
  await act();
  const begun = device.begun();
  device.line.isDown = false;
  return begun;
}

const hears = (device: Device, ...contents: readonly string[]) =>
  expect.poll(device.contents).toEqual(contents);

test.each(Object.entries(WAYS))('have their socket back without one, on %s', async (_, options) => {
  const owner = await scene.owner.enter(scene.bookingId);
  const device = await open(options);
  await authenticate(device);
  await device.request('joinBooking', scene.bookingId);
  const { id } = device.socket;
  await say(owner, scene.bookingId, 'one');
  await hears(device, 'one');
  for (const [missed, next] of [
    ['two', 'three'],
    ['four', 'five'],
  ] as const) {
    const begun = await whileAway(device, () => say(owner, scene.bookingId, missed));
    expect(begun).toEqual({ id, recovered: true });
    // As the page does at every connect.
    await authenticate(device);
    await say(owner, scene.bookingId, next);
  }
  await hears(device, 'one', 'two', 'three', 'four', 'five');
  const bookingId = scene.bookingId;
  const answer = await device.request('sendMessage', { bookingId, content: 'six' });
  expect(answer).toMatchObject({ ok: true, message: { sender: { _id: scene.client.userId } } });
});

test('come back as strangers when the token has run out meanwhile', async () => {
  const owner = await scene.owner.enter(scene.bookingId);
  const device = await open({ transports: ['websocket'] });
  const exp = Math.floor(backend.now() / 1000) + 60;
  await authenticate(device, await backend.token({ sub: scene.client.userId, exp }));
  await device.request('joinBooking', scene.bookingId);
  await say(owner, scene.bookingId, 'one');
  await hears(device, 'one');
  const begun = await whileAway(device, async () => backend.clock.leap(61_000));
  expect(begun.recovered).toBeFalsy();
  expect(await device.request('joinBooking', scene.bookingId)).toEqual(refused('AUTHENTICATION_FAILED'));
  await say(owner, scene.bookingId, 'two');
  await authenticate(device);
  await device.request('joinBooking', scene.bookingId);
  await say(owner, scene.bookingId, 'three');
  await hears(device, 'one', 'three');
});

test('have nothing to come back to if they never brought one', async () => {
  const device = await open({ transports: ['websocket'] });
  const { id } = device.socket;
  const begun = await whileAway(device, async () => {});
  expect(begun.recovered).toBeFalsy();
  expect(begun.id).not.toBe(id);
  await authenticate(device);
});

test('are who they were until somebody else’s token, which is refused', async () => {
  const device = await open({ transports: ['websocket'] });
  await authenticate(device);
  await device.request('joinBooking', scene.bookingId);
  expect(await whileAway(device, async () => {})).toMatchObject({ recovered: true });
  expect(await device.request('authenticate', scene.owner.token)).toEqual(refused('UNAUTHORIZED'));
  const { bookingId } = scene;
  const answer = await device.request('sendMessage', { bookingId, content: 'still me' });
  expect(answer).toMatchObject({ ok: true, message: { sender: { _id: scene.client.userId } } });
});
