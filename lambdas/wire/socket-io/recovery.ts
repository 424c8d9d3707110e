import { suspendSession } from './lifecycle.ts';
import { type Packet, readPacket } from './packets.ts';
import { sendFrames } from './send.ts';
import type { ServerParts } from './server.ts';
import type { Kept, Session } from './session.ts';

/**
 * Connection state recovery (socket.io, packages/socket.io-adapter/lib/in-memory-adapter.ts): the CONNECT reply carries
 * a secret `pid`, and every event that counts an offset as its last argument, which the client keeps. Reconnecting, it
 * sends both, and is told with the same `sid` and `pid` that it has been recovered.
 *
 * With a `pid` set, the client takes any trailing string of an event without an acknowledgement id for the offset, so
 * every event must end with one, or ask for an acknowledgement that nobody waits for.
 */

/** A socket of an ended session that a client asks to have back. */
export type Claimed = Kept & { readonly pid: string };

const SEPARATOR = '~';
const PID_MAX = 256;

/** A `pid` says where its session is to be looked for. */
export function newPid(parts: Pick<ServerParts, 'nonce'>, { key }: Session): string {
  return `${key}${SEPARATOR}${parts.nonce()}`;
}

/**
 * What was kept for a `pid`. The new connection often comes before anybody has noticed the end of the old one: then
 * that ends now. A `pid` can be claimed once.
 */
export async function claim(
  parts: ServerParts,
  pid: unknown,
  namespace: string,
): Promise<Claimed | undefined> {
  if (parts.recoverySeconds <= 0) return undefined;
  if (typeof pid !== 'string' || pid.length > PID_MAX || !pid.includes(SEPARATOR)) return undefined;
  const kept = await parts.store.takeKept(pid, parts.clock.now());
  if (kept?.kind === 'kept') return { ...kept.kept, pid };
  const key = kept?.kind === 'current' ? kept.key : pid.slice(0, pid.lastIndexOf(SEPARATOR));
  const session = await parts.store.find(key);
  if (session?.sockets.get(namespace)?.pid !== pid) return undefined;
  const states = await suspendSession(parts, session);
  const state = states.get(namespace);
  return state && { ...state, pid };
}

/** Puts back what was claimed, for a client that comes with a better token. */
export async function putBack(
  { store, clock, recoverySeconds }: ServerParts,
  claimed: Claimed,
): Promise<void> {
  const { pid, ...kept } = claimed;
  await store.keep(pid, kept, clock.now() + recoverySeconds * 1000);
}

/**
 * Sends what was pushed to a session that was held back while it caught up, less what it was sent already, and lets
 * pushes through again.
 */
export async function release(
  parts: ServerParts,
  session: Session,
  sent: ReadonlySet<string>,
): Promise<'released' | 'broken'> {
  for (let attempt = 1; attempt <= RELEASE_ATTEMPTS; attempt += 1) {
    const frames = await parts.mailboxes.collectHeld(session.key);
    const fresh = frames.filter((frame) => !sent.has(offsetOf(frame) ?? ''));
    if ((await sendFrames(parts, session, fresh)) === 'broken') return 'broken';
    if ((await parts.mailboxes.letGo(session.key)) === 'free') return 'released';
  }
  return 'broken';
}

const RELEASE_ATTEMPTS = 100;

/** The offset at the end of an event's frame. */
function offsetOf(frame: string): string | undefined {
  const inbound = readPacket(frame);
  const packet: Packet | undefined = inbound.kind === 'socket' ? inbound.packet : undefined;
  const last = Array.isArray(packet?.data) && packet.id === undefined ? packet.data.at(-1) : undefined;
  return typeof last === 'string' ? last : undefined;
}
