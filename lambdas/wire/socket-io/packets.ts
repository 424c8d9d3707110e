import { decodePacket, type Packet as EnginePacket, encodePacket } from 'engine.io-parser';
import { Decoder, Encoder, type Packet, PacketType } from 'socket.io-parser';

/**
 * Engine.IO v4 packets carry Socket.IO v5 packets (github.com/socketio/engine.io-protocol, …/socket.io-protocol). The
 * reference's own parsers do the coding; here is only what differs on a path that carries text alone: binary data goes
 * as `b<base64>`, which every client reads.
 */

export { PacketType } from 'socket.io-parser';
export type { EnginePacket, Packet };

/** What a frame turned out to hold. A Socket.IO packet whose attachments follow in frames of their own is `binary`. */
export type Inbound =
  | { readonly kind: 'engine'; readonly packet: EnginePacket }
  | { readonly kind: 'socket'; readonly packet: Packet }
  | { readonly kind: 'binary'; readonly packet: Packet }
  | { readonly kind: 'attachment'; readonly data: Buffer }
  | { readonly kind: 'invalid' };

const encoder = new Encoder();

/** Reads the text of a frame, or one packet of a polling payload. Never throws. */
export function readPacket(text: string): Inbound {
  const packet = decodePacket(text, 'nodebuffer');
  if (packet.type === 'error') return { kind: 'invalid' };
  if (packet.type !== 'message') return { kind: 'engine', packet };
  if (packet.data === undefined) return { kind: 'invalid' };
  return typeof packet.data === 'string'
    ? readSocketPacket(packet.data)
    : { kind: 'attachment', data: packet.data };
}

function readSocketPacket(text: string): Inbound {
  const decoded: Packet[] = [];
  const decoder = new Decoder();
  decoder.on('decoded', (packet: Packet) => decoded.push(packet));
  try {
    decoder.add(text);
  } catch {
    return { kind: 'invalid' };
  } finally {
    decoder.destroy();
  }
  const [packet] = decoded;
  // No packet and no error: the decoder waits for attachments.
  return packet
    ? { kind: 'socket', packet: answerable(packet) }
    : { kind: 'binary', packet: announced(text) };
}

/**
 * A binary packet without its attachments: read once more as the text packet that it would be. Their number may be
 * written in any way that JavaScript reads one, ` 1` or `1e0`.
 */
function announced(text: string): Packet {
  const asText = text.replace(/^([56])[^-]*-/, (_, type) => String(Number(type) - 3));
  const inbound = readSocketPacket(asText);
  return inbound.kind === 'socket' ? inbound.packet : { type: PacketType.EVENT, nsp: '/', data: [''] };
}

/**
 * A packet without its id where that could not be sent back as it came: the parser takes ids of any size, and reads blanks
 * as digits.
 */
export function answerable({ id, ...packet }: Packet): Packet {
  return id !== undefined && Number.isSafeInteger(id) ? { ...packet, id } : packet;
}

/** The frames of a Socket.IO packet: one, or one more for each attachment. */
export function socketFrames(packet: Packet): readonly string[] {
  return encoder.encode(packet).map((part: string | Buffer) => engineFrame({ type: 'message', data: part }));
}

/** The frame of an Engine.IO packet. */
export function engineFrame(packet: EnginePacket): string {
  const frames: string[] = [];
  // The parser calls back before it returns, when binary data is wanted as text.
  encodePacket(packet, false, (encoded) => frames.push(String(encoded)));
  return frames.join('');
}

/** The offset at the end of an event's frame, for a client that may have its socket back. */
export function offsetOf(frame: string): string | undefined {
  const inbound = readPacket(frame);
  const packet = inbound.kind === 'socket' ? inbound.packet : undefined;
  const last = Array.isArray(packet?.data) && packet.id === undefined ? packet.data.at(-1) : undefined;
  return typeof last === 'string' ? last : undefined;
}
