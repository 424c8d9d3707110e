import type { Clock } from '../../local/gateway/clock.ts';

type Timer = {
  readonly at: number;
  readonly isShort: boolean;
  readonly task: () => void;
  handle?: NodeJS.Timeout;
};

/** Retries and the like, which real parts need to go on by themselves. */
const SHORT_MS = 5_000;

/**
 * The machine's clock, which a test can put forward. Short waits end by themselves; a long one ends by a leap alone, so
 * that no test passes because what it tests was outwaited.
 */
export class LeapingClock implements Clock {
  #aheadMs = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return Date.now() + this.#aheadMs;
  }

  schedule(delayMs: number, task: () => void): () => void {
    const timer: Timer = { at: this.now() + delayMs, isShort: delayMs < SHORT_MS, task };
    this.#timers.add(timer);
    this.#arm(timer);
    return () => {
      clearTimeout(timer.handle);
      this.#timers.delete(timer);
    };
  }

  /** Puts the clock forward; what falls due meanwhile is done at once. */
  leap(ms: number): void {
    this.#aheadMs += ms;
    for (const timer of this.#timers) this.#arm(timer);
  }

  #arm(timer: Timer): void {
    const leftMs = timer.at - this.now();
    if (leftMs > 0 && !timer.isShort) return;
    clearTimeout(timer.handle);
    const run = () => {
      this.#timers.delete(timer);
      timer.task();
    };
    timer.handle = setTimeout(run, Math.max(0, leftMs)).unref();
  }
}
