import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameMeter, type Framing } from '../../local/gateway/frame-meter.ts';

const LARGEST = 70_000;

type Frame = {
  readonly opcode: number;
  readonly fin: boolean;
  readonly bytes: number;
  readonly masked: boolean;
};

/** A frame as RFC 6455 §5.2 lays it out; the payload's content does not matter. */
function encode({ opcode, fin, bytes, masked }: Frame): Buffer {
  const length = bytes < 126 ? [bytes] : bytes < 65_536 ? [126, bytes >> 8, bytes & 0xff] : undefined;
  const long = [127, 0, 0, 0, 0, bytes >>> 24, (bytes >> 16) & 0xff, (bytes >> 8) & 0xff, bytes & 0xff];
  const [first = 0, ...extended] = length ?? long;
  const head = [(fin ? 0x80 : 0) | opcode, (masked ? 0x80 : 0) | first, ...extended];
  return Buffer.concat([Buffer.from(head), Buffer.alloc(bytes + (masked ? 4 : 0), 0xff)]);
}

function inChunks(stream: Buffer, size: number): readonly Buffer[] {
  return Array.from({ length: Math.ceil(stream.length / size) }, (_, at) =>
    stream.subarray(at * size, (at + 1) * size),
  );
}

const anyFrame = fc.record({
  opcode: fc.constantFrom(0x0, 0x1, 0x2),
  fin: fc.boolean(),
  bytes: fc.oneof(fc.constantFrom(0, 1, 125, 126, 65_535, 65_536, LARGEST), fc.nat(LARGEST)),
  masked: fc.boolean(),
});
const anyControl = fc.record({
  opcode: fc.constantFrom(0x8, 0x9, 0xa),
  fin: fc.constant(true),
  bytes: fc.nat(125),
  masked: fc.boolean(),
});
const anyFrames = fc.array(fc.oneof({ arbitrary: anyFrame, weight: 3 }, anyControl), { maxLength: 12 });

/** How each message was framed, by the definition. */
function framings(frames: readonly Frame[]): readonly Framing[] {
  const whole: Framing[] = [];
  let sizes: number[] = [];
  for (const { fin, bytes } of frames.filter(({ opcode }) => opcode < 8)) {
    sizes.push(bytes);
    if (fin) whole.push({ frames: sizes.length, largestFrameBytes: Math.max(...sizes) });
    if (fin) sizes = [];
  }
  return whole;
}

describe('the frame meter', () => {
  it('tells how each message was framed, wherever the stream was cut', () => {
    fc.assert(
      fc.property(anyFrames, fc.integer({ min: 1, max: 100_000 }), (frames, size) => {
        const meter = new FrameMeter();
        for (const chunk of inChunks(Buffer.concat(frames.map(encode)), size)) meter.read(chunk);
        const expected = framings(frames);
        expect(expected.map(() => meter.nextMessage())).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });
});
