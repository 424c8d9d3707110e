import type { Clock } from '../../local/gateway/clock.ts';

const A_SECOND = 1_000;

/**
 * The machine's clock, which the bench puts forward. Nobody waits: what falls due within a second is done at once, and
 * what falls due later never, so that nothing but the operation itself is counted.
 */
export class PassingClock implements Clock {
  #aheadMs = 0;

  now(): number {
    return Date.now() + this.#aheadMs;
  }

  pass(ms: number): void {
    this.#aheadMs += ms;
  }

  schedule(delayMs: number, task: () => void): () => void {
    if (delayMs >= A_SECOND) return () => undefined;
    this.pass(delayMs);
    const soon = setImmediate(task);
    return () => clearImmediate(soon);
  }
}
