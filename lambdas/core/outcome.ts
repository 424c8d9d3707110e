import type { CommandOf, ReplyOf, VerbName } from './commands.ts';
import type { Caller } from './connection.ts';
import type { Ports } from './ports.ts';
import type { Delivery } from './signals.ts';

/** What came of a command: the answer to its sender, what others are told, and what may be done after both. */
export type Outcome<K extends VerbName> = {
  readonly reply: ReplyOf<K>;
  readonly deliveries: readonly Delivery[];
  /** Upkeep off the critical path: awaited once everybody has been told, and allowed to fail. */
  readonly afterwards?: () => Promise<void>;
};

/** A verb of the domain. Refuses by throwing a `Fault`, having changed nothing. */
export type Verb<K extends VerbName> = (
  ports: Ports,
  caller: Caller,
  command: CommandOf<K>,
) => Promise<Outcome<K>>;
