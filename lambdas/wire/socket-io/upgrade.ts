import type { ConnectionId } from '../../core/ids.ts';
import { endSession } from './lifecycle.ts';
import { engineFrame } from './packets.ts';
import { postFirst } from './post-first.ts';
import { findPolling, sendFrames } from './send.ts';
import type { ServerParts } from './server.ts';
import type { Session, SessionKey } from './session.ts';

/**
 * From HTTP long-polling to a WebSocket (github.com/socketio/engine.io-protocol#upgrade): the client opens one with the
 * session's id, is not greeted there, sends `2probe`, is answered `3probe`, lets its pending poll end, and says `5`.
 */

const PROBE = 'probe';
/** The reference gives a client as long (`upgradeTimeout`); then another WebSocket may probe. */
const UPGRADE_WITHIN_MS = 10_000;
const MOVE_ATTEMPTS = 200;
const WAIT_MS = 10;
const LONGEST_WAIT_MS = 100;
/** Within the time that API Gateway gives a function. */
const AWAIT_MOVE_MS = 20_000;

/** Whether a WebSocket may be opened for a session, and if so, links it. Nothing is sent to it. */
export async function linkWebSocket(
  { store, mailboxes, clock }: Pick<ServerParts, 'store' | 'mailboxes' | 'clock'>,
  connectionId: ConnectionId,
  sid: string,
): Promise<'linked' | 'unknown'> {
  const session = await findPolling(store, sid);
  if (!session || session.webSocket !== undefined) return 'unknown';
  await mailboxes.link(connectionId, session.key, clock.now());
  return 'linked';
}

/**
 * Answers the probe, and lets the client's waiting poll end. A second WebSocket that probes is closed; so is one that
 * cannot be reached, and its client stays where it was.
 */
export async function answerProbe(
  parts: ServerParts,
  { key }: Session,
  connectionId: ConnectionId,
): Promise<void> {
  const { mailboxes, gateway, clock } = parts;
  const now = clock.now();
  const probed = await mailboxes.probe(key, connectionId, now, now + UPGRADE_WITHIN_MS);
  if (probed === 'other') return gateway.close(connectionId);
  const outcome = await postFirst(parts, connectionId, engineFrame({ type: 'pong', data: PROBE }));
  if (outcome === 'unreachable') await gateway.close(connectionId);
}

/** Whether this packet is the client's probe. */
export function isProbe(packet: { readonly type: string; readonly data?: unknown }): boolean {
  return packet.type === 'ping' && packet.data === PROBE;
}

/**
 * Moves a session to the WebSocket that has said `5`: what lies in the mailbox goes first, and pushes go into the
 * mailbox until it is empty, so nothing is lost, doubled or overtaken. A message may reach us before the `5` that it
 * follows: it implies it, and whichever comes second waits for the first to be done.
 *
 * @returns undefined when the WebSocket has nothing to carry, and is to be closed.
 */
export async function moveToWebSocket(
  parts: ServerParts,
  session: Session,
  connectionId: ConnectionId,
): Promise<Session | undefined> {
  const isMover = await parts.mailboxes.beginMove(session.key, connectionId);
  if (!isMover) return awaitMove(parts, session, connectionId);
  try {
    const outcome = await carryOver(parts, session.key, connectionId);
    // Read once more: a namespace may have been joined meanwhile.
    if (outcome === 'moved') return announce(parts, await parts.store.find(session.key));
  } catch (thrown) {
    await endSession(parts, session);
    await parts.gateway.close(connectionId);
    throw thrown;
  }
  // What was taken out of the mailbox may be lost: then its client is told so, by the end of the session.
  await endSession(parts, session);
  return undefined;
}

async function carryOver(
  parts: ServerParts,
  key: SessionKey,
  connectionId: ConnectionId,
): Promise<'moved' | 'broken'> {
  const { mailboxes } = parts;
  for (let attempt = 1; attempt <= MOVE_ATTEMPTS; attempt += 1) {
    const frames = await mailboxes.collect(key);
    if ((await sendFrames(parts, { key, webSocket: connectionId }, frames)) === 'broken') return 'broken';
    const outcome = await mailboxes.endMove(key, connectionId);
    if (outcome !== 'mail') return outcome === 'moved' ? 'moved' : 'broken';
  }
  return 'broken';
}

async function awaitMove(
  { store, clock }: ServerParts,
  { key }: Session,
  connectionId: ConnectionId,
): Promise<Session | undefined> {
  const deadline = clock.now() + AWAIT_MOVE_MS;
  for (let wait = WAIT_MS; clock.now() < deadline; wait = Math.min(wait * 1.5, LONGEST_WAIT_MS)) {
    const latest = await store.find(key);
    if (latest?.webSocket === connectionId) return latest;
    if (!latest || latest.probe !== connectionId) return undefined;
    await clock.sleep(wait);
  }
  return undefined;
}

/** Lets the application know where its sockets are reached from now on, which saves it a detour by the mailbox. */
async function announce(
  { application }: ServerParts,
  session: Session | undefined,
): Promise<Session | undefined> {
  if (session?.webSocket === undefined) return undefined;
  const { key, webSocket, sockets } = session;
  await Promise.all(
    [...sockets].map(([namespace, state]) =>
      application.moved({ session: key, namespace, ...state }, webSocket),
    ),
  );
  return session;
}
