import { type Changed, Changes, keepRead } from './changes.ts';
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
  readonly #changes = new Changes();

  /** In order; whatever waits comes last. */
  get messages(): readonly ChatMessage[] {
    if (!this.#isLoaded || this.#ahead.size === 0) return this.#run;
    return [...this.#run, ...[...this.#ahead.values()].toSorted(inOrder)];
  }

  /** The place of the oldest message that is loaded; undefined where there is none. */
  get oldest(): number | undefined {
    return this.#run[0]?.seq;
  }

  /** Asks for a page, and hands it on as it is by then: what was told meanwhile may be news to it. */
  async bring<P extends Page, Result>(ask: () => Promise<P>, take: (page: P) => Result): Promise<Result> {
    const { count } = this.#changes;
    const page = await ask();
    return take({ ...page, messages: page.messages.map((one) => this.#changes.applyTo(one, count)) });
  }

  /** Takes the newest page: it goes on from what is loaded, or replaces it where there would be a gap. */
  load({ messages, lastSeq, hasMore }: Page): void {
    const first = messages[0]?.seq ?? lastSeq + 1;
    const goesOn = this.oldest !== undefined && first <= this.#newest + 1;
    if (goesOn) {
      this.#merge(messages);
      this.#trim();
    } else {
      this.#run = messages;
      this.hasOlder = hasMore;
    }
    this.#isLoaded = true;
    this.#newest = Math.max(goesOn ? this.#newest : 0, lastSeq);
    this.#drain();
  }

  /** Takes an older page, which reaches up to what is loaded, or into it; any other has come too late. */
  prepend({ messages, hasMore }: Page): void {
    const { oldest = 1 } = this;
    if ((messages.at(-1)?.seq ?? oldest) < oldest - 1) return;
    this.#merge(messages);
    if ((messages[0]?.seq ?? 0) <= oldest) this.hasOlder = hasMore;
  }

  /** Takes a message as it was said; one that is here is known better. @returns whether messages before it are missing. */
  put(said: ChatMessage): boolean {
    const message = this.#changes.applyTo(said);
    const seq = seqOf(message);
    if (!this.#isLoaded || seq > this.#newest + 1) {
      if (this.#ahead.size < MOST_AHEAD && !this.#ahead.has(seq)) this.#ahead.set(seq, message);
      return this.#isLoaded;
    }
    if (seq > this.#newest) this.#append(message);
    this.#drain();
    return false;
  }

  /** Changes messages, those of them that come later too. */
  change(changed: Changed): void {
    this.#changes.add(changed);
    const { how } = changed;
    const ids = new Set<string | undefined>(changed.messageIds);
    if (this.#run.some(({ id }) => ids.has(id)))
      this.#run = this.#run.map((one) => (ids.has(one.id) ? how(one) : one));
    for (const [seq, one] of this.#ahead) if (ids.has(one.id)) this.#ahead.set(seq, how(one));
  }

  /** A page has messages as they are now. */
  #merge(messages: readonly ChatMessage[]): void {
    const run = new Map(this.#run.map((one) => [one.seq, one]));
    for (const one of messages) run.set(one.seq, keepRead(run.get(one.seq) ?? one, one));
    this.#run = [...run.values()].toSorted(inOrder);
  }

  #append(message: ChatMessage): void {
    this.#newest = seqOf(message);
    this.#run = [...this.#run, message];
    this.#trim();
  }

  #trim(): void {
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

function inOrder(one: ChatMessage, other: ChatMessage): number {
  return seqOf(one) - seqOf(other);
}

function seqOf({ seq = 0 }: ChatMessage): number {
  return seq;
}
