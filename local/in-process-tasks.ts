import type { Task, Tasks } from '../lambdas/core/ports.ts';
import { type Clock, systemClock } from './gateway/clock.ts';

/** The task queue of one process: what SQS and its consumer are on AWS. */
export type InProcessTasks = Tasks & {
  /** Does a task now, and then what follows it; all of that again, should it fail. */
  perform(task: Task, afterwards: () => Promise<void>): void;
  /** Drops what is still to come. */
  stop(): void;
  /** Resolves when no task is being done, or due. */
  settled(): Promise<void>;
};

/** What is done for a task. */
type Job = { readonly task: Task; readonly act: () => Promise<void> };

/** As often as the queue on AWS hands a failing task out before it goes to the dead letters. */
const ATTEMPTS = 3;
const RETRY_MS = 1_000;

/** Does each task after its delay; one that fails is tried again, and reported in the end. */
export function inProcessTasks(
  perform: (task: Task) => Promise<void>,
  report: (task: Task, cause: unknown) => void,
  clock: Clock = systemClock,
): InProcessTasks {
  const waiting = new Set<() => void>();
  const underWay = new Set<Promise<void>>();
  const work = (job: Job, attempt: number) =>
    job.act().catch((cause: unknown) => {
      if (attempt === ATTEMPTS) report(job.task, cause);
      else schedule(job, RETRY_MS, attempt + 1);
    });
  const schedule = (job: Job, delayMs: number, attempt: number) => {
    const done = new Promise<void>((resolve) => {
      const callOff = clock.schedule(delayMs, () => {
        waiting.delete(drop);
        underWay.add(done);
        work(job, attempt).then(resolve, resolve);
      });
      const drop = () => {
        callOff();
        resolve();
      };
      waiting.add(drop);
    }).finally(() => underWay.delete(done));
    // What is due at once counts as under way, though its turn has not come yet.
    if (delayMs === 0) underWay.add(done);
  };
  return {
    enqueue: async (task, delaySeconds = 0) => {
      schedule({ task, act: () => perform(task) }, delaySeconds * 1000, 1);
    },
    perform: (task, afterwards) => schedule({ task, act: () => perform(task).then(afterwards) }, 0, 1),
    stop: () => {
      for (const drop of waiting) drop();
      waiting.clear();
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
