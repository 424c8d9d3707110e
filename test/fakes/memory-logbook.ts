import type { Log } from '../../lambdas/handlers/log.ts';

export type Logged = { readonly event: string; readonly fields: object };

/** A log that keeps what it is told. */
export type MemoryLogbook = Log & { readonly infos: Logged[]; readonly errors: Logged[] };

export function memoryLogbook(): MemoryLogbook {
  const infos: Logged[] = [];
  const errors: Logged[] = [];
  return {
    infos,
    errors,
    info: (event, fields) => void infos.push({ event, fields }),
    error: (event, cause, fields) => void errors.push({ event, fields: { ...fields, cause } }),
  };
}
