import type { Device } from '../core/connection.ts';
import type { Gateway } from '../core/gateway.ts';
import type { Ports, Task } from '../core/ports.ts';
import { LONGEST_WAIT_MS } from '../core/push-order.ts';
import type { Delivery, Signal } from '../core/signals.ts';
import { byTurns, inChunks } from './concurrency.ts';
import type { Log } from './log.ts';
import { address, type Parcel, type Reachable } from './parcels.ts';
import { postParcels } from './post-parcels.ts';
import { conversationsIn, forQueue } from './queued-devices.ts';

/**
 * Carries signals to devices. A receiver's failure is that receiver's alone, and none is the sender's: all are tallied
 * and logged.
 */
export interface Outbox {
  /** Delivers signals, and an answer to the device that caused them ahead of all else it is sent. */
  deliver(deliveries: readonly Delivery[], answer?: Parcel): Promise<void>;
  /** Pushes a signal to devices that were read before. */
  push(signal: Signal, devices: readonly Device[]): Promise<void>;
}

export type OutboxParts = { readonly ports: Ports; readonly gateway: Gateway; readonly log: Log };

/** Receivers served in the invocation that causes the signal; the rest continue on the task queue. */
const INLINE_USERS = 100;
const INLINE_DEVICES = 300;
const CHUNK = 100;
/** A device whose token ran out less than this ago, in ms, may have been renewed since it was read, or queued. */
const RENEWED_WITHIN_MS = 15 * 60_000;

export function createOutbox(parts: OutboxParts): Outbox {
  return {
    deliver: (deliveries, answer) => deliver(parts, deliveries, answer),
    push: (signal, devices) => send(parts, [{ signal, devices }]),
  };
}

async function deliver(
  parts: OutboxParts,
  deliveries: readonly Delivery[],
  answer: Parcel | undefined,
): Promise<void> {
  const { clock } = parts.ports;
  const wait = Math.max(0, ...deliveries.map(({ notBefore = 0 }) => notBefore - clock.now()));
  if (wait === 0) return deliverNow(parts, deliveries, answer);
  if (answer) await send(parts, [], answer);
  // However wrong another function's clock may be.
  await clock.sleep(Math.min(wait, LONGEST_WAIT_MS));
  await deliverNow(parts, deliveries, undefined);
}

async function deliverNow(
  parts: OutboxParts,
  deliveries: readonly Delivery[],
  answer: Parcel | undefined,
): Promise<void> {
  const reachable = await Promise.all(deliveries.map((delivery) => devicesFor(parts, delivery)));
  await send(parts, reachable, answer);
}

/**
 * The devices of a delivery's first users; the others' are read where their chunk of the queue is served, and so are
 * all of them if they cannot be read now.
 */
async function devicesFor(
  parts: OutboxParts,
  { signal, users, devices, notBefore }: Delivery,
): Promise<Reachable> {
  if (devices) return { signal, devices, notBefore };
  const { ports, log } = parts;
  const first = users.slice(0, INLINE_USERS);
  const now = await ports.connections.devicesOf(first, true).catch((thrown) => {
    log.error('read-devices', thrown);
    return undefined;
  });
  const later = inChunks(now ? users.slice(INLINE_USERS) : users, CHUNK);
  await Promise.all(later.map((chunk) => enqueue(parts, { kind: 'deliver', signal, users: chunk })));
  return { signal, devices: now ?? [], notBefore };
}

async function send(parts: OutboxParts, reachable: readonly Reachable[], answer?: Parcel): Promise<void> {
  let queued = 0;
  const here = await Promise.all(
    reachable.map(async ({ signal, devices, notBefore }) => {
      const entitled = byTurns(await withValidToken(parts, devices), ({ userId }) => userId);
      const unqueued = await queueRest(parts, signal, entitled.slice(INLINE_DEVICES));
      const served = [...entitled.slice(0, INLINE_DEVICES), ...unqueued];
      queued += entitled.length - served.length;
      return { signal, devices: served, notBefore };
    }),
  );
  const tell = (deliveries: readonly Delivery[]) => deliver(parts, deliveries, undefined);
  const tally = await postParcels({ ...parts, tell }, address(here, answer));
  parts.log.info('push', { signals: reachable.map(({ signal }) => signal.kind), ...tally, queued });
}

/** An expired device is sent nothing (RULINGS §1 “Expiry”). */
async function withValidToken(parts: OutboxParts, devices: readonly Device[]): Promise<readonly Device[]> {
  const now = parts.ports.clock.now();
  const known = await Promise.all(
    devices.map((device) => {
      const isDoubtful = device.expiresAt <= now && now - device.expiresAt < RENEWED_WITHIN_MS;
      return isDoubtful ? readAgain(parts, device) : device;
    }),
  );
  return known.flatMap((device) =>
    device && device.expiresAt > now && device.lostAt === undefined ? [device] : [],
  );
}

async function readAgain(
  { ports, log }: OutboxParts,
  { userId, connectionId }: Device,
): Promise<Device | undefined> {
  try {
    return await ports.connections.device(userId, connectionId);
  } catch (thrown) {
    log.error('read-device', thrown, { connectionId });
    return undefined;
  }
}

/** Leaves devices to the task queue; returns those that it does not take. */
async function queueRest(
  parts: OutboxParts,
  signal: Signal,
  devices: readonly Device[],
): Promise<readonly Device[]> {
  const conversations = conversationsIn(signal);
  const left = inChunks(devices, CHUNK).map(async (chunk) => {
    const slim = chunk.map((device) => forQueue(device, conversations));
    return (await enqueue(parts, { kind: 'push', signal, devices: slim })) ? [] : chunk;
  });
  return (await Promise.all(left)).flat();
}

async function enqueue({ ports, log }: OutboxParts, task: Task): Promise<boolean> {
  try {
    await ports.tasks.enqueue(task);
    return true;
  } catch (thrown) {
    log.error('enqueue', thrown, { kind: task.kind });
    return false;
  }
}
