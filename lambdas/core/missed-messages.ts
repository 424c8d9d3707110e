import type { Caller } from './connection.ts';
import { type Entry, type Head, type Message, memberOf } from './conversation.ts';
import { describeMessage, peopleBy, peopleIn } from './describe-message.ts';
import { type ConnectionId, type ConversationId, type MessageId, messageIdOf, placeOf } from './ids.ts';
import type { Ports } from './ports.ts';
import { LONGEST_PUSH_MS, LONGEST_WAIT_MS, LOOK_BACK, pushedAt } from './push-order.ts';
import { isTold, type Told } from './told.ts';

/** The last message that a device was told of: at some time from `pushedAt` to `lateUntil`, in ms. */
export type Seen = Pushing & { readonly conversationId: ConversationId; readonly seq: number };

type Pushing = { readonly pushedAt: number; readonly lateUntil: number };

/** A message, and when it was pushed. */
export type Missed = { readonly message: Message; readonly pushedAt: number };

type Pushed = Pushing & { readonly entry: Entry };

const PAGE = 200;

/** The order in which a device is told: by the time of the push, and by conversation where that is the same. */
export function inPushOrder(a: Missed, b: Missed): number {
  const [one, other] = [a.message, b.message];
  return (
    a.pushedAt - b.pushedAt || compare(one.conversation.id, other.conversation.id) || one.seq - other.seq
  );
}

/** What a device is told of, and what not. */
export type Limits = {
  /** Its last message; undefined where it was told of nothing yet. */
  readonly seen: Seen | undefined;
  /** When it began to hear, in ms, where that was later: what was stored before is not owed to it. */
  readonly begunAt?: number;
  /** When there are more than these, some of them are left out. */
  readonly most: number;
  /** What it was told when it last came back: in order, and for certain, whatever became of the pushes. */
  readonly told?: Told;
  /** The device itself, by the connection with which it began. */
  readonly device: ConnectionId | undefined;
};

/** Finds a message that the caller may have seen; undefined for one that does not exist, or not for them. */
export async function findSeen(
  ports: Ports,
  caller: Caller,
  rooms: readonly Head[],
  lastSeen: MessageId,
): Promise<Seen | undefined> {
  const place = placeOf(lastSeen);
  if (!place) return undefined;
  const { conversationId, seq } = place;
  // A device may have left the room since.
  const joined = rooms.find(({ conversation }) => conversation.id === conversationId);
  const head = joined ?? (await ports.log.head(conversationId));
  if (!head || !memberOf(head, caller.userId)) return undefined;
  const entries = await ports.log.range(conversationId, Math.max(1, seq - LOOK_BACK), seq);
  const [last] = pushesOf(entries.toReversed());
  if (last?.entry.seq !== seq) return undefined;
  return { conversationId, seq, pushedAt: last.pushedAt, lateUntil: last.lateUntil };
}

/**
 * The messages of a room that a device has missed which had joined it after message `after`. In the room of the last
 * message that it has seen its place is exact. In another, what was pushed before that message counts as seen: the
 * pushes of two rooms within a few milliseconds may have arrived in the other order.
 *
 * @returns undefined when that cannot be told: a push that was late, or failed, may have come before that message or not.
 */
export async function missedIn(
  ports: Ports,
  head: Head,
  after: number,
  { seen, begunAt = Number.NEGATIVE_INFINITY, most, told = {}, device }: Limits,
): Promise<readonly Missed[] | undefined> {
  const { id } = head.conversation;
  const from = seen ? seen.pushedAt - LONGEST_PUSH_MS : begunAt;
  const reachesBack = (oldest: Entry) =>
    oldest.seq + LOOK_BACK <= after + 1 ||
    // Nothing before it was pushed any later, or makes a later one wait any longer.
    oldest.createdAt + LONGEST_WAIT_MS <= from;
  const entries = await backFrom(ports, head, most + LOOK_BACK, reachesBack);
  const owed = pushesOf(entries).filter(
    ({ entry }) => entry.seq > after && entry.createdAt > begunAt && !isUnheard(entry, device),
  );
  const doubtful = owed.filter(({ entry }) => !isTold(told, messageIdOf(id, entry.seq)));
  if (seen && doubtful.some((push) => isUnclear(seen, id, push))) return undefined;
  return describe(
    ports,
    head,
    owed.filter((push) => !seen || isAfter(seen, id, push)),
  );
}

function isUnheard({ unheardBy }: Entry, device: ConnectionId | undefined): boolean {
  return unheardBy !== undefined && unheardBy === device;
}

/** Whether a message may have been heard before the last one that was seen, or after it, or never. */
function isUnclear(seen: Seen, id: ConversationId, { entry, pushedAt, lateUntil }: Pushed): boolean {
  if (seen.conversationId === id && seen.seq === entry.seq) return false;
  return pushedAt < seen.lateUntil && lateUntil > seen.pushedAt;
}

function isAfter(seen: Seen, id: ConversationId, { entry, pushedAt }: Pushed): boolean {
  if (seen.conversationId === id) return entry.seq > seen.seq;
  return pushedAt > seen.pushedAt || (pushedAt === seen.pushedAt && compare(id, seen.conversationId) > 0);
}

/** Newest first, as far back as it takes. */
async function backFrom(
  ports: Ports,
  head: Head,
  most: number,
  isEnough: (oldest: Entry) => boolean,
): Promise<readonly Entry[]> {
  let { entries } = head;
  for (;;) {
    const oldest = entries.at(-1);
    if (!oldest || oldest.seq === 1 || isEnough(oldest) || entries.length > most) return entries;
    const page = await ports.log.range(head.conversation.id, Math.max(1, oldest.seq - PAGE), oldest.seq - 1);
    entries = [...entries, ...page.toReversed()];
  }
}

/** When each was pushed, newest first. */
function pushesOf(entries: readonly Entry[]): readonly Pushed[] {
  return entries.map((entry, index) => {
    const at = pushedAt(entry, entries.slice(index + 1, index + 1 + LOOK_BACK));
    return { entry, pushedAt: at, lateUntil: Math.max(at, entry.lateUntil ?? at) };
  });
}

async function describe(ports: Ports, head: Head, missed: readonly Pushed[]): Promise<readonly Missed[]> {
  if (missed.length === 0) return [];
  const people = peopleIn(
    head,
    missed.map(({ entry }) => entry),
  );
  const personBy = peopleBy(await ports.directory.profiles(people));
  return missed.map(({ entry, pushedAt }) => ({
    message: describeMessage(head, entry, personBy),
    pushedAt,
  }));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
