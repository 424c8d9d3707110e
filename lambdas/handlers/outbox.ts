import { closeConnection } from '../core/close-connection.ts';
import type { Device } from '../core/connection.ts';
import type { Gateway } from '../core/gateway.ts';
import type { ConnectionId } from '../core/ids.ts';
import type { Ports } from '../core/ports.ts';
import { LONGEST_WAIT_MS } from '../core/push-order.ts';
import type { Delivery, Signal } from '../core/signals.ts';
import { inChunks, inParallel } from './concurrency.ts';
import { framesFor } from './frames.ts';
import type { Log } from './log.ts';
import { conversationsIn, forQueue } from './queued-devices.ts';

/** Frames for one connection, in the order in which they are sent. */
export type Parcel = { readonly connectionId: ConnectionId; readonly frames: readonly string[] };

/** Carries signals to devices. A receiver's failure is that receiver's alone: it is tallied and logged. */
export interface Outbox {
  /** Delivers signals, and an answer to the device that caused them ahead of all else it is sent. */
  deliver(deliveries: readonly Delivery[], answer?: Parcel): Promise<void>;
  /** Pushes a signal to devices that were read before. */
  push(signal: Signal, devices: readonly Device[]): Promise<void>;
}

export type OutboxParts = { readonly ports: Ports; readonly gateway: Gateway; readonly log: Log };

type Addressed = { readonly device?: Device; readonly frames: string[]; mustArrive: boolean };
type Tally = Record<'delivered' | 'gone' | 'failed' | 'queued', number>;

/** Posts under way at once from one invocation. */
const CONCURRENT_POSTS = 50;
/** Receivers served in the invocation that causes the signal; the rest continue on the task queue. */
const INLINE_USERS = 100;
const INLINE_DEVICES = 300;
const CHUNK = 100;
/** `$connect` answers before API Gateway lets anybody post: a 410 to so young a connection says nothing, in ms. */
const SETTLING_MS = 15_000;

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
  const wait = Math.max(0, ...deliveries.map(({ notBefore = 0 }) => notBefore - parts.ports.clock.now()));
  if (wait > 0) {
    if (answer) await send(parts, [], answer);
    // However wrong another function's clock may be.
    await parts.ports.clock.sleep(Math.min(wait, LONGEST_WAIT_MS));
    return deliver(
      parts,
      deliveries.map(({ notBefore: _, ...delivery }) => delivery),
      undefined,
    );
  }
  const reachable = await Promise.all(deliveries.map((delivery) => devicesFor(parts, delivery)));
  await send(parts, reachable, answer);
}

type Reachable = { readonly signal: Signal; readonly devices: readonly Device[] };

/**
 * The devices of a delivery's first users; the others' are read where their chunk of the queue is served, and so are
 * all of them if they cannot be read now.
 */
async function devicesFor(
  { ports, log }: OutboxParts,
  { signal, users, devices }: Delivery,
): Promise<Reachable> {
  if (devices) return { signal, devices };
  const first = users.slice(0, INLINE_USERS);
  const now = await ports.connections.devicesOf(first, true).catch((thrown) => {
    log.error('read-devices', thrown);
    return undefined;
  });
  const later = inChunks(now ? users.slice(INLINE_USERS) : users, CHUNK);
  await Promise.all(later.map((chunk) => ports.tasks.enqueue({ kind: 'deliver', signal, users: chunk })));
  return { signal, devices: now ?? [] };
}

async function send(parts: OutboxParts, reachable: readonly Reachable[], answer?: Parcel): Promise<void> {
  const tally: Tally = { delivered: 0, gone: 0, failed: 0, queued: 0 };
  const parcels = new Map<ConnectionId, Addressed>();
  if (answer) parcels.set(answer.connectionId, { frames: [...answer.frames], mustArrive: false });
  for (const { signal, devices } of reachable) {
    address(parcels, signal, devices.slice(0, INLINE_DEVICES), parts.ports.clock.now());
    tally.queued += await queueRest(parts, signal, devices.slice(INLINE_DEVICES));
  }
  await inParallel([...parcels], CONCURRENT_POSTS, ([id, parcel]) => post(parts, id, parcel, tally));
  parts.log.info('push', { signals: reachable.map(({ signal }) => signal.kind), ...tally });
}

function address(
  parcels: Map<ConnectionId, Addressed>,
  signal: Signal,
  devices: readonly Device[],
  now: number,
): void {
  for (const device of devices.filter(({ expiresAt }) => expiresAt > now)) {
    const frames = framesFor(device, signal);
    if (frames.length === 0) continue;
    const parcel = parcels.get(device.connectionId);
    const mustArrive = signal.kind !== 'typing' || parcel?.mustArrive === true;
    parcels.set(device.connectionId, { device, frames: [...(parcel?.frames ?? []), ...frames], mustArrive });
  }
}

async function queueRest(
  { ports }: OutboxParts,
  signal: Signal,
  devices: readonly Device[],
): Promise<number> {
  const conversations = conversationsIn(signal);
  const chunks = inChunks(devices, CHUNK).map((chunk) =>
    chunk.map((device) => forQueue(device, conversations)),
  );
  await Promise.all(chunks.map((chunk) => ports.tasks.enqueue({ kind: 'push', signal, devices: chunk })));
  return devices.length;
}

/** Frames of one connection go one after the other: API Gateway does not promise to keep the order of two posts. */
async function post(parts: OutboxParts, id: ConnectionId, parcel: Addressed, tally: Tally): Promise<void> {
  const address = parcel.device?.via ?? id;
  for (const frame of parcel.frames) {
    const outcome = await parts.gateway.post(address, frame);
    tally[outcome] += 1;
    if (outcome === 'gone') return forget(parts, id, parcel);
    // What may or may not have arrived cannot be repeated. Cut off, the client reconnects and catches up.
    if (outcome === 'failed') return parcel.mustArrive ? cutOff(parts, id, parcel) : undefined;
  }
}

async function cutOff(parts: OutboxParts, id: ConnectionId, { device }: Addressed): Promise<void> {
  if (device?.wire === 'socket.io') await endSocket(parts, device);
  else await parts.gateway.close(id);
}

async function forget(parts: OutboxParts, id: ConnectionId, { device }: Addressed): Promise<void> {
  const { ports, log } = parts;
  const isYoung = device !== undefined && ports.clock.now() - device.connectedAt < SETTLING_MS;
  if (isYoung && device.joined.length === 0) return;
  if (device?.wire === 'socket.io') return endSocket(parts, device);
  try {
    await deliver(parts, await closeConnection(ports, id), undefined);
  } catch (thrown) {
    log.error('forget-connection', thrown, { connectionId: id });
  }
}

/** Ending a session is its wire's matter, which knows what carries it, and keeps what its client may ask to have back. */
async function endSocket(
  { ports, log }: OutboxParts,
  { userId, connectionId }: Pick<Device, 'userId' | 'connectionId'>,
): Promise<void> {
  try {
    await ports.tasks.enqueue({ kind: 'end-socket', userId, connectionId });
  } catch (thrown) {
    log.error('end-socket', thrown, { connectionId });
  }
}
