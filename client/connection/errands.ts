import { kindOf, named, roomIn } from './actions.ts';
import type { Reply } from './frame.ts';
import type { Link, Outcome, Question } from './link.ts';
import type { LogOrder } from './log-order.ts';
import type { Platform } from './platform.ts';

export type Errand = Question & {
  /** Told what became of it, once. Without it no answer is asked for, unless one is needed to keep order. */
  readonly done?: ((outcome: Outcome) => void) | undefined;
  /** Whether it is only worth saying now. @default false */
  readonly isVolatile?: boolean | undefined;
  /** Whether it is repeated until it is answered, as sends are. @default false */
  readonly isRepeated?: boolean | undefined;
};

type Waiting = Errand & { readonly room: string | undefined; isAsked: boolean; isGivenUp: boolean };

const MOST_WAITING = 1_000;
/** API Gateway ends a connection at a frame of more than 32 KB, which would be sent again on the next one. */
const MOST_BYTES = 31 * 1024;
/** As the server says it. */
const TOO_LARGE: Reply = {
  data: { ok: false, error: { code: 'INVALID_PAYLOAD', message: 'Payload too large' } },
  place: undefined,
};

/**
 * What is asked over whichever link there is, or will be. Sends, joins and leaves of one conversation go one after the
 * other, as API Gateway may serve two frames of a connection at once, and are repeated until they are answered: a send
 * has its `clientMessageId`, so a message is stored once all the same.
 */
export class Errands {
  readonly #platform: Platform;
  readonly #order: LogOrder;
  /** What waits in a room, or alone. */
  readonly #lanes = new Map<unknown, Waiting[]>();
  /** The conversations of the rooms that were joined. */
  readonly #rooms = new Map<string, string>();
  #link: Link | undefined;
  #count = 0;

  constructor(platform: Platform, order: LogOrder) {
    this.#platform = platform;
    this.#order = order;
  }

  /** Goes on over this link, the oldest first, or waits for one. */
  use(link: Link | undefined): void {
    this.#link = link;
    this.resume();
  }

  /** Says what waits, or what was lost with an older link. */
  resume(): void {
    for (const key of [...this.#lanes.keys()]) this.#next(key);
  }

  /** Says something now, or when there is a link. @returns gives it up: it is not said, or at least not again. */
  add(errand: Errand): () => void {
    const { action, args, isVolatile, done } = errand;
    if (this.#count >= MOST_WAITING || (isVolatile && !this.#link)) {
      done?.('lost');
      return () => undefined;
    }
    if (new TextEncoder().encode(JSON.stringify(args)).length > MOST_BYTES) {
      done?.(TOO_LARGE);
      return () => undefined;
    }
    const kind = kindOf(action);
    const room = kind && roomIn(args);
    const said = kind === 'send' && room !== undefined ? named(args, this.#platform) : args;
    const isRepeated = errand.isRepeated || room !== undefined;
    const waiting: Waiting = { ...errand, args: said, room, isRepeated, isAsked: false, isGivenUp: false };
    const key = room ?? waiting;
    this.#count += 1;
    this.#lanes.set(key, [...(this.#lanes.get(key) ?? []), waiting]);
    this.#next(key);
    return () => {
      waiting.isGivenUp = true;
      if (!waiting.isAsked) this.#remove(key, waiting);
    };
  }

  /** Forgets rooms, and what waits: it is lost. */
  reset(): void {
    const lanes = [...this.#lanes.values()];
    this.#lanes.clear();
    this.#rooms.clear();
    this.#count = 0;
    for (const { done } of lanes.flat()) done?.('lost');
  }

  #next(key: unknown): void {
    const [errand] = this.#lanes.get(key) ?? [];
    const link = this.#link;
    if (!link || !errand || errand.isAsked) return;
    const { action, args, done } = errand;
    if (!done && !errand.isRepeated) {
      this.#remove(key, errand);
      link.tell(action, args);
      return;
    }
    errand.isAsked = true;
    const timeoutMs = errand.isRepeated ? undefined : errand.timeoutMs;
    link.ask({ action, args, timeoutMs }, (outcome) => this.#answered(key, errand, outcome));
  }

  #answered(key: unknown, errand: Waiting, outcome: Outcome): void {
    errand.isAsked = false;
    const isRepeated = errand.isRepeated && typeof outcome === 'string' && !errand.isGivenUp;
    if (!isRepeated && this.#remove(key, errand)) {
      if (typeof outcome !== 'string') this.#note(errand, outcome);
      errand.done?.(outcome);
    }
    if (!isRepeated || outcome === 'timeout') this.#next(key);
  }

  #remove(key: unknown, errand: Waiting): boolean {
    const lane = this.#lanes.get(key) ?? [];
    const rest = lane.filter((other) => other !== errand);
    if (rest.length === lane.length) return false;
    this.#count -= 1;
    if (rest.length > 0) this.#lanes.set(key, rest);
    else this.#lanes.delete(key);
    return true;
  }

  /** What an answer says about where this device stands. */
  #note({ action, args, room = '' }: Waiting, { place, data }: Reply): void {
    const kind = kindOf(action);
    const { ok } = Object(data) as { readonly ok?: unknown };
    if (kind === 'send' && place && isUnheard(args)) this.#order.take(undefined, place);
    if (kind === 'join' && place) {
      this.#rooms.set(room, place.conversation);
      this.#order.join(place);
    }
    if (kind === 'leave' && ok === true) {
      this.#order.leave(this.#rooms.get(room) ?? '');
      this.#rooms.delete(room);
    }
  }
}

/** Only in the appointment dialect, which names a recipient, is a device not told of what it has sent itself. */
function isUnheard([payload]: readonly unknown[]): boolean {
  return Object.hasOwn(Object(payload), 'recipientId');
}
