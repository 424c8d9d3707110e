import { Fault } from '../core/fault.ts';
import type { OutboundEvent } from '../core/outbound-event.ts';

/**
 * The native JSON wire (docs/protocol/native.md). Up: `{"action":"sendMessage","data":…,"id":7?}`, several arguments as
 * `"args":[…]`; down: `{"event":"newMessage","data":…}` and, for a frame with an `id`, `{"reply":7,"data":…}`.
 */

export type InboundFrame = {
  /** Empty when the frame names no action: no dialect has such an event. */
  readonly event: string;
  readonly args: readonly unknown[];
  /** Chosen by the client; its presence asks for a reply. */
  readonly id?: number;
};

/**
 * Reads a frame.
 *
 * @throws Fault `payload-invalid` for what is not a JSON object, or has an `id` or `args` of the wrong type.
 */
export function readFrame(body: string): InboundFrame {
  const frame = objectIn(body);
  const { action, id } = frame;
  if (id !== undefined && !isReplyId(id))
    throw new Fault('payload-invalid', 'id: must be a whole number from 0');
  return {
    event: typeof action === 'string' ? action : '',
    args: argsOf(frame),
    ...(id !== undefined && { id }),
  };
}

/** What a client sends for no other reason than to be heard from. It is no event of any dialect. */
const PING = 'ping';
const LONGEST_PING = 100;

/** The ping that a frame is; undefined for any other, whatever is wrong with it. */
export function pingIn(body: string): Pick<InboundFrame, 'id'> | undefined {
  if (body.length > LONGEST_PING || !body.includes(PING)) return undefined;
  try {
    const frame = readFrame(body);
    return frame.event === PING ? frame : undefined;
  } catch {
    return undefined;
  }
}

/** The frame that carries an event, for a client that counts along with its offset. */
export function eventFrame({ name, args }: OutboundEvent, offset?: string): string {
  if (args.length > 1) return JSON.stringify({ event: name, args, offset });
  return JSON.stringify({ event: name, data: args[0], offset });
}

/** The frame that answers the client's frame `id`, for a client that counts along with where it stands by it. */
export function replyFrame(id: number, data: unknown, offset?: string): string {
  return JSON.stringify({ reply: id, data, offset });
}

function objectIn(body: string): Record<string, unknown> {
  const parsed = parse(body);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new Fault('payload-invalid', 'a frame must be a JSON object');
  }
  return parsed as Record<string, unknown>;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Fault('payload-invalid', 'a frame must be JSON');
  }
}

function argsOf({ args, data }: Record<string, unknown>): readonly unknown[] {
  if (args === undefined) return data === undefined ? [] : [data];
  if (!Array.isArray(args)) throw new Fault('payload-invalid', 'args: must be a list');
  return args;
}

function isReplyId(id: unknown): id is number {
  return typeof id === 'number' && Number.isSafeInteger(id) && id >= 0;
}
