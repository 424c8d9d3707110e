/** One side of a conversation: connected, and in its room. */
export type Side = {
  say(content: string): void;
  /** Hears every message of the conversation, those of this side included. */
  readonly ear: Ear;
  close(): Promise<void>;
};

/** Waits for messages, which are known by what they say. */
export class Ear {
  readonly #awaited = new Map<string, () => void>();

  /** When this message arrives, on the clock of `performance`. */
  hear(content: string): Promise<number> {
    return new Promise((resolve) => {
      this.#awaited.set(content, () => resolve(performance.now()));
    });
  }

  /** A message has arrived. */
  note(content: string): void {
    this.#awaited.get(content)?.();
    this.#awaited.delete(content);
  }
}

/** The two sides of one conversation. */
export type Pair = readonly [Side, Side];

/** Where an unmodified Socket.IO client connects, and what it says who it is. */
export type Door = { readonly url: string; readonly auth: Readonly<Record<string, string>> };

/** A chat server in a process of its own. */
export interface ChatSystem {
  readonly name: string;
  /** Opens conversations of two, each with people of its own. */
  open(count: number): Promise<readonly Pair[]>;
  /** For somebody new. */
  door(): Promise<Door>;
  stop(): Promise<void>;
}

/** Done at once, where many of the same are set up. */
const AT_ONCE = 16;

/** Makes this many, a few at a time. */
export async function several<Item>(count: number, make: () => Promise<Item>): Promise<readonly Item[]> {
  const made: Item[] = [];
  while (made.length < count) {
    const run = Math.min(AT_ONCE, count - made.length);
    made.push(...(await Promise.all(Array.from({ length: run }, make))));
  }
  return made;
}
