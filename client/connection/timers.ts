import type { Clock } from './platform.ts';

/** What a connection is about to do: of each at most one. */
type Name = 'open' | 'retry' | 'hole' | 'replace' | 'renew' | 'drain';

/** Tasks to come, by name. */
export class Timers {
  readonly #clock: Clock;
  readonly #callOffs = new Map<Name, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  has(name: Name): boolean {
    return this.#callOffs.has(name);
  }

  /** Schedules a task, in place of an earlier one. */
  set(name: Name, delayMs: number, task: () => void): void {
    this.clear(name);
    const callOff = this.#clock.schedule(delayMs, () => {
      this.#callOffs.delete(name);
      task();
    });
    this.#callOffs.set(name, callOff);
  }

  /** Calls off these, or all. */
  clear(...names: readonly Name[]): void {
    for (const name of names.length > 0 ? names : [...this.#callOffs.keys()]) {
      this.#callOffs.get(name)?.();
      this.#callOffs.delete(name);
    }
  }
}
