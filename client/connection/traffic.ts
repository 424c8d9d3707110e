import { type ActionKind, kindOf, named, roomIn } from './actions.ts';
import type { Heard, Reply } from './frame.ts';
import { type Errand, Lanes } from './lanes.ts';
import type { Link, Outcome } from './link.ts';
import { LogOrder } from './log-order.ts';
import type { Platform } from './platform.ts';

export type Ask = {
  readonly action: string;
  readonly args: readonly unknown[];
  /** Told what became of it, once. Without it no answer is asked for, unless one is needed to keep order. */
  readonly done?: ((outcome: Outcome) => void) | undefined;
  /** How long an answer may take once it was asked, in ms. @default 20_000 */
  readonly timeoutMs?: number;
  /** Whether it is only worth saying now. @default false */
  readonly isVolatile?: boolean;
};

type Hooks = {
  readonly deliver: (heard: Heard) => void;
  /** Told when messages wait for one that is missing. */
  readonly missing: () => void;
};

const TIMEOUT_MS = 20_000;
const MOST_BUFFERED = 1_000;
/** Dialects whose devices hear every message of their user's, joined or not. */
const HEARS_ALL = new Set(['direct', 'appointment']);

/** What is said and heard over whichever link there is: in order, once, and again where it may have been lost. */
export class Traffic {
  readonly order: LogOrder;
  readonly #platform: Platform;
  /** The conversations of the rooms that were joined, by the dialect's own ids. */
  readonly #rooms = new Map<string, string>();
  readonly #lanes: Lanes;
  readonly #buffered = new Set<Ask>();
  #link: Link | undefined;
  #hearsAll = false;

  constructor(platform: Platform, hooks: Hooks) {
    this.#platform = platform;
    this.order = new LogOrder(hooks);
    this.#lanes = new Lanes((errand, done) => this.#askNow(errand, done));
  }

  /** Goes on over this link, or waits for one. */
  use(link: Link | undefined, dialect = ''): void {
    this.#link = link;
    this.#hearsAll = HEARS_ALL.has(dialect);
    if (link) this.resume();
  }

  /** Says what waits: that may be asked again. */
  resume(): void {
    this.#lanes.resume();
    for (const ask of this.#buffered) {
      this.#buffered.delete(ask);
      this.#say(ask);
    }
  }

  /** Takes an event in its turn. */
  hear(heard: Heard): void {
    if (heard.place) this.order.take(heard.place, heard, this.#hearsAll);
    else this.order.hooks.deliver(heard);
  }

  /** Says something now, or when there is a link. @returns a way to drop it, as long as it was not said. */
  ask(ask: Ask): () => void {
    const room = kindOf(ask.action) === 'other' ? '' : roomIn(ask.args);
    const isTaken = this.#link ? true : !ask.isVolatile && this.#buffered.size < MOST_BUFFERED;
    if (!isTaken) ask.done?.('lost');
    else if (room) return this.#lanes.add(room, this.#errandOf(ask, room));
    else if (this.#link) this.#say(ask);
    else this.#buffered.add(ask);
    return () => this.#buffered.delete(ask);
  }

  /** Forgets rooms and places, and what waits to be said. */
  reset(): void {
    this.order.reset();
    this.#rooms.clear();
    const waiting = [...this.#buffered];
    this.#buffered.clear();
    for (const { done } of waiting) done?.('lost');
    this.#lanes.drop();
  }

  #say({ action, args, done, timeoutMs = TIMEOUT_MS }: Ask): void {
    if (done) this.#link?.ask({ action, args, timeoutMs }, done);
    else this.#link?.tell(action, args);
  }

  #askNow(errand: Errand, done: (outcome: Outcome) => void): void {
    if (this.#link) this.#link.ask({ ...errand, timeoutMs: TIMEOUT_MS }, done);
    else done('lost');
  }

  #errandOf({ action, args, done }: Ask, room: string): Errand {
    const isSend = kindOf(action) === 'send';
    return {
      action,
      args: isSend ? named(args, this.#platform) : args,
      done: (outcome) => {
        if (outcome !== 'lost') this.#note(kindOf(action), room, outcome);
        done?.(outcome);
      },
    };
  }

  /** What an answer says about where this device stands. */
  #note(kind: ActionKind, room: string, { place, data }: Reply): void {
    const conversation = this.#rooms.get(room);
    if (kind === 'send' && place) this.order.take(place, undefined, this.#hearsAll);
    if (kind === 'join' && place) {
      this.#rooms.set(room, place.conversation);
      this.order.join(place);
    }
    if (kind === 'leave' && conversation !== undefined && isOk(data)) {
      this.#rooms.delete(room);
      this.order.leave(conversation);
    }
  }
}

function isOk(data: unknown): boolean {
  return (data as { readonly ok?: unknown } | undefined)?.ok === true;
}
