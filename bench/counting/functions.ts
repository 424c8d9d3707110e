import type { Environment } from '../../lambdas/handlers/runtime.ts';
import { createFunctions, type Functions, type Surroundings } from '../../local/functions.ts';

/**
 * The deployed functions, each with a memory of its own as on AWS: a connection that one function has met is new to the
 * next.
 */
export function separateFunctions(
  env: Environment,
  around: Surroundings,
): Pick<Functions, 'routes' | 'http' | 'polling' | 'sweep'> {
  const create = () => createFunctions(env, around);
  const { routes, http, sweep } = create();
  const { polling } = create();
  const separate = Object.keys(routes).map((key) => [key, create().routes[key] ?? http] as const);
  return { routes: Object.fromEntries(separate), http, polling, sweep };
}
