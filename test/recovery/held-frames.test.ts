import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
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

/** Lets something happen once a device is in its room again, where it is pushed what follows. */
function whileCatchingUp(act: () => Promise<unknown>): void {
  const { log } = backend.stack.functions.ports;
  const knock = log.knock.bind(log);
  const spy = vi.spyOn(log, 'knock');
  onTestFinished(() => spy.mockRestore());
  spy.mockImplementation(async (...mark) => {
    const outcome = await knock(...mark);
    if (outcome !== 'knocked') return outcome;
    spy.mockImplementation(knock);
    await act();
    return outcome;
  });
}

/** Whether anything is put aside for anybody. */
async function isPutAside(): Promise<boolean> {
  const { client, name } = backend.table;
  const { Items = [] } = await client.send(new ScanCommand({ TableName: name }));
  return Items.some(({ waiting }) => waiting !== undefined);
}

/** Strikes whoever takes what was put aside, the SDK's repeats included, until the client is cut off by that. */
function strikeTaking(mishap: Mishap, { socket }: Device): void {
  const isTaking = (input: object) =>
    'UpdateExpression' in input && input.UpdateExpression === 'REMOVE waiting';
  mishaps.of = (_, input) => (isTaking(input) ? mishap : undefined);
  const end = () => {
    mishaps.of = () => undefined;
  };
  // The first time it is the loss for which it comes back.
  socket.once('disconnect', () => socket.once('disconnect', end));
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
    // Those who look after the new booking knock as well.
    await backend.stack.functions.tasks.settled();
    whileCatchingUp(async () => {
      await say(owner, scene.bookingId, 'two');
      await expect.poll(isPutAside).toBe(true);
    });
    const begun = device.begun();
    strikeTaking(mishap, device);
    await device.lose();
    expect(await begun).toMatchObject({ recovered: true });
    await expect.poll(device.contents).toEqual(['one', 'two']);
    await say(owner, scene.bookingId, 'three');
    await expect.poll(device.contents).toEqual(['one', 'two', 'three']);
    for (const beginning of device.beginnings.slice(1)) expect(beginning).toMatchObject({ recovered: true });
    expect(backend.failures()).toEqual([expect.arrayContaining([expect.objectContaining({ name })])]);
  });
});
