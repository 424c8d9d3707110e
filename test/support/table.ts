import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { createTable, type TablePlace } from '../../local/create-table.ts';

/** A new, empty table of the one shape in the run's engine, for one suite alone. */
export async function freshTable(): Promise<TablePlace> {
  const table = { endpoint: inject('engineEndpoint'), tableName: `parley-${randomUUID()}` };
  await createTable(table);
  return table;
}
