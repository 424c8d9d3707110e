import type { ConnectionId } from '../../core/ids.ts';
import type { ServerParts } from './server.ts';
import type { Handshake, Session, SessionKey, SocketState } from './session.ts';

/** Records a session that a WebSocket begins. */
export async function beginSession(
  { store, clock, nonce }: Pick<ServerParts, 'store' | 'clock' | 'nonce'>,
  connectionId: ConnectionId,
  handshake: Handshake,
): Promise<void> {
  const openedAt = clock.now();
  const sid = nonce();
  await store.create(
    { key: connectionId, sid, handshake, openedAt, webSocket: connectionId, sockets: new Map() },
    openedAt,
  );
}

/**
 * Ends a session: its sockets leave the application, its WebSocket is closed. A packet would not do: clients ignore
 * Engine.IO's CLOSE on a WebSocket. Safe to repeat: only the first of several calls does anything.
 */
export async function endSession(parts: ServerParts, session: Session, isClean = false): Promise<void> {
  const removed = await parts.store.remove(session.key);
  if (!removed) return;
  await Promise.all(
    [...removed.sockets].map(([namespace, socket]) => leave(parts, removed, namespace, socket, isClean)),
  );
  if (removed.webSocket !== undefined) await parts.gateway.close(removed.webSocket);
}

/** Ends what a closed WebSocket carried. One that only probed leaves its session where it was, on long-polling. */
export async function transportEnded(
  parts: ServerParts,
  connectionId: ConnectionId,
  isClean: boolean,
): Promise<boolean> {
  const session = await parts.store.find(connectionId);
  if (!session) return false;
  if (session.key !== connectionId) await parts.mailboxes.unlink(connectionId);
  if (session.webSocket === connectionId) await endSession(parts, session, isClean);
  return true;
}

/** Takes one socket out of its namespace, as its client asked. */
export async function endSocket(parts: ServerParts, session: Session, namespace: string): Promise<void> {
  const socket = await parts.store.removeSocket(session.key, namespace);
  if (socket) await leave(parts, session, namespace, socket, true);
}

/** Ends a session whose client has opened a transport and then said nothing. */
export async function expireSession(parts: ServerParts, key: SessionKey): Promise<void> {
  const session = await parts.store.find(key);
  if (session && session.sockets.size === 0) await endSession(parts, session);
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
