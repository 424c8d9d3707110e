import type { Deployment } from './deployment.ts';
import type { Consumption } from './request-meter.ts';

/** The most that an operation may cost (DESIGN §4). */
export type Budget = Partial<Pick<Consumption, 'roundTripsBeforePush' | 'writeUnits' | 'readUnits'>>;

/** An operation, what it cost, and what it may cost where a budget says so. */
export type Counted = Consumption & { readonly operation: string; readonly budget?: Budget };

/** Counts operations one at a time, each until nothing of it is under way any more. */
export class Tally {
  readonly deployment: Deployment;
  readonly counted: Counted[] = [];

  constructor(deployment: Deployment) {
    this.deployment = deployment;
  }

  /** Does `act` and notes what it cost; what was done before does not count. */
  async count<Result>(operation: string, act: () => Promise<Result>, budget?: Budget): Promise<Result> {
    const { meter, settled } = this.deployment;
    await settled();
    meter.read();
    const result = await act();
    await settled();
    this.counted.push({ operation, ...meter.read(), ...(budget && { budget }) });
    return result;
  }
}

/** Whether an operation kept to its budget; undefined where it has none. */
export function isWithinBudget({ budget, ...cost }: Counted): boolean | undefined {
  if (!budget) return undefined;
  return Object.entries(budget).every(([what, most]) => (cost[what as keyof Budget] ?? 0) <= most);
}
