/** The client's side of the native wire (docs/protocol/native.md). */

/** A place in a conversation's log: what an offset `<conversation>.<seq>` says. */
export type Place = { readonly conversation: string; readonly seq: number };

/** An event as it came; a message's has its place, and may be told again. */
export type Heard = {
  readonly kind: 'event';
  readonly name: string;
  readonly args: readonly unknown[];
  readonly place: Place | undefined;
};

/** The answer to the frame with this id. */
export type Reply = {
  readonly kind: 'reply';
  readonly id: number;
  readonly data: unknown;
  readonly place: Place | undefined;
};

/** The frame that says something, or with an id, asks for an answer. */
export function writeFrame(id: number | undefined, action: string, args: readonly unknown[]): string {
  return JSON.stringify(args.length > 1 ? { action, args, id } : { action, data: args[0], id });
}

/** Reads a frame; undefined for what is none, such as what API Gateway says in its own name. */
export function readFrame(text: unknown): Heard | Reply | undefined {
  try {
    const frame = JSON.parse(text as string) as Record<string, unknown> | null;
    if (frame && typeof frame.reply === 'number') {
      return { kind: 'reply', id: frame.reply, data: frame.data, place: placeOf(frame.offset) };
    }
    return readEvent(frame);
  } catch {
    return undefined;
  }
}

/** Reads what an event's frame says, as answers list it too. */
export function readEvent(frame: unknown): Heard | undefined {
  const { event: name, args, data, offset } = (frame ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string') return undefined;
  const given = data === undefined ? [] : [data];
  return { kind: 'event', name, args: Array.isArray(args) ? args : given, place: placeOf(offset) };
}

function placeOf(offset: unknown): Place | undefined {
  const [, conversation = '', digits] = /^(.+)\.(\d{1,15})$/.exec(String(offset)) ?? [];
  return conversation ? { conversation, seq: Number(digits) } : undefined;
}
