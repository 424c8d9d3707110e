import type { VirtualClock } from './virtual-clock.ts';

/** A value with its past: what an eventually consistent read may still see. */
export class Timeline<T> {
  readonly #clock: VirtualClock;
  readonly #versions: { readonly at: number; readonly value: T }[];

  constructor(clock: VirtualClock, initial: T) {
    this.#clock = clock;
    this.#versions = [{ at: Number.NEGATIVE_INFINITY, value: initial }];
  }

  get latest(): T {
    return this.#versions.at(-1)?.value as T;
  }

  /** What was there so many ms ago; nothing lags behind by 0. */
  ago(ms: number): T {
    const at = this.#clock.now() - ms;
    return this.#versions.findLast((version) => version.at <= at)?.value as T;
  }

  change(change: (value: T) => T): void {
    this.#versions.push({ at: this.#clock.now(), value: change(this.latest) });
  }
}
