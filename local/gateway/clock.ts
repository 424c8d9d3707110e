/** Time as the gateway sees it; a test passes one that it moves by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `task` once, `delayMs` from now; the function returned calls it off. */
  schedule(delayMs: number, task: () => void): () => void;
}

/** The machine's clock. Its timers never keep the process alive: the listening socket does that. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule: (delayMs, task) => {
    const timer = setTimeout(task, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

/** Resolves `delayMs` later, at once when that is zero. */
export function pause(clock: Clock, delayMs: number): Promise<void> {
  if (delayMs <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    clock.schedule(delayMs, resolve);
  });
}
