import type { DialectName } from '../../lambdas/core/connection.ts';
import { type Backend, localBackend } from '../support/stack.ts';
import { DOCUMENTS } from './documents.ts';

/** A deployment of each document's dialect, for the tests of one file. */
export async function deployments(): Promise<(dialect: DialectName) => Backend> {
  const backends = new Map<DialectName, Backend>();
  for (const { dialect } of DOCUMENTS) backends.set(dialect, await localBackend({ DIALECT: dialect }));
  return (dialect) => {
    const backend = backends.get(dialect);
    if (!backend) throw new Error(`No deployment speaks ${dialect}.`);
    return backend;
  };
}
