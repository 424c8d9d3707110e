import { beforeAll, describe, expect, test } from 'vitest';
import { newScene, type Scene, say } from '../support/booking-scene.ts';
import type { NativeClient } from '../support/native-client.ts';
import { type Device, openDevice, WAYS } from './device.ts';
import type { Loss } from './network.ts';
import { type ShakyBackend, shakyBackend } from './shaky-backend.ts';

let backend: ShakyBackend;
beforeAll(async () => {
  backend = await shakyBackend();
});

/** How the end of the old connection is told, if at all. */
type Telling = { readonly loss: Loss; readonly isTold: boolean };

const TELLINGS: Readonly<Record<string, Telling>> = {
  'a transport that is cut': { loss: 'noticed', isTold: true },
  'a cut of which nobody is told': { loss: 'noticed', isTold: false },
  'a connection that the gateway still believes in': { loss: 'half-open', isTold: true },
};

const CASES = Object.entries(WAYS).flatMap(([way, options]) =>
  Object.entries(TELLINGS).map(([what, telling]) => ({ way, options, what, telling })),
);

describe.each(CASES)('after $what, on $way', ({ options, telling }) => {
  let scene: Scene;
  let owner: NativeClient;
  const speak = async (...contents: readonly string[]) => {
    for (const content of contents) await say(owner, scene.bookingId, content);
  };
  const joined = async (): Promise<Device> => {
    scene = await newScene(backend);
    owner = await scene.owner.enter(scene.bookingId);
    backend.mischief.dropDisconnects = () => !telling.isTold;
    const device = await openDevice(backend, scene.client, options);
    await device.request('joinBooking', scene.bookingId);
    return device;
  };

  test('the client has its socket back again and again, and is told in order, once, what it has missed', async () => {
    const device = await joined();
    await speak('one');
    await expect.poll(device.contents).toEqual(['one']);
    const { id } = device.socket;
    const said = ['one'];
    for (const [missed, next] of [
      ['two', 'three'],
      ['four', 'five'],
    ] as const) {
      const begun = device.begun();
      await device.lose(telling.loss);
      await speak(missed);
      expect(await begun).toEqual({ id, recovered: true });
      await speak(next);
      said.push(missed, next);
      await expect.poll(device.contents).toEqual(said);
    }
  });
});
