import type { Schedules } from '../../lambdas/core/ports.ts';
import type { Immediate } from './in-turn.ts';
import type { QueuedTask } from './memory-ports.ts';

/** Schedules in memory, by name: the test takes off what is due and does it. */
export function memorySchedules(armed = new Map<string, QueuedTask>()): Immediate<Schedules> {
  return {
    arm: (name, dueAt, task) => {
      if (!armed.has(name)) armed.set(name, { task, dueAt });
    },
    disarm: (name) => void armed.delete(name),
  };
}

/** Takes off what is due, in its order. */
export function takeDue(armed: Map<string, QueuedTask>, now: number): readonly QueuedTask[] {
  const due = [...armed].filter(([, { dueAt }]) => dueAt <= now).sort(([, a], [, b]) => a.dueAt - b.dueAt);
  for (const [name] of due) armed.delete(name);
  return due.map(([, task]) => task);
}
