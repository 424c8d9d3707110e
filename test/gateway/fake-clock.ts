import type { Clock } from '../../local/gateway/clock.ts';

type Timer = { readonly at: number; readonly task: () => void };

/** A clock that stands still until a test moves it; tasks run in the order in which they fall due. */
export class FakeClock implements Clock {
  #now = Date.parse('2026-02-09T10:30:00.000Z');
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#now;
  }

  /** @throws RangeError for a delay that is no number, which a real timer takes for none. */
  schedule(delayMs: number, task: () => void): () => void {
    if (Number.isNaN(delayMs)) throw new RangeError('No delay.');
    const timer = { at: this.#now + delayMs, task };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How many tasks wait for their time. */
  get scheduled(): number {
    return this.#timers.size;
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#nextUntil(end); next; next = this.#nextUntil(end)) {
      this.#timers.delete(next);
      this.#now = next.at;
      next.task();
    }
    this.#now = end;
  }

  #nextUntil(end: number): Timer | undefined {
    return [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}
