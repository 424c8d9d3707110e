import { activeRooms, enterRooms, SETTLES_MS } from './active-rooms.ts';
import { type Caller, originOf } from './connection.ts';
import type { Message } from './conversation.ts';
import type { ConversationId, MessageId } from './ids.ts';
import { findSeen, inPushOrder, type Limits, missedIn, type Seen } from './missed-messages.ts';
import type { Ports } from './ports.ts';
import { isTold, type Told } from './told.ts';

/** What a lost device knew: where it had joined, and the last message that it has seen. */
export type Lost = {
  readonly joinedAfter: Readonly<Record<ConversationId, number>>;
  readonly lastSeen: MessageId | undefined;
  /** What it was told when it took a lost one's place itself. */
  readonly told?: Told;
  /** Since when it heard of all conversations, joined or not, in ms; absent for one that did not. */
  readonly hearsSince?: number;
};

/** Longer absences are better served by loading the history. */
const MOST_MISSED = 1_000;

/**
 * What a device has missed that takes a lost one's place and has joined its rooms already: the messages after those it
 * has seen, in the order in which they were pushed. Each conversation is knocked on first, so whatever is not among
 * these is pushed to the device: what is pushed may be among these too, and is told apart by its id.
 *
 * @returns undefined when that cannot be told: the last message seen is not known to the caller, too much was missed, or
 *   a push that was late may have come before that message or not.
 */
export async function resumeRooms(
  ports: Ports,
  caller: Caller,
  { joinedAfter, lastSeen, told = {}, hearsSince }: Lost,
): Promise<readonly Message[] | undefined> {
  if (hearsSince !== undefined) await ports.clock.sleep(SETTLES_MS);
  const joined = await enterRooms(ports, caller, Object.keys(joinedAfter));
  const found =
    joined && lastSeen !== undefined ? await findSeen(ports, caller, joined, lastSeen) : undefined;
  if (!joined || (lastSeen !== undefined && !found)) return undefined;
  // What was told came in its turn, however long its push has taken.
  const seen = found && isTold(told, lastSeen ?? '') ? { ...found, lateUntil: found.pushedAt } : found;
  const hearing = hearsSince === undefined ? undefined : standOf(seen, hearsSince);
  const ids = joined.map(({ conversation }) => conversation.id);
  const heard = hearing ? await activeRooms(ports, caller, hearing.from, ids) : [];
  if (!heard) return undefined;
  const limits = { most: MOST_MISSED, told, device: originOf(caller) };
  const missed = await Promise.all([
    ...joined.map((head) =>
      missedIn(ports, head, joinedAfter[head.conversation.id] ?? 0, { ...limits, seen }),
    ),
    ...heard.map((head) => missedIn(ports, head, 0, { ...limits, seen, ...hearing })),
  ]);
  if (missed.includes(undefined)) return undefined;
  const inOrder = missed.flatMap((room) => room ?? []).toSorted(inPushOrder);
  return inOrder.length > MOST_MISSED ? undefined : inOrder.map(({ message }) => message);
}

/**
 * Where a device stands that heard all since it began: at the last message that it saw, or at its beginning. A client
 * that has begun anew still names what it saw before that.
 */
function standOf(seen: Seen | undefined, hearsSince: number): Stand {
  if (seen && seen.pushedAt > hearsSince) return { from: seen.pushedAt, seen };
  return { from: hearsSince, seen: undefined, begunAt: hearsSince };
}

type Stand = Pick<Limits, 'seen' | 'begunAt'> & { readonly from: number };
