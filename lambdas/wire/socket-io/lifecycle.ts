import type { ConnectionId } from '../../core/ids.ts';
import { endsWithGoodbye } from './known-sessions.ts';
import { enterLobby, isStrangers } from './lobby.ts';
import { firstSession } from './pid.ts';
import { pollingKey } from './send.ts';
import type { ServerParts } from './server.ts';
import type { Handshake, Session, SessionKey, SocketState } from './session.ts';

/** What it takes to begin a session. */
export type Beginning = Pick<ServerParts, 'store' | 'lobby' | 'mostStrangers' | 'clock' | 'nonce'>;

/** Records a session: one that a WebSocket carries from the beginning, else one on HTTP long-polling. */
export async function beginSession(
  parts: Beginning,
  handshake: Handshake,
  webSocket?: ConnectionId,
): Promise<Session | 'refused'> {
  const entrance = await enterLobby(parts, handshake);
  if (entrance === 'refused') return 'refused';
  const sid = parts.nonce();
  const openedAt = parts.clock.now();
  const session: Session = {
    key: webSocket ?? pollingKey(sid),
    sid,
    handshake,
    openedAt,
    sockets: new Map(),
    ...(webSocket !== undefined && { webSocket }),
    ...(entrance.isCrowded && { isCrowded: true }),
  };
  await parts.store.create(session, openedAt);
  return session;
}

/**
 * Ends a session: its sockets leave the application, its WebSocket is closed. A packet would not do: clients ignore
 * Engine.IO's CLOSE on a WebSocket. What its client may ask to have back is kept first, so that whoever asks finds
 * either the session or that. Safe to repeat, and to be done by two at once.
 *
 * @param isClean the client has closed its transport itself.
 */
export async function endSession(parts: ServerParts, session: Session, isClean = false): Promise<void> {
  const keeping = [...session.sockets].map(([namespace, socket]) => keep(parts, session, namespace, socket));
  await Promise.all(keeping);
  const removed = await parts.store.remove(session.key);
  if (removed) await afterEnd(parts, session, removed, isClean);
  // The answer of a removal may be lost, and its repetition finds nothing; but the WebSocket must not stay open.
  const { webSocket } = removed ?? session;
  if (webSocket !== undefined) await parts.gateway.close(webSocket);
}

async function afterEnd(
  parts: ServerParts,
  { key, sockets }: Session,
  removed: Session,
  isClean: boolean,
): Promise<void> {
  const saidGoodbye = [...sockets].filter(([namespace]) => !removed.sockets.has(namespace));
  await Promise.all([
    ...saidGoodbye.map(([, { pid }]) => pid !== undefined && parts.store.forget(pid, key)),
    ...[...removed.sockets].map(([namespace, socket]) => leave(parts, removed, namespace, socket, isClean)),
  ]);
}

async function keep(
  { application, store, clock, recoverySeconds }: ServerParts,
  { key }: Session,
  namespace: string,
  { sid, pid, data }: SocketState,
): Promise<void> {
  if (pid === undefined || recoverySeconds <= 0) return;
  const state = await application.stateOf({ session: key, namespace, sid, data });
  if (state === undefined) return;
  const until = clock.now() + recoverySeconds * 1000;
  await store.keep(pid, { kept: { namespace, sid, state }, until, holder: key });
}

/**
 * Ends what a closed WebSocket carried. One that only probed leaves its session where it was, on long-polling; it stays
 * linked, as the frames in which a client moves and says goodbye may be served after the end of their connection.
 */
export async function transportEnded(parts: ServerParts, connectionId: ConnectionId): Promise<boolean> {
  const { store, mailboxes } = parts;
  const session = await store.find(connectionId);
  if (!session) return false;
  if (session.webSocket !== connectionId) await mailboxes.endProbe(session.key, connectionId);
  else {
    await endSession(parts, session);
    if (session.key !== connectionId) await mailboxes.unlink(connectionId);
  }
  return true;
}

/**
 * Takes one socket out of its namespace, as its client asked: it does not want it back, though the end of its transport
 * may have been noticed first. Other functions may remember the
 * socket for as long as its WebSocket is open, so that is closed; the session ends with it.
 */
export async function endSocket(parts: ServerParts, session: Session, namespace: string): Promise<void> {
  const before = await parts.store.removeSocket(session.key, namespace);
  const socket = (before ?? session).sockets.get(namespace);
  if (socket) await letGo(parts, session, namespace, { ...socket, isLate: before === undefined });
  const { webSocket } = before ?? session;
  if (webSocket !== undefined && endsWithGoodbye(parts.application)) await parts.gateway.close(webSocket);
}

async function letGo(
  parts: ServerParts,
  session: Session,
  namespace: string,
  { isLate, ...socket }: SocketState & { readonly isLate: boolean },
): Promise<void> {
  const { pid } = socket;
  if (pid !== undefined && (isLate || firstSession(pid) !== session.key))
    await parts.store.forget(pid, session.key);
  await leave(parts, session, namespace, socket, true);
}

/** Ends a session whose client has not said in time who it is, or a WebSocket that has not taken over. */
export async function expireSession(parts: ServerParts, key: SessionKey | ConnectionId): Promise<void> {
  const session = await parts.store.find(key);
  if (!session) return;
  if (session.key !== key && session.webSocket !== key) return parts.gateway.close(key);
  if (isStrangers(parts, session)) await endSession(parts, session);
}

function leave(
  { application }: ServerParts,
  { key }: Session,
  namespace: string,
  { sid, data }: SocketState,
  isClean: boolean,
): Promise<void> {
  return application.disconnected({ session: key, namespace, sid, data }, isClean);
}
