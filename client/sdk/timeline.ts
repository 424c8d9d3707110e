import type { ChatMessage } from './types.ts';

/** A run of a conversation's messages, oldest first. */
export type Page = {
  readonly messages: readonly ChatMessage[];
  /** That of the conversation's last message. */
  readonly lastSeq: number;
  /** Whether there are older ones. */
  readonly hasMore: boolean;
};

/** So many messages are held; older ones are let go, and can be loaded again. */
const MOST = 2_000;
const LET_GO = 500;
const MOST_AHEAD = 500;
const MOST_READ_AHEAD = 500;

type Change = (message: ChatMessage) => ChatMessage;

/**
 * The loaded part of a conversation: a run without gaps up to the newest message, in the order of the log, each once.
 * What comes before those that it follows waits for them.
 */
export class Timeline {
  hasOlder: boolean = false;
  #run: readonly ChatMessage[] = [];
  #newest = 0;
  #isLoaded: boolean = false;
  readonly #ahead = new Map<number, ChatMessage>();
  /** By id, what reading makes of messages that are told only after it. */
  readonly #readAhead = new Map<string, Change>();

  /** In order; whatever waits comes last. */
  get messages(): readonly ChatMessage[] {
    if (!this.#isLoaded || this.#ahead.size === 0) return this.#run;
    return [...this.#run, ...[...this.#ahead.values()].toSorted((a, b) => seqOf(a) - seqOf(b))];
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** The place up to which there is no gap. */
  get newest(): number {
    return this.#newest;
  }

  /** The place of the oldest message that is loaded; undefined where there is none. */
  get oldest(): number | undefined {
    return this.#run[0]?.seq;
  }

  /** Takes the newest page: it goes on from what is loaded, or replaces it where there would be a gap. */
  load({ messages, lastSeq, hasMore }: Page): void {
    const first = messages[0]?.seq ?? lastSeq + 1;
    const goesOn = this.#isLoaded && this.oldest !== undefined && first <= this.#newest + 1;
    if (goesOn) for (const message of messages) this.put(message);
    else {
      this.#run = messages;
      this.hasOlder = hasMore;
    }
    this.#isLoaded = true;
    this.#newest = Math.max(goesOn ? this.#newest : 0, lastSeq);
    this.#drain();
  }

  /** Takes the page before the oldest message. */
  prepend({ messages, hasMore }: Page): void {
    const { oldest = 1 } = this;
    this.#run = [...messages.filter((message) => seqOf(message) < oldest), ...this.#run];
    this.hasOlder = hasMore;
  }

  /** Takes a message, new or told again. @returns whether messages before it are missing. */
  put(told: ChatMessage): boolean {
    const message = this.#asRead(told);
    const seq = seqOf(message);
    if (!this.#isLoaded || seq > this.#newest + 1) {
      if (this.#ahead.size < MOST_AHEAD) this.#ahead.set(seq, message);
      return this.#isLoaded;
    }
    if (seq <= this.#newest) this.change([message.id ?? ''], (known) => keepRead(known, message));
    else this.#append(message);
    this.#drain();
    return false;
  }

  /** Takes note that messages were read; the word of it may come before that of the messages. */
  read(messageIds: readonly string[], how: Change): void {
    this.change(messageIds, how);
    const known = new Set([...this.#run, ...this.#ahead.values()].map(({ id }) => id));
    for (const id of messageIds) if (!known.has(id)) this.#readAhead.set(id, how);
    for (const id of this.#readAhead.keys()) {
      if (this.#readAhead.size <= MOST_READ_AHEAD) return;
      this.#readAhead.delete(id);
    }
  }

  /** Changes those of these messages that are here. */
  change(messageIds: readonly string[], how: Change): void {
    const ids = new Set<string | undefined>(messageIds);
    if (this.#run.some(({ id }) => ids.has(id)))
      this.#run = this.#run.map((one) => (ids.has(one.id) ? how(one) : one));
    for (const [seq, one] of this.#ahead) if (ids.has(one.id)) this.#ahead.set(seq, how(one));
  }

  #asRead(message: ChatMessage): ChatMessage {
    const { id = '' } = message;
    const how = this.#readAhead.get(id);
    this.#readAhead.delete(id);
    return how ? how(message) : message;
  }

  #append(message: ChatMessage): void {
    this.#newest = seqOf(message);
    this.#run = [...this.#run, message];
    if (this.#run.length <= MOST) return;
    this.#run = this.#run.slice(LET_GO);
    this.hasOlder = true;
  }

  #drain(): void {
    for (const seq of this.#ahead.keys()) if (seq <= this.#newest) this.#ahead.delete(seq);
    for (let next = this.#take(); next; next = this.#take()) this.#append(next);
  }

  #take(): ChatMessage | undefined {
    const next = this.#ahead.get(this.#newest + 1);
    this.#ahead.delete(this.#newest + 1);
    return next;
  }
}

/** What was read stays read: a message may be told again as it was before. */
function keepRead(known: ChatMessage, told: ChatMessage): ChatMessage {
  const readBy = known.readBy.length > told.readBy.length ? known.readBy : told.readBy;
  return { ...told, isRead: known.isRead || told.isRead, readBy };
}

function seqOf({ seq = 0 }: ChatMessage): number {
  return seq;
}
