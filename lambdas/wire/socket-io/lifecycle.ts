import type { ConnectionId } from '../../core/ids.ts';
import type { ServerParts } from './server.ts';
import type { Handshake, Kept, Session, SessionKey, SocketState } from './session.ts';

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
 * Engine.IO's CLOSE on a WebSocket. What its client may ask to have back is kept. Safe to repeat: only the first of
 * several calls does anything.
 */
export async function endSession(parts: ServerParts, session: Session): Promise<void> {
  const left = await suspendSession(parts, session);
  const until = parts.clock.now() + parts.recoverySeconds * 1000;
  if (until <= parts.clock.now()) return;
  await Promise.all(
    [...left.values()].map(({ pid, ...kept }) => pid !== undefined && parts.store.keep(pid, kept, until)),
  );
}

/** The same, but what would be kept is returned, by namespace: whoever calls this takes the session's place. */
export async function suspendSession(
  parts: ServerParts,
  session: Session,
): Promise<ReadonlyMap<string, Kept & { readonly pid?: string }>> {
  const left = new Map<string, Kept & { readonly pid?: string }>();
  const removed = await parts.store.remove(session.key);
  if (!removed) return left;
  const leaving = [...removed.sockets].map(async ([namespace, socket]) => {
    const state = await leave(parts, removed, namespace, socket, false);
    const { sid, pid } = socket;
    if (state !== undefined) left.set(namespace, { sid, state, ...(pid !== undefined && { pid }) });
  });
  await Promise.all(leaving);
  if (removed.webSocket !== undefined) await parts.gateway.close(removed.webSocket);
  return left;
}

/** Ends what a closed WebSocket carried. One that only probed leaves its session where it was, on long-polling. */
export async function transportEnded(parts: ServerParts, connectionId: ConnectionId): Promise<boolean> {
  const session = await parts.store.find(connectionId);
  if (!session) return false;
  if (session.key !== connectionId) await parts.mailboxes.unlink(connectionId, session.key);
  if (session.webSocket === connectionId) await endSession(parts, session);
  return true;
}

/** Takes one socket out of its namespace, as its client asked. */
export async function endSocket(parts: ServerParts, session: Session, namespace: string): Promise<void> {
  const socket = await parts.store.removeSocket(session.key, namespace);
  if (socket) await leave(parts, session, namespace, socket, true);
}

/** Ends a session whose client has opened a transport and then said nothing, or a WebSocket that has not taken over. */
export async function expireSession(parts: ServerParts, key: SessionKey | ConnectionId): Promise<void> {
  const session = await parts.store.find(key);
  if (!session) return;
  if (session.key !== key && session.webSocket !== key) return parts.gateway.close(key);
  if (session.sockets.size === 0) await endSession(parts, session);
}

function leave(
  { application }: ServerParts,
  { key }: Session,
  namespace: string,
  { sid, data }: SocketState,
  isClean: boolean,
): Promise<unknown> {
  return application.disconnected({ session: key, namespace, sid, data }, isClean);
}
