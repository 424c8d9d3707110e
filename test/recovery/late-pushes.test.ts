import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { conversationOfBooking } from '../../lambdas/core/ids.ts';
import { newScene, type Scene, say } from '../support/booking-scene.ts';
import type { NativeClient } from '../support/native-client.ts';
import { type Beginning, type Device, type Options, openDevice, WAYS } from './device.ts';
import { type ShakyBackend, shakyBackend } from './shaky-backend.ts';

let backend: ShakyBackend;
let scene: Scene;
let owner: NativeClient;
beforeAll(async () => {
  backend = await shakyBackend();
});
beforeEach(async () => {
  scene = await newScene(backend);
  owner = await scene.owner.enter(scene.bookingId);
});

type Gate = { readonly open: () => void; readonly opened: Promise<void> };

function gate(): Gate {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

const ports = () => backend.stack.functions.ports;

/** Lets something happen just before a room is looked into for what was missed there. */
function beforeCatchingUp(act: () => Promise<unknown>): void {
  const room = conversationOfBooking(scene.bookingId);
  const head = ports().log.head.bind(ports().log);
  const spy = vi.spyOn(ports().log, 'head');
  onTestFinished(() => spy.mockRestore());
  spy.mockImplementation(async (id) => {
    if (id !== room) return head(id);
    spy.mockImplementation(head);
    await act();
    return head(id);
  });
}

/** Whether it is the devices of the whole room that are asked for: those of one side are read for its presence, too. */
function isOfRoom(users: readonly string[]): boolean {
  return users.includes(scene.client.userId) && users.includes(scene.owner.userId);
}

/** The next to read the room's devices does so at once, and then waits for the gate to go on; resolves when it has read. */
function delayNextPush(until: Gate): Promise<void> {
  const devicesOf = ports().connections.devicesOf.bind(ports().connections);
  const read = gate();
  const spy = vi.spyOn(ports().connections, 'devicesOf');
  onTestFinished(() => spy.mockRestore());
  spy.mockImplementation(async (...asked) => {
    if (!isOfRoom(asked[0])) return devicesOf(...asked);
    spy.mockImplementation(devicesOf);
    const devices = await devicesOf(...asked);
    read.open();
    await until.opened;
    return devices;
  });
  return read.opened;
}

/** The next push finds no devices to read, and is left to the task queue, which does it once the gate opens. */
function queueNextPush(until: Gate): Promise<void> {
  const { connections, tasks } = ports();
  const queued = gate();
  const devicesOf = connections.devicesOf.bind(connections);
  const failing = vi.spyOn(connections, 'devicesOf');
  let failures = 0;
  failing.mockImplementation(async (...asked) => {
    if (!isOfRoom(asked[0]) || failures === 2) return devicesOf(...asked);
    failures += 1;
    throw new Error('There is nobody to be read.');
  });
  const enqueue = tasks.enqueue.bind(tasks);
  const spy = vi.spyOn(tasks, 'enqueue');
  spy.mockImplementation(async (task, delay) => {
    if (task.kind !== 'deliver') return enqueue(task, delay);
    queued.open();
    await until.opened;
    return enqueue(task, delay);
  });
  onTestFinished(() => {
    failing.mockRestore();
    spy.mockRestore();
  });
  return queued.opened;
}

/** Resolves when so many messages are in the log. */
async function stored(count: number): Promise<void> {
  const id = conversationOfBooking(scene.bookingId);
  await expect.poll(async () => (await ports().log.range(id, 1, count)).length).toBe(count);
}

/** Lets a device miss a message whose push, once it has been held up so, comes only after the device was told of it. */
async function comeBackBefore(device: Device, holdUp: (until: Gate) => Promise<void>): Promise<void> {
  const late = gate();
  let said: Promise<unknown> | undefined;
  beforeCatchingUp(async () => {
    const isHeldUp = holdUp(late);
    said = say(owner, scene.bookingId, 'two');
    await Promise.all([isHeldUp, stored(2)]);
  });
  const begun = device.begun();
  await device.lose();
  expect(await begun).toMatchObject({ recovered: true });
  await expect.poll(device.contents).toEqual(['one', 'two']);
  // By then it is late, and not over before the next message.
  backend.clock.leap(1_000);
  late.open();
  await said;
}

type Late = { readonly push: () => Promise<unknown> };

/** Has the second message said, whose push to those who are there now is held up until `push`. */
async function sendOff(content: string): Promise<Late> {
  const late = gate();
  const isHeldUp = delayNextPush(late);
  const said = say(owner, scene.bookingId, content);
  await Promise.all([isHeldUp, stored(2)]);
  // By then it is late, however quick the machine is.
  backend.clock.leap(1_000);
  const push = async () => {
    late.open();
    await said;
    await backend.stack.functions.tasks.settled();
  };
  return { push };
}

async function sayElsewhere(content: string): Promise<void> {
  const elsewhere = await scene.owner.enter(scene.bookingId);
  await say(elsewhere, scene.bookingId, content);
}

/** Loses the connection; resolves when the client is back. */
async function lostAndBack(device: Device): Promise<Beginning> {
  const begun = device.begun();
  await device.lose();
  return begun;
}

/** Lets a device hear `three` while the push of `two`, which was said before, is held up. */
async function overtake(device: Device): Promise<Late> {
  const two = await sendOff('two');
  await sayElsewhere('three');
  await expect.poll(device.contents).toEqual(['one', 'three']);
  return two;
}

async function joined(options: Options): Promise<Device> {
  const device = await openDevice(backend, scene.client, options);
  await device.request('joinBooking', scene.bookingId);
  await say(owner, scene.bookingId, 'one');
  await expect.poll(device.contents).toEqual(['one']);
  // Who comes is told of: that reads devices too.
  await backend.stack.functions.tasks.settled();
  return device;
}

describe.each(Object.entries(WAYS))(
  'a client that comes back on %s is told once of a message',
  (_, options) => {
    test('whose push was sent off just before, and comes after', async () => {
      const device = await joined(options);
      await comeBackBefore(device, delayNextPush);
      await say(owner, scene.bookingId, 'three');
      await expect.poll(device.contents).toEqual(['one', 'two', 'three']);
    });

    test('whose push to the connection that it lost took long, and comes back again after that', async () => {
      const device = await joined(options);
      const two = await sendOff('two');
      expect(await lostAndBack(device)).toMatchObject({ recovered: true });
      await expect.poll(device.contents).toEqual(['one', 'two']);
      await sayElsewhere('three');
      await expect.poll(device.contents).toEqual(['one', 'two', 'three']);
      await two.push();
      expect(await lostAndBack(device)).toMatchObject({ recovered: true });
      await sayElsewhere('four');
      await expect.poll(device.contents).toEqual(['one', 'two', 'three', 'four']);
    });

    test('whose push was left to the task queue, which knows of the new connection', async () => {
      const device = await joined(options);
      await comeBackBefore(device, queueNextPush);
      await backend.stack.functions.tasks.settled();
      await say(owner, scene.bookingId, 'three');
      await expect.poll(device.contents).toEqual(['one', 'two', 'three']);
      expect(backend.failures()).toMatchObject([
        ['read-devices', { message: 'There is nobody to be read.' }],
      ]);
    });
  },
);

describe.each(Object.entries(WAYS))(
  'a client on %s that has heard a later message, and lost its connection before an earlier one was pushed to it',
  (_, options) => {
    test('begins anew, so that it loads the history', async () => {
      const device = await joined(options);
      const late = await overtake(device);
      device.line.isDown = true;
      await device.lose();
      await late.push();
      const begun = device.begun();
      device.line.isDown = false;
      expect((await begun).recovered).toBeFalsy();
    });

    test('begins anew though it was recovered meanwhile', async () => {
      const device = await joined(options);
      const late = await overtake(device);
      expect(await lostAndBack(device)).toMatchObject({ recovered: true });
      const anew = device.begun();
      await late.push();
      expect((await anew).recovered).toBeFalsy();
    });
  },
);
