import type { Clock } from './platform.ts';

type Task = () => void;

/** Tasks to come, each at most once. */
export type Timers = {
  has(task: Task): boolean;
  /** Schedules a task; one that is scheduled already is put off, or brought forward. */
  set(delayMs: number, task: Task): void;
  /** Calls off these, or all. */
  cancel(...tasks: readonly Task[]): void;
};

export function createTimers(clock: Clock): Timers {
  const callOffs = new Map<Task, () => void>();

  function set(delayMs: number, task: Task): void {
    cancel(task);
    const callOff = clock.schedule(delayMs, () => {
      callOffs.delete(task);
      task();
    });
    callOffs.set(task, callOff);
  }

  function cancel(...tasks: readonly Task[]): void {
    for (const task of tasks.length > 0 ? tasks : callOffs.keys()) {
      callOffs.get(task)?.();
      callOffs.delete(task);
    }
  }

  return { has: (task) => callOffs.has(task), set, cancel };
}
