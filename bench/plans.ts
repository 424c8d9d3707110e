import type { ConnectPlan } from './socket-io/connect-time.ts';
import type { Plan } from './speed/compare.ts';

/** How much of everything a run measures. */
export type Effort = {
  readonly starts: number;
  readonly speed: Plan;
  readonly connects: ConnectPlan;
};

export const FULL: Effort = {
  starts: 5,
  speed: {
    rounds: 5,
    conversations: 300,
    warmUp: { messages: 1_000, concurrency: 16 },
    loads: [
      { messages: 300, concurrency: 1 },
      { messages: 1_000, concurrency: 8 },
      { messages: 1_500, concurrency: 32 },
    ],
  },
  connects: { rounds: 7, warmUp: 10, each: 15 },
};

/** Enough to see that all of it works. */
export const QUICK: Effort = {
  starts: 1,
  speed: {
    rounds: 2,
    conversations: 12,
    warmUp: { messages: 12, concurrency: 4 },
    loads: [
      { messages: 12, concurrency: 1 },
      { messages: 24, concurrency: 4 },
    ],
  },
  connects: { rounds: 2, warmUp: 1, each: 2 },
};
