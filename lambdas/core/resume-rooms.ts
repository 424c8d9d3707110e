import { type Caller, originOf } from './connection.ts';
import { type Head, lastSeq, type Message, memberOf } from './conversation.ts';
import type { ConversationId, MessageId } from './ids.ts';
import { findSeen, inPushOrder, type Limits, missedIn, type Seen } from './missed-messages.ts';
import type { Ports } from './ports.ts';
import { CLOCKS_DIFFER_MS, TOUCH_EVERY_MS } from './publish-message.ts';

/** What a lost device knew: where it had joined, and the last message that it has seen. */
export type Lost = {
  readonly joinedAfter: Readonly<Record<ConversationId, number>>;
  readonly lastSeen: MessageId | undefined;
  /** Since when it heard of all conversations, joined or not, in ms; absent for one that did not. */
  readonly hearsSince?: number;
};

/** Longer absences are better served by loading the history. */
const MOST_MISSED = 1_000;
/** Conversations that were active meanwhile: each costs a read, and a write for its knock. */
const MOST_ACTIVE = 100;
const KNOCK_ATTEMPTS = 30;
/**
 * What is stored just before a device comes back is in the lists a moment later, and a send just after may not see the
 * device yet: both are over by then, in ms. DynamoDB's indexes, and its reads that are not strongly consistent, lag by
 * well under a second as a rule.
 */
const SETTLES_MS = 1_000;

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
  { joinedAfter, lastSeen, hearsSince }: Lost,
): Promise<readonly Message[] | undefined> {
  if (hearsSince !== undefined) await ports.clock.sleep(SETTLES_MS);
  const joined = await enterAll(ports, caller, Object.keys(joinedAfter));
  const seen = joined && lastSeen !== undefined ? await findSeen(ports, caller, joined, lastSeen) : undefined;
  if (!joined || (lastSeen !== undefined && !seen)) return undefined;
  const hearing = hearsSince === undefined ? undefined : standOf(seen, hearsSince);
  const heard = hearing ? await enterActive(ports, caller, hearing.from, joined) : [];
  if (!heard) return undefined;
  const limits = { most: MOST_MISSED, device: originOf(caller) };
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

/** The conversations besides the joined ones in which something may have been said since; undefined for too many. */
async function enterActive(
  ports: Ports,
  caller: Caller,
  since: number,
  joined: readonly Head[],
): Promise<readonly Head[] | undefined> {
  // Only the first message of a minute is noted in the lists.
  const noted = since - TOUCH_EVERY_MS - CLOCKS_DIFFER_MS;
  const active = await ports.conversations.activeSince(caller.userId, noted, MOST_ACTIVE + 1);
  if (active.length > MOST_ACTIVE) return undefined;
  const known = new Set(joined.map(({ conversation }) => conversation.id));
  return enterAll(
    ports,
    caller,
    active.filter((id) => !known.has(id)),
  );
}

/** Knocks on each of these conversations that the caller is in still; undefined where one is too lively for that. */
async function enterAll(
  ports: Ports,
  { userId }: Caller,
  ids: readonly ConversationId[],
): Promise<readonly Head[] | undefined> {
  const rooms = await Promise.all(ids.map((id) => knockOn(ports, id)));
  if (rooms.includes('busy')) return undefined;
  return rooms.filter(
    (head): head is Head => typeof head === 'object' && memberOf(head, userId) !== undefined,
  );
}

/** The newest part of a room, with a knock on its next place; undefined where there is none. */
async function knockOn(ports: Ports, id: ConversationId): Promise<Head | 'busy' | undefined> {
  for (let attempt = 1; attempt <= KNOCK_ATTEMPTS; attempt += 1) {
    const head = await ports.log.head(id);
    if (!head) return undefined;
    const mark = { token: ports.nonce(), at: ports.clock.now() };
    if ((await ports.log.knock(id, lastSeq(head) + 1, mark)) === 'knocked') return head;
  }
  return 'busy';
}
