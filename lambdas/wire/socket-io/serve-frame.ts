import type { ConnectionId } from '../../core/ids.ts';
import { connect } from './connect.ts';
import { receive, refuseBinary } from './events.ts';
import { endsWithGoodbye, type KnownSessions } from './known-sessions.ts';
import { endSession, endSocket } from './lifecycle.ts';
import { type EnginePacket, type Inbound, type Packet, PacketType, readPacket } from './packets.ts';
import type { ServerParts } from './server.ts';
import type { Session } from './session.ts';
import { answerProbe, isProbe, moveToWebSocket } from './upgrade.ts';

/** A frame of a WebSocket. */
export type Frame = { readonly connectionId: ConnectionId; readonly body: string };

/** Serves a frame of a WebSocket. What the protocol does not allow ends the session, as it does in the reference. */
export async function serveFrame(
  parts: ServerParts,
  known: KnownSessions,
  { connectionId, body }: Frame,
): Promise<boolean> {
  const inbound = readPacket(body);
  const session = await sessionOf(parts, known, connectionId, inbound);
  if (!session) return false;
  if (session.webSocket === connectionId) await serve(parts, session, inbound);
  else await serveProbing(parts, session, connectionId, inbound);
  return true;
}

/** Only what changes nothing about its session is served from memory. */
async function sessionOf(
  { store }: ServerParts,
  known: KnownSessions,
  connectionId: ConnectionId,
  inbound: Inbound,
): Promise<Session | undefined> {
  const packet = inbound.kind === 'socket' && isTalk(inbound.packet) ? inbound.packet : undefined;
  const remembered = packet && known.find(connectionId, packet.nsp);
  if (remembered) return remembered;
  known.forget(connectionId);
  const session = await store.find(connectionId);
  if (packet && session) known.remember(session);
  return session;
}

function isTalk({ type }: Packet): boolean {
  return type === PacketType.EVENT || type === PacketType.ACK;
}

/** A frame of a WebSocket that is to take over a session, or is too late to. */
async function serveProbing(
  parts: ServerParts,
  session: Session,
  connectionId: ConnectionId,
  inbound: Inbound,
): Promise<void> {
  if (session.webSocket !== undefined) return parts.gateway.close(connectionId);
  if (inbound.kind === 'engine' && isProbe(inbound.packet)) return answerProbe(parts, session, connectionId);
  const isUpgrade = inbound.kind === 'engine' && inbound.packet.type === 'upgrade';
  const isMessage = inbound.kind !== 'engine' && inbound.kind !== 'invalid';
  if (!isUpgrade && !isMessage) return parts.gateway.close(connectionId);
  const moved = await moveToWebSocket(parts, session, connectionId);
  if (!moved) return parts.gateway.close(connectionId);
  if (isMessage) await serve(parts, moved, inbound);
}

async function serve(parts: ServerParts, session: Session, inbound: Inbound): Promise<void> {
  switch (inbound.kind) {
    case 'engine':
      return serveEnginePacket(parts, session, inbound.packet);
    case 'socket':
      return serveSocketPacket(parts, session, inbound.packet);
    case 'binary': {
      const isJoined = session.sockets.has(inbound.packet.nsp);
      return isJoined ? refuseBinary(parts, session, inbound.packet, NO_BINARY) : endSession(parts, session);
    }
    case 'attachment':
      // Where something is joined its packet has been refused, or is about to be; else there can be none.
      return session.sockets.size === 0 ? endSession(parts, session) : undefined;
    case 'invalid':
      return endSession(parts, session);
  }
}

/**
 * Attachments are frames of their own, without a word of which event they belong to, and API Gateway may hand them to us
 * in any order.
 */
const NO_BINARY = 'Binary data is not accepted over a WebSocket';

/**
 * Serves an Engine.IO packet that carries no message, from whichever transport. A ping is the server's to send: the
 * reference takes a client's for an error (socket.io, packages/engine.io/lib/socket.ts). Unlike it, we believe a CLOSE
 * that comes over a WebSocket too.
 */
export async function serveEnginePacket(
  parts: ServerParts,
  session: Session,
  packet: EnginePacket,
): Promise<void> {
  switch (packet.type) {
    case 'pong':
      return parts.store.noteSeen(session.key, parts.clock.now());
    case 'open':
    case 'noop':
    case 'upgrade':
      return;
    default:
      return endSession(parts, session, packet.type === 'close');
  }
}

/** Serves a whole Socket.IO packet, from whichever transport. */
export async function serveSocketPacket(parts: ServerParts, session: Session, packet: Packet): Promise<void> {
  const socket = session.sockets.get(packet.nsp);
  if (packet.type === PacketType.CONNECT && !socket && mayJoin(parts, session))
    return connect(parts, session, packet);
  if (!socket) return endSession(parts, session);
  switch (packet.type) {
    case PacketType.EVENT:
    case PacketType.ACK:
      return receive(parts, session, socket, packet);
    case PacketType.DISCONNECT:
      return endSocket(parts, session, packet.nsp);
    default:
      return endSession(parts, session);
  }
}

/** A WebSocket whose client has said goodbye is about to be closed; until then it must not carry another socket. */
function mayJoin({ application }: ServerParts, { webSocket, hasLeft }: Session): boolean {
  return webSocket === undefined || hasLeft !== true || !endsWithGoodbye(application);
}
