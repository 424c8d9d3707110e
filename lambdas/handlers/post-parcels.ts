import { closeConnection, endDevice } from '../core/close-connection.ts';
import type { Device } from '../core/connection.ts';
import type { Gateway, Posted } from '../core/gateway.ts';
import type { MessageId } from '../core/ids.ts';
import type { Ports } from '../core/ports.ts';
import type { Delivery } from '../core/signals.ts';
import { inParallel } from './concurrency.ts';
import { type Done, idsIn, lateIn, noteLate } from './late-pushes.ts';
import type { Log } from './log.ts';
import type { Addressed } from './parcels.ts';

export type PostParts = {
  readonly ports: Ports;
  readonly gateway: Gateway;
  readonly log: Log;
  /** Tells others what follows from a device being gone. */
  readonly tell: (deliveries: readonly Delivery[]) => Promise<void>;
};

/** How many frames were delivered, and how many were the last that their connection was sent. */
export type Tally = Record<Posted, number>;

/** Posts under way at once from one invocation. */
const CONCURRENT_POSTS = 100;
/** `$connect` answers before API Gateway lets anybody post: a 410 to so young a connection says nothing, in ms. */
const SETTLING_MS = 15_000;

/**
 * Posts parcels, so many at a time. One that fails is its receiver's matter alone: a connection that has ended is
 * forgotten, and one of which nobody knows whether it got its frame is cut off, so that its client catches up. That
 * waits until all others are served, and until it is noted what came late.
 */
export async function postParcels(parts: PostParts, parcels: readonly Addressed[]): Promise<Tally> {
  const tally: Tally = { delivered: 0, gone: 0, failed: 0 };
  const [gone, doubtful]: [Addressed[], Addressed[]] = [[], []];
  const done: Done[] = [];
  await inParallel(parcels, CONCURRENT_POSTS, async (parcel) => {
    const last = await postFrames(parts, parcel, tally);
    done.push({ parcel, at: parts.ports.clock.now() });
    if (last === 'gone') gone.push(parcel);
    if (last === 'failed' && parcel.mustArrive) doubtful.push(parcel);
  });
  await noteLate(parts, done, doubtful);
  await inParallel(gone, CONCURRENT_POSTS, (parcel) => forget(parts, parcel));
  await inParallel(doubtful, CONCURRENT_POSTS, (parcel) => cutOff(parts, parcel));
  return tally;
}

/** Frames of one connection go one after the other: API Gateway does not promise to keep the order of two posts. */
async function postFrames(
  parts: PostParts,
  { connectionId, via, answer, pushes, device }: Addressed,
  tally: Tally,
): Promise<Posted> {
  const { clock } = parts.ports;
  const to = via ?? connectionId;
  const expiresAt = device?.expiresAt ?? Number.POSITIVE_INFINITY;
  for (const [place, frame] of [...answer, ...pushes].entries()) {
    if (place >= answer.length && expiresAt <= clock.now()) return 'delivered';
    const outcome = await postOne(parts, to, frame);
    tally[outcome] += 1;
    if (outcome !== 'delivered') return outcome;
  }
  return 'delivered';
}

async function postOne({ gateway, log }: PostParts, connectionId: string, frame: string): Promise<Posted> {
  try {
    return await gateway.post(connectionId, frame);
  } catch (thrown) {
    log.error('post', thrown, { connectionId });
    return 'failed';
  }
}

/** What may or may not have arrived cannot be repeated. Cut off, the client reconnects and catches up. */
async function cutOff(parts: PostParts, parcel: Addressed): Promise<void> {
  const { ports, gateway, log, tell } = parts;
  const { connectionId, device } = parcel;
  if (device?.wire === 'socket.io') return endSocket(parts, device, idsIn(parcel));
  // First: its user has not left, whatever the end of the connection will look like.
  if (device)
    await endDevice(ports, device, 'lost')
      .then(tell)
      .catch((thrown) => log.error('lose', thrown, { connectionId }));
  await gateway.close(connectionId).catch((thrown) => log.error('cut-off', thrown, { connectionId }));
}

async function forget(parts: PostParts, parcel: Addressed): Promise<void> {
  const { ports, log, tell } = parts;
  const { connectionId, device } = parcel;
  const isYoung = device !== undefined && ports.clock.now() - device.connectedAt < SETTLING_MS;
  if (isYoung && device.joined.length === 0) return;
  if (device?.wire === 'socket.io') return endSocket(parts, device, lateIn(parcel, ports.clock.now()));
  try {
    await tell(await closeConnection(ports, connectionId, 'lost', device?.userId));
  } catch (thrown) {
    log.error('forget-connection', thrown, { connectionId });
  }
}

/**
 * Ending a session is its wire's matter, which knows what carries it, and keeps what its client may ask to have back.
 *
 * @param undelivered what a later message may have overtaken
 */
async function endSocket(
  { ports, log }: PostParts,
  { userId, connectionId, origin }: Device,
  undelivered: readonly MessageId[],
): Promise<void> {
  const owed = undelivered.length > 0 && { undelivered, ...(origin && { origin: origin.connectionId }) };
  try {
    await ports.tasks.enqueue({ kind: 'end-socket', userId, connectionId, ...owed });
  } catch (thrown) {
    log.error('end-socket', thrown, { connectionId });
  }
}
