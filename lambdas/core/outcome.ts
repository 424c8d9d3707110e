import type { CommandOf, ReplyOf, VerbName } from './commands.ts';
import type { Caller } from './connection.ts';
import type { ConversationId } from './ids.ts';
import type { Ports } from './ports.ts';
import type { Delivery } from './signals.ts';

/** A message's place; the place before the first is 0. */
export type Place = { readonly conversationId: ConversationId; readonly seq: number };

/** What came of a command: the answer to its sender, what others are told, and what may be done after both. */
export type Outcome<K extends VerbName> = {
  readonly reply: ReplyOf<K>;
  readonly deliveries: readonly Delivery[];
  /** Where the caller stands in a conversation's log by this, for those who count along. */
  readonly place?: Place;
  /** Upkeep off the critical path: awaited once everybody has been told, and allowed to fail. */
  readonly afterwards?: Afterwards;
};

/** @param tell for what has become of it by then. */
export type Afterwards = (tell: (deliveries: readonly Delivery[]) => Promise<void>) => Promise<void>;

/** A verb of the domain. Refuses by throwing a `Fault`, having changed nothing. */
export type Verb<K extends VerbName> = (
  ports: Ports,
  caller: Caller,
  command: CommandOf<K>,
) => Promise<Outcome<K>>;
