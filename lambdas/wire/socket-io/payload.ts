import { decodePayload } from 'engine.io-parser';
import { Decoder, type Packet } from 'socket.io-parser';
import { endSession } from './lifecycle.ts';
import { answerable, type EnginePacket } from './packets.ts';
import { serveEnginePacket, serveSocketPacket } from './serve-frame.ts';
import type { ServerParts } from './server.ts';
import type { Session } from './session.ts';

/**
 * Serves the packets of a payload, one after the other. Here attachments follow their packet for certain, so binary
 * data is taken. What the protocol does not allow ends the session, with all that follows it; so does a payload that
 * cannot be served until then.
 */
export async function servePayload(
  parts: ServerParts,
  { key }: Session,
  payload: string,
  until: number,
): Promise<void> {
  const decoder = new Decoder();
  const decoded: Packet[] = [];
  decoder.on('decoded', (packet: Packet) => decoded.push(packet));
  for (const packet of worthServing(decodePayload(payload, 'nodebuffer'))) {
    const session = await parts.store.find(key);
    if (!session) return;
    const isLate = parts.clock.now() >= until;
    if (isLate || packet.type === 'error') return endSession(parts, session);
    if (packet.type !== 'message') await serveEnginePacket(parts, session, packet);
    else if (!take(decoder, packet.data)) return endSession(parts, session);
    for (const whole of decoded.splice(0)) await serveSocketPacket(parts, session, answerable(whole));
  }
}

/** One answered ping says as much as many, and what means nothing here need not cost anything. */
function worthServing(packets: readonly EnginePacket[]): readonly EnginePacket[] {
  const firstPong = packets.findIndex(({ type }) => type === 'pong');
  return packets.filter(({ type }, at) => !IDLE.has(type) || at === firstPong);
}

const IDLE: ReadonlySet<EnginePacket['type']> = new Set(['open', 'pong', 'noop', 'upgrade']);

function take(decoder: Decoder, data: unknown): boolean {
  try {
    decoder.add(data);
    return true;
  } catch {
    return false;
  }
}
