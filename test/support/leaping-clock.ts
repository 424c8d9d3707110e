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
  #stoppedAt: number | undefined;
  readonly #timers = new Set<Timer>();

  now(): number {
    return (this.#stoppedAt ?? Date.now()) + this.#aheadMs;
  }

  /** From now on time passes by leaps alone, however slow the machine is; `go` lets it pass by itself again. */
  stop(): { readonly go: () => void } {
    const stoppedAt = Date.now();
    this.#stoppedAt = stoppedAt;
    const go = () => {
      this.#stoppedAt = undefined;
      this.#aheadMs -= Date.now() - stoppedAt;
    };
    return { go };
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

  /** Puts the clock forward; what falls due meanwhile is begun at once, in its order. */
  leap(ms: number): void {
    this.#aheadMs += ms;
    const due = [...this.#timers].filter(({ at }) => at <= this.now()).sort((a, b) => a.at - b.at);
    for (const timer of due) this.#run(timer);
    for (const timer of this.#timers) this.#arm(timer);
  }

  #arm(timer: Timer): void {
    clearTimeout(timer.handle);
    const leftMs = Math.max(0, timer.at - this.now());
    if (leftMs > 0 && !timer.isShort) return;
    timer.handle = setTimeout(() => this.#run(timer), leftMs).unref();
  }

  #run(timer: Timer): void {
    clearTimeout(timer.handle);
    if (this.#timers.delete(timer)) timer.task();
  }
}
