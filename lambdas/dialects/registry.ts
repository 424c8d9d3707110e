import type { DialectName } from '../core/connection.ts';
import { Fault } from '../core/fault.ts';
import { appointment } from './appointment.ts';
import { booking } from './booking.ts';
import { conversation } from './conversation.ts';
import type { Dialect } from './dialect.ts';
import { direct } from './direct.ts';
import { support } from './support.ts';

/** Every dialect: a new one is its file and its line here. */
export const DIALECTS: ReadonlyMap<string, Dialect> = new Map(
  [booking, conversation, direct, appointment, support].map((dialect) => [dialect.name, dialect]),
);

/** The dialect of a connection, whose name was checked when it began. */
export function dialectNamed(name: DialectName): Dialect {
  return dialectWith(name);
}

/**
 * The first of these names that is given: what the client asked for, what its token says, the deployment's default.
 *
 * @throws Fault `dialect-unknown`.
 */
export function chooseDialect(...names: readonly (string | undefined)[]): DialectName {
  return dialectWith(names.find((name) => name !== undefined) ?? booking.name).name;
}

/** The same, for words to somebody whose choice may be what is wrong: an unknown name is passed over. */
export function dialectFor(...names: readonly (string | undefined)[]): Dialect {
  const known = names.map((name) => (name === undefined ? undefined : DIALECTS.get(name)));
  return known.find((dialect) => dialect !== undefined) ?? booking;
}

function dialectWith(name: string): Dialect {
  const dialect = DIALECTS.get(name);
  if (!dialect) throw new Fault('dialect-unknown', name.slice(0, 64));
  return dialect;
}
