const CONTROL_OPCODES = 0x8;
const MASK_BYTES = 4;

/** How a client framed one message, in bytes on the wire. */
export type Framing = { readonly frames: number; readonly largestFrameBytes: number };

const NOTHING: Framing = { frames: 0, largestFrameBytes: 0 };

/**
 * Reads the sizes of a client's frames off the raw stream, which `ws` does not tell: API Gateway limits a frame to
 * 32 KB and a message to 128 KB, so four frames of 30 KB are one good message, and one frame of 33 KB is not.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
export class FrameMeter {
  #header: number[] = [];
  #payloadLeft = 0;
  #current = NOTHING;
  readonly #whole: Framing[] = [];

  /** Takes the next bytes of the stream, wherever it was cut. */
  read(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#payloadLeft > 0) {
        const skipped = Math.min(this.#payloadLeft, chunk.length - at);
        this.#payloadLeft -= skipped;
        at += skipped;
      } else {
        this.#header.push(chunk.readUInt8(at));
        at += 1;
        if (this.#header.length === headerBytes(this.#header)) this.#beginFrame();
      }
    }
  }

  /** The framing of the next message, in the order in which the messages began their last frames. */
  nextMessage(): Framing {
    return this.#whole.shift() ?? NOTHING;
  }

  #beginFrame(): void {
    const [first = 0] = this.#header;
    const bytes = payloadBytes(this.#header);
    this.#payloadLeft = bytes;
    this.#header = [];
    if ((first & CONTROL_OPCODES) !== 0) return;
    const { frames, largestFrameBytes } = this.#current;
    this.#current = { frames: frames + 1, largestFrameBytes: Math.max(largestFrameBytes, bytes) };
    const isLast = (first & 0x80) !== 0;
    if (isLast) {
      this.#whole.push(this.#current);
      this.#current = NOTHING;
    }
  }
}

function headerBytes([, second]: readonly number[]): number {
  if (second === undefined) return Number.POSITIVE_INFINITY;
  const length = second & 0x7f;
  const extended = length === 126 ? 2 : length === 127 ? 8 : 0;
  return 2 + extended + ((second & 0x80) !== 0 ? MASK_BYTES : 0);
}

function payloadBytes([, second = 0, ...rest]: readonly number[]): number {
  const length = second & 0x7f;
  if (length < 126) return length;
  return rest.slice(0, length === 126 ? 2 : 8).reduce((sum, byte) => sum * 256 + byte, 0);
}
