import type { ConnectionId } from '../../core/ids.ts';
import { engineFrame } from './packets.ts';
import { pollingKey, sendFrames } from './send.ts';
import type { ServerParts } from './server.ts';
import type { Session } from './session.ts';

/**
 * From HTTP long-polling to a WebSocket (github.com/socketio/engine.io-protocol#upgrade): the client opens one with the
 * session's id, is not greeted there, sends `2probe`, is answered `3probe`, lets its pending poll end, and says `5`.
 */

const PROBE = 'probe';
const MOVE_ATTEMPTS = 200;
const WAIT_MS = 10;

/** Whether a WebSocket may be opened for a session, and if so, links it. Nothing is sent to it. */
export async function linkWebSocket(
  { store, mailboxes, clock }: Pick<ServerParts, 'store' | 'mailboxes' | 'clock'>,
  connectionId: ConnectionId,
  sid: string,
): Promise<'linked' | 'unknown'> {
  const session = await store.find(pollingKey(sid));
  if (!session || session.webSocket !== undefined) return 'unknown';
  await mailboxes.link(connectionId, session.key, clock.now());
  return 'linked';
}

/** Answers the probe, and lets the client's waiting poll end. A second WebSocket that probes is closed. */
export async function answerProbe(
  parts: ServerParts,
  session: Session,
  connectionId: ConnectionId,
): Promise<void> {
  if ((await parts.mailboxes.probe(session.key, connectionId)) === 'other')
    return parts.gateway.close(connectionId);
  await parts.gateway.post(connectionId, engineFrame({ type: 'pong', data: PROBE }));
}

/** Whether this packet is the client's probe. */
export function isProbe(packet: { readonly type: string; readonly data?: unknown }): boolean {
  return packet.type === 'ping' && packet.data === PROBE;
}

/**
 * Moves a session to the WebSocket that has said `5`: what lies in the mailbox goes first, and pushes go into the
 * mailbox until it is empty, so nothing is lost, doubled or overtaken. A message may reach us before the `5` that it
 * follows: it implies it, and whichever comes second waits for the first to be done.
 */
export async function moveToWebSocket(
  parts: ServerParts,
  session: Session,
  connectionId: ConnectionId,
): Promise<Session | undefined> {
  const { mailboxes, store, clock } = parts;
  const moved = { ...session, webSocket: connectionId };
  const isMover = await mailboxes.beginMove(session.key, connectionId);
  for (let attempt = 1; attempt <= MOVE_ATTEMPTS; attempt += 1) {
    if (isMover) {
      await sendFrames(parts, moved, await mailboxes.collect(session.key));
      if ((await mailboxes.endMove(session.key, connectionId)) === 'moved') return announce(parts, moved);
    } else {
      const latest = await store.find(session.key);
      if (latest?.webSocket === connectionId) return latest;
      if (!latest || latest.probe !== connectionId) return undefined;
      await clock.sleep(WAIT_MS);
    }
  }
  return undefined;
}

/** Lets the application know where its sockets are reached from now on, which saves it a detour by the mailbox. */
async function announce({ application }: ServerParts, session: Session): Promise<Session> {
  const { key, webSocket, sockets } = session;
  if (webSocket === undefined) return session;
  await Promise.all(
    [...sockets].map(([namespace, state]) =>
      application.moved({ session: key, namespace, ...state }, webSocket),
    ),
  );
  return session;
}
