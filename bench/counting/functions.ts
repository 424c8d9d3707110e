import type { Environment } from '../../lambdas/handlers/runtime.ts';
import { createFunctions, type Functions, type Surroundings } from '../../local/functions.ts';
import type { InProcessTasks } from '../../local/in-process-tasks.ts';

export type SeparateFunctions = Pick<Functions, 'routes' | 'http' | 'polling' | 'sweep'> & {
  /** Resolves when none of them has a task that is being done, or due. */
  readonly settled: () => Promise<void>;
};

/**
 * The deployed functions, each with a memory of its own as on AWS: a connection that one function has met is new to the
 * next.
 */
export function separateFunctions(env: Environment, around: Surroundings): SeparateFunctions {
  const tasks: InProcessTasks[] = [];
  const create = () => {
    const functions = createFunctions(env, around);
    tasks.push(functions.tasks);
    return functions;
  };
  const { routes, http, sweep } = create();
  const { polling } = create();
  const separate = Object.keys(routes).map((key) => [key, create().routes[key] ?? http] as const);
  const settled = async () => {
    for (const queue of tasks) await queue.settled();
  };
  return { routes: Object.fromEntries(separate), http, polling, sweep, settled };
}
