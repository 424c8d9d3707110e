import type { Knock } from './application.ts';
import { endSession } from './lifecycle.ts';
import { offsetOf } from './packets.ts';
import { firstSession, isPid } from './pid.ts';
import { sendFrames } from './send.ts';
import type { ServerParts } from './server.ts';
import type { Recoverable, Session } from './session.ts';

/**
 * Connection state recovery (socket.io, packages/socket.io-adapter/lib/in-memory-adapter.ts): the CONNECT reply carries
 * a secret `pid`, and every event that counts an offset as its last argument, which the client keeps. Reconnecting, it
 * sends both, and is told with the same `sid` and `pid` that it has been recovered.
 *
 * With a `pid` set, the client takes any trailing string of an event without an acknowledgement id for the offset, so
 * every event must end with one, or ask for an acknowledgement that nobody waits for.
 */

/** A socket of another session that has been handed to the one whose client asked for it. */
export type Claimed = { readonly pid: string; readonly from: Recoverable };

/** As often as others may be handed the same socket in between. */
const CLAIM_ATTEMPTS = 5;

/**
 * Hands a session the lost socket that its client asks for, if it is theirs. The new connection often comes before
 * anybody has noticed the end of the old one: then that ends now. Who asks last has it.
 */
export async function claim(parts: ServerParts, knock: Knock, pid: unknown): Promise<Claimed | undefined> {
  const { application, store, clock, recoverySeconds } = parts;
  if (recoverySeconds <= 0 || !isPid(pid)) return undefined;
  for (let attempt = 1; attempt <= CLAIM_ATTEMPTS; attempt += 1) {
    const from = await store.kept(pid);
    if (from && from.kept.namespace !== knock.namespace) return undefined;
    if (from && !(await application.isTheirs(knock, { state: from.kept.state }))) return undefined;
    if (await endHolder(parts, knock, pid, from)) continue;
    // It may have ended, and kept its socket, between our two reads.
    if (!from && attempt === 1) continue;
    if (!from || from.until <= clock.now()) return undefined;
    if (await store.handOver(pid, from, knock.session, clock.now())) return { pid, from };
  }
  return undefined;
}

/**
 * Ends the session that has the socket. One that has been handed it and not yet caught up has it too: its client has
 * lost that connection as well.
 */
async function endHolder(
  parts: ServerParts,
  knock: Knock,
  pid: string,
  from: Recoverable | undefined,
): Promise<boolean> {
  const holder = from?.holder ?? firstSession(pid);
  const session = holder === knock.session ? undefined : await parts.store.find(holder);
  if (!session) return false;
  if (!from && !(await isSocketTheirs(parts, knock, pid, session))) return false;
  await endSession(parts, session);
  return true;
}

async function isSocketTheirs(
  { application }: ServerParts,
  knock: Knock,
  pid: string,
  { sockets }: Session,
): Promise<boolean> {
  const socket = sockets.get(knock.namespace);
  return socket?.pid === pid && application.isTheirs(knock, { data: socket.data });
}

/** Gives back what was claimed and is not taken, for a client that comes with a better token. */
export async function giveBack(
  { store, clock }: ServerParts,
  { key }: Session,
  { pid, from }: Claimed,
): Promise<void> {
  await store.handOver(pid, { ...from, holder: key }, from.holder, clock.now());
}

/** What a session that is held back is told meanwhile, and what of it is not to come once more. */
export type CatchingUp = {
  readonly isFresh: (offset: string | undefined) => boolean;
  /** The same for what is pushed later, as its application knows it. */
  readonly told: unknown;
};

/**
 * Sends what was pushed to a session that was held back while it caught up, as far as it is fresh, and lets pushes
 * through again. Some may still be on their way that were sent off before: they find what it was told.
 *
 * @throws where the frames cannot be had, or may be lost with an answer: then the session must end, and its client, which
 *   comes back, is told of them.
 */
export async function release(
  parts: ServerParts,
  session: Session,
  { isFresh, told }: CatchingUp,
): Promise<'released' | 'broken'> {
  for (let attempt = 1; attempt <= RELEASE_ATTEMPTS; attempt += 1) {
    const frames = await parts.mailboxes.collectHeld(session.key);
    const fresh = frames.filter((frame) => isFresh(offsetOf(frame)));
    if ((await sendFrames(parts, session, fresh)) === 'broken') return 'broken';
    if ((await parts.mailboxes.letGo(session.key, told)) === 'free') return 'released';
  }
  return 'broken';
}

const RELEASE_ATTEMPTS = 100;
