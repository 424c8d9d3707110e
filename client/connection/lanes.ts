import type { Outcome } from './link.ts';

/** A question that is asked until it is answered, whatever becomes of the link meanwhile. */
export type Errand = {
  readonly action: string;
  readonly args: readonly unknown[];
  readonly done: (outcome: Exclude<Outcome, 'timeout'>) => void;
};

type Lane = { readonly errands: Errand[]; isUnderWay: boolean };

/** Asks, and tells what became of it. */
type Run = (errand: Errand, done: (outcome: Outcome) => void) => void;

const MOST_WAITING = 1_000;

/**
 * Errands in one conversation, one after the other: API Gateway may serve two frames of a connection at once, so the
 * next is only sent when the one before it is answered. What was not answered is asked again; sends carry a
 * `clientMessageId`, so a message is stored once all the same.
 */
export class Lanes {
  readonly #run: Run;
  readonly #lanes = new Map<string, Lane>();
  #count = 0;

  constructor(run: Run) {
    this.#run = run;
  }

  /** Takes an errand behind those of the same conversation. @returns a way to drop it, as long as it was not asked. */
  add(key: string, errand: Errand): () => void {
    if (this.#count >= MOST_WAITING) {
      errand.done('lost');
      return () => undefined;
    }
    const lane = this.#lanes.get(key) ?? { errands: [], isUnderWay: false };
    this.#lanes.set(key, lane);
    lane.errands.push(errand);
    this.#count += 1;
    this.#next(key, lane);
    return () => {
      const at = lane.errands.indexOf(errand);
      if (at > 0 || (at === 0 && !lane.isUnderWay)) this.#remove(key, lane, at);
    };
  }

  /** Goes on with what waits, the oldest first: there is a link again. */
  resume(): void {
    for (const [key, lane] of [...this.#lanes]) this.#next(key, lane);
  }

  /** Drops whatever waits: it is lost. */
  drop(): void {
    const dropped = [...this.#lanes.values()].flatMap(({ errands }) => errands.splice(0));
    this.#lanes.clear();
    this.#count = 0;
    for (const { done } of dropped) done('lost');
  }

  #next(key: string, lane: Lane): void {
    const [errand] = lane.errands;
    if (!errand || lane.isUnderWay) return;
    lane.isUnderWay = true;
    this.#run(errand, (outcome) => {
      lane.isUnderWay = false;
      if (outcome === 'lost' || lane.errands[0] !== errand) return;
      if (outcome !== 'timeout') {
        this.#remove(key, lane, 0);
        errand.done(outcome);
      }
      this.#next(key, lane);
    });
  }

  #remove(key: string, lane: Lane, at: number): void {
    lane.errands.splice(at, 1);
    this.#count -= 1;
    if (lane.errands.length === 0) this.#lanes.delete(key);
  }
}
