import type { Clock } from './platform.ts';

/** Tasks to come, by name: of each name at most one. */
export type Timers = {
  has(name: unknown): boolean;
  /** Schedules a task, in place of an earlier one. */
  set(name: unknown, delayMs: number, task: () => void): void;
  /** Calls off these, or all. */
  cancel(...names: readonly unknown[]): void;
};

export function createTimers(clock: Clock): Timers {
  const callOffs = new Map<unknown, () => void>();

  function set(name: unknown, delayMs: number, task: () => void): void {
    cancel(name);
    const callOff = clock.schedule(delayMs, () => {
      callOffs.delete(name);
      task();
    });
    callOffs.set(name, callOff);
  }

  function cancel(...names: readonly unknown[]): void {
    for (const name of names.length > 0 ? names : callOffs.keys()) {
      callOffs.get(name)?.();
      callOffs.delete(name);
    }
  }

  return { has: (name) => callOffs.has(name), set, cancel };
}
