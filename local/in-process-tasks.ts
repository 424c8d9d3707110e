import type { Task, Tasks } from '../lambdas/core/ports.ts';

/** The task queue of one process: what SQS and its consumer are on AWS. */
export type InProcessTasks = Tasks & {
  /** Drops what is still to come. */
  stop(): void;
};

/** As often as the queue on AWS hands a failing task out before it goes to the dead letters. */
const ATTEMPTS = 3;
const RETRY_MS = 1_000;

/** Does each task after its delay; one that fails is tried again, and reported in the end. */
export function inProcessTasks(
  perform: (task: Task) => Promise<void>,
  report: (task: Task, cause: unknown) => void,
): InProcessTasks {
  const timers = new Set<NodeJS.Timeout>();
  const schedule = (task: Task, delayMs: number, attempt: number) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      perform(task).catch((cause) => {
        if (attempt === ATTEMPTS) report(task, cause);
        else schedule(task, RETRY_MS, attempt + 1);
      });
    }, delayMs);
    timers.add(timer);
  };
  return {
    enqueue: async (task, delaySeconds = 0) => schedule(task, delaySeconds * 1000, 1),
    stop: () => {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
