import { beforeAll, expect, test } from 'vitest';
import { newScene, say } from '../support/booking-scene.ts';
import { openDevice, WAYS } from './device.ts';
import { type ShakyBackend, shakyBackend } from './shaky-backend.ts';

let backend: ShakyBackend;
beforeAll(async () => {
  backend = await shakyBackend({ environment: { RECOVERY_SECONDS: '0' } });
});

test.each(Object.entries(WAYS))('with RECOVERY_SECONDS=0 nothing is recovered, on %s', async (_, options) => {
  const scene = await newScene(backend);
  const owner = await scene.owner.enter(scene.bookingId);
  const device = await openDevice(backend, scene.client, options);
  await device.request('joinBooking', scene.bookingId);
  const { id } = device.socket;
  await say(owner, scene.bookingId, 'one');
  await expect.poll(device.contents).toEqual(['one']);
  const begun = device.begun();
  await device.lose();
  const { id: newId, recovered } = await begun;
  expect(recovered).toBeFalsy();
  expect(newId).not.toBe(id);
  await say(owner, scene.bookingId, 'two');
  await device.request('joinBooking', scene.bookingId);
  await say(owner, scene.bookingId, 'three');
  await expect.poll(device.contents).toEqual(['one', 'three']);
});
