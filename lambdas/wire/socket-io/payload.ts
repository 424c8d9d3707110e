import { decodePayload } from 'engine.io-parser';
import { refuseBinary } from './events.ts';
import { endSession } from './lifecycle.ts';
import { PacketReader, packetOf } from './packet-reader.ts';
import type { EnginePacket } from './packets.ts';
import { serveEnginePacket, serveSocketPacket } from './serve-frame.ts';
import type { ServerParts } from './server.ts';
import type { Session } from './session.ts';

const SEPARATOR = '\x1e';

/**
 * Serves the packets of a payload, one after the other. Here attachments follow their packet for certain, if not always
 * in the same payload, so binary data is taken. What the protocol does not allow ends the session, with all that follows
 * it; so does a payload that cannot be served until then.
 */
export async function servePayload(
  parts: ServerParts,
  { key, unfinished = [] }: Session,
  payload: string,
  until: number,
): Promise<void> {
  const reader = new PacketReader();
  const packets = decodePayload([...unfinished, payload].join(SEPARATOR), 'nodebuffer');
  for (const packet of worthServing(packets)) {
    const session = await parts.store.find(key);
    if (!session) return;
    const isLate = parts.clock.now() >= until;
    if (isLate || (await serve(parts, session, reader, packet)) === 'invalid') {
      return endSession(parts, session);
    }
  }
  if (unfinished.length + reader.unfinished.length > 0) await setAside(parts, key, reader.unfinished);
}

async function serve(
  parts: ServerParts,
  session: Session,
  reader: PacketReader,
  packet: EnginePacket,
): Promise<'served' | 'invalid'> {
  if (packet.type === 'error') return 'invalid';
  if (packet.type !== 'message') {
    await serveEnginePacket(parts, session, packet);
    return 'served';
  }
  const read = reader.read(packet.data);
  // What a packet that was refused for its size has left behind.
  if (read.kind === 'stray') return session.sockets.size === 0 ? 'invalid' : 'served';
  if (read.kind === 'whole') await serveSocketPacket(parts, session, read.packet);
  return read.kind === 'invalid' ? 'invalid' : 'served';
}

/** They lie on the session's row, and every read of it costs as much. */
const MOST_ASIDE_BYTES = 64 * 1024;

/** Keeps the frames of a packet until the rest of them comes; none for as long as there is one. */
async function setAside(parts: ServerParts, key: Session['key'], frames: readonly string[]): Promise<void> {
  const bytes = frames.reduce((sum, frame) => sum + Buffer.byteLength(frame), 0);
  if (bytes <= MOST_ASIDE_BYTES && (await parts.store.setAside(key, frames)) === 'kept') return;
  const [session] = await Promise.all([parts.store.find(key), parts.store.setAside(key, [])]);
  const packet = packetOf(frames);
  if (!session) return;
  if (packet && session.sockets.has(packet.nsp)) await refuseBinary(parts, session, packet, TOO_MUCH);
  else await endSession(parts, session);
}

const TOO_MUCH = `Binary data of more than ${MOST_ASIDE_BYTES / 1024} KB is not accepted`;

/** One answered ping says as much as many, and what means nothing here need not cost anything. */
function worthServing(packets: readonly EnginePacket[]): readonly EnginePacket[] {
  const firstPong = packets.findIndex(({ type }) => type === 'pong');
  return packets.filter(({ type }, at) => !IDLE.has(type) || at === firstPong);
}

const IDLE: ReadonlySet<EnginePacket['type']> = new Set(['open', 'pong', 'noop', 'upgrade']);
