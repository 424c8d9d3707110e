import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { conversationOfBooking } from '../../lambdas/core/ids.ts';
import { type Mishap, type Mishaps, sufferMishaps } from '../aws/mishaps.ts';
import { newScene, type Scene, say } from '../support/booking-scene.ts';
import { type Device, openDevice, WAYS } from './device.ts';
import { type ShakyBackend, shakyBackend } from './shaky-backend.ts';

/* What is pushed to a client while it is told what it has missed is put aside, and may be lost where it is taken. */

let backend: ShakyBackend;
let mishaps: Mishaps;
let scene: Scene;
beforeAll(async () => {
  backend = await shakyBackend();
  mishaps = sufferMishaps(backend.table.client);
});
beforeEach(async () => {
  scene = await newScene(backend);
});

/** Lets something happen once a room has been looked into for what was missed there. */
function whileCatchingUp(act: () => Promise<unknown>): void {
  const { log } = backend.stack.functions.ports;
  const room = conversationOfBooking(scene.bookingId);
  const head = log.head.bind(log);
  const spy = vi.spyOn(log, 'head');
  onTestFinished(() => spy.mockRestore());
  spy.mockImplementation(async (id) => {
    const found = await head(id);
    if (id !== room) return found;
    spy.mockImplementation(head);
    await act();
    return found;
  });
}

/** Strikes whoever takes what was put aside, the SDK's repeats included, until the client is cut off by that. */
function strikeTaking(mishap: Mishap, { socket }: Device): void {
  const isTaking = (input: object) =>
    'UpdateExpression' in input && input.UpdateExpression === 'REMOVE waiting';
  mishaps.of = (_, input) => (isTaking(input) ? mishap : undefined);
  const end = () => {
    mishaps.of = () => undefined;
  };
  socket.once('disconnect', end);
  onTestFinished(end);
}

describe.each(Object.entries(WAYS))('a client on %s is told what was put aside for it', (_, options) => {
  test.each([
    ['cannot be taken', 'failed', 'InternalServerError'],
    ['was taken, but did not come', 'lost', 'ConditionalCheckFailedException'],
  ] as const)('that %s: its session ends, and it comes back for it', async (_case, mishap, name) => {
    const device = await openDevice(backend, scene.client, options);
    await device.request('joinBooking', scene.bookingId);
    const owner = await scene.owner.enter(scene.bookingId);
    await say(owner, scene.bookingId, 'one');
    await expect.poll(device.contents).toEqual(['one']);
    whileCatchingUp(async () => {
      await say(owner, scene.bookingId, 'two');
      await backend.stack.functions.tasks.settled();
    });
    const begun = device.begun();
    await device.lose();
    strikeTaking(mishap, device);
    expect(await begun).toMatchObject({ recovered: true });
    await expect.poll(device.contents).toEqual(['one', 'two']);
    await say(owner, scene.bookingId, 'three');
    await expect.poll(device.contents).toEqual(['one', 'two', 'three']);
    for (const beginning of device.beginnings.slice(1)) expect(beginning).toMatchObject({ recovered: true });
    expect(backend.failures()).toEqual([expect.arrayContaining([expect.objectContaining({ name })])]);
  });
});
