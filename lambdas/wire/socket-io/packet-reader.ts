import { Decoder } from 'socket.io-parser';
import { answerable, engineFrame, type Packet, readPacket } from './packets.ts';

/**
 * What the data of a message turned out to be: a whole packet, a part of one of which more is to come, an attachment
 * whose packet is not among these messages, or nothing that the protocol allows.
 */
export type ReadMessage =
  | { readonly kind: 'whole'; readonly packet: Packet }
  | { readonly kind: 'part' | 'stray' | 'invalid' };

/** Reads messages that follow each other for certain, and puts binary packets together again. */
export class PacketReader {
  readonly #decoder = new Decoder();
  #count = 0;
  #whole: Packet | undefined;
  #parts: readonly string[] = [];

  constructor() {
    this.#decoder.on('decoded', (packet: Packet) => {
      this.#whole = packet;
    });
  }

  /** The frames of a packet whose attachments have not all come. */
  get unfinished(): readonly string[] {
    return this.#parts;
  }

  read(data: string | Buffer | undefined): ReadMessage {
    if (this.#count === 0 && typeof data === 'object') return { kind: 'stray' };
    this.#count += 1;
    try {
      this.#decoder.add(data);
    } catch {
      return { kind: 'invalid' };
    }
    const packet = this.#whole;
    this.#whole = undefined;
    this.#parts = packet ? [] : [...this.#parts, engineFrame({ type: 'message', data })];
    return packet ? { kind: 'whole', packet: answerable(packet) } : { kind: 'part' };
  }
}

/** The packet to which such frames belong, without its attachments. */
export function packetOf([header = '']: readonly string[]): Packet | undefined {
  const inbound = readPacket(header);
  return inbound.kind === 'binary' ? inbound.packet : undefined;
}
