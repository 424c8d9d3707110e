import { decodePayload } from 'engine.io-parser';
import { Decoder, type Packet } from 'socket.io-parser';
import { endSession } from './lifecycle.ts';
import { answerable } from './packets.ts';
import { serveEnginePacket, serveSocketPacket } from './serve-frame.ts';
import type { ServerParts } from './server.ts';
import type { Session } from './session.ts';

/**
 * Serves the packets of a payload, one after the other. Here attachments follow their packet for certain, so binary
 * data is taken. What the protocol does not allow ends the session, with all that follows it.
 */
export async function servePayload(parts: ServerParts, session: Session, payload: string): Promise<void> {
  const decoder = new Decoder();
  const decoded: Packet[] = [];
  decoder.on('decoded', (packet: Packet) => decoded.push(packet));
  for (const { type, data } of decodePayload(payload, 'nodebuffer')) {
    const latest = await parts.store.find(session.key);
    if (!latest) return;
    if (type !== 'message') {
      if (type === 'error') return endSession(parts, latest);
      await serveEnginePacket(parts, latest, { type, ...(data !== undefined && { data }) });
      continue;
    }
    if (!take(decoder, data)) return endSession(parts, latest);
    for (const packet of decoded.splice(0)) await serveSocketPacket(parts, latest, answerable(packet));
  }
}

function take(decoder: Decoder, data: unknown): boolean {
  try {
    decoder.add(data);
    return true;
  } catch {
    return false;
  }
}
