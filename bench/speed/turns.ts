import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../lambdas/core/ports.ts';
import type { Pair, Side } from './chat-system.ts';

/** Whose turn it is to say something in which conversation. */
export type Turn = { readonly pair: Pair; readonly side: Side };

const MACHINE: Clock = { now: () => performance.now(), sleep };

type Speaker = Turn & { readonly saidAt: number[] };

/** A sender may store ten messages in ten seconds in a conversation: nine, and a little longer, is safe. */
const MOST = 9;
const WINDOW_MS = 10_500;
/** What follows another message of the conversation more closely is held back by design (docs/adr/0004). */
const APART_MS = 200;

/** Lets everybody speak in turn, nobody more often than people may, and nobody close on another's heels. */
export class Turns {
  readonly #queue: Speaker[];
  readonly #lastSaid = new Map<Pair, number>();
  readonly #clock: Clock;

  constructor(pairs: readonly Pair[], clock: Clock = MACHINE) {
    this.#clock = clock;
    this.#queue = [0, 1].flatMap((which) =>
      pairs.map((pair) => ({ pair, side: pair[which] as Side, saidAt: [] })),
    );
  }

  /** The next turn, once it has come. The speaker's next one is after everybody else's. */
  async next(): Promise<Turn> {
    const speaker = this.#queue.shift();
    if (!speaker) throw new RangeError('There are more turns at once than speakers.');
    const wait = this.#dueAt(speaker) - this.#clock.now();
    if (wait > 0) await this.#clock.sleep(wait);
    const now = this.#clock.now();
    speaker.saidAt.push(now);
    if (speaker.saidAt.length > MOST) speaker.saidAt.shift();
    this.#lastSaid.set(speaker.pair, now);
    this.#queue.push(speaker);
    return speaker;
  }

  /** When this speaker may speak again; 0 for at once. */
  #dueAt({ pair, saidAt }: Speaker): number {
    const [first] = saidAt.length === MOST ? saidAt : [];
    const allowed = first === undefined ? 0 : first + WINDOW_MS;
    return Math.max(allowed, (this.#lastSaid.get(pair) ?? Number.NEGATIVE_INFINITY) + APART_MS);
  }
}
