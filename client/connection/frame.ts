/** The client's side of the native wire (docs/protocol/native.md). */

/** A place in a conversation's log: what an offset `<conversation>.<seq>` says. */
export type Place = { readonly conversation: string; readonly seq: number };

/** An event as it came; a message's has its place. */
export type Heard = {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly place: Place | undefined;
};

/** An answer, and the place that its asker has by it. */
export type Reply = { readonly data: unknown; readonly place?: Place | undefined };

/** Whatever came: nothing in it is believed yet. */
export type Frame = Readonly<Partial<Record<'event' | 'args' | 'data' | 'offset' | 'reply', unknown>>>;

/** The frame that says something, or with an id, asks for an answer. */
export function writeFrame(action: string, args: readonly unknown[], id?: number): string {
  return JSON.stringify({ action, ...(args.length > 1 ? { args } : { data: args[0] }), id });
}

/** Reads a frame: an object, though what API Gateway says in its own name, or a broken server, has nothing in it. */
export function readFrame(text: unknown): Frame {
  try {
    return Object(JSON.parse(text as string)) as Frame;
  } catch {
    return {};
  }
}

/** The event in a frame, or in an answer that lists some. */
export function eventIn({ event, args, data, offset }: Frame): Heard | undefined {
  if (typeof event !== 'string') return undefined;
  const given = data === undefined ? [] : [data];
  return { name: event, args: Array.isArray(args) ? args : given, place: placeOf(offset) };
}

/** The place that an offset names. */
export function placeOf(offset: unknown): Place | undefined {
  const [, conversation, digits] = /^(.+)\.(\d{1,15})$/.exec(offset as string) ?? [];
  return conversation ? { conversation, seq: Number(digits) } : undefined;
}

/** What stands in an answer: nothing is believed yet, and nothing stands in one that did not come. */
export function fieldsIn(outcome: unknown): Record<string, unknown> {
  return Object(Object(outcome).data);
}
