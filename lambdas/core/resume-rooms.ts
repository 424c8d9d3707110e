import type { Caller } from './connection.ts';
import { type Entry, type Head, lastSeq, type Message, memberOf } from './conversation.ts';
import { describeMessage, peopleBy } from './describe-message.ts';
import { type ConversationId, type MessageId, placeOf } from './ids.ts';
import type { Ports } from './ports.ts';

/** What a lost device knew: where it had joined, and the last message that it has seen. */
export type Lost = {
  readonly joinedAfter: Readonly<Record<ConversationId, number>>;
  readonly lastSeen: MessageId | undefined;
};

/** Longer absences are better served by loading the history. */
const MOST_MISSED = 1_000;
const KNOCK_ATTEMPTS = 30;

/**
 * What a device has missed that takes a lost one's place and has joined its rooms already: the messages after those it
 * has seen, in the order in which they were said. Each room is knocked on first, so whatever is not among these is
 * pushed to the device: what is pushed may be among these too, and is told apart by its id.
 *
 * In the room of the last message seen its place is exact. In the others, what was said before that message counts as
 * seen: two rooms' messages of the same few milliseconds may have arrived in the other order.
 *
 * @returns undefined when that cannot be told: the last message seen is not one of these rooms', or too much was missed.
 */
export async function resumeRooms(
  ports: Ports,
  caller: Caller,
  { joinedAfter, lastSeen }: Lost,
): Promise<readonly Message[] | undefined> {
  const rooms = await Promise.all(Object.keys(joinedAfter).map((id) => knockOn(ports, id)));
  const open = rooms.filter(
    (head) => head !== undefined && memberOf(head, caller.userId) !== undefined,
  ) as Head[];
  const seen = lastSeen === undefined ? NOTHING_SEEN : await seenBy(ports, open, lastSeen);
  if (!seen) return undefined;
  const missed = await Promise.all(open.map((head) => missedIn(ports, head, joinedAfter, seen)));
  const messages = missed.flat();
  if (messages.length > MOST_MISSED) return undefined;
  return messages.toSorted((a, b) => a.createdAt - b.createdAt || a.seq - b.seq);
}

type Seen = { readonly conversationId?: ConversationId; readonly seq: number; readonly at: number };

const NOTHING_SEEN: Seen = { seq: 0, at: 0 };

/** The newest part of a room, with a knock on its next place. */
async function knockOn(ports: Ports, id: ConversationId): Promise<Head | undefined> {
  for (let attempt = 1; attempt <= KNOCK_ATTEMPTS; attempt += 1) {
    const head = await ports.log.head(id);
    if (!head) return undefined;
    const mark = { token: ports.nonce(), at: ports.clock.now() };
    if ((await ports.log.knock(id, lastSeq(head) + 1, mark)) === 'knocked') return head;
  }
  return undefined;
}

async function seenBy(ports: Ports, rooms: readonly Head[], lastSeen: MessageId): Promise<Seen | undefined> {
  const place = placeOf(lastSeen);
  const head = rooms.find(({ conversation }) => conversation.id === place?.conversationId);
  if (!place || !head) return undefined;
  const { conversationId, seq } = place;
  const [entry] = await ports.log.range(conversationId, seq, seq);
  return entry && { conversationId, seq, at: entry.createdAt };
}

async function missedIn(
  ports: Ports,
  head: Head,
  joinedAfter: Lost['joinedAfter'],
  seen: Seen,
): Promise<readonly Message[]> {
  const { id } = head.conversation;
  const after = Math.max(joinedAfter[id] ?? 0, id === seen.conversationId ? seen.seq : 0);
  const entries = await entriesAfter(ports, head, after);
  const missed =
    id === seen.conversationId ? entries : entries.filter(({ createdAt }) => createdAt > seen.at);
  if (missed.length === 0) return [];
  const personBy = peopleBy(
    await ports.directory.profiles([...new Set(missed.map(({ senderId }) => senderId))]),
  );
  return missed.map((entry) => describeMessage(head, entry, personBy(entry.senderId)));
}

/** At most one more than can be told: that says that there are too many. */
async function entriesAfter(ports: Ports, head: Head, after: number): Promise<readonly Entry[]> {
  const oldest = head.entries.at(-1)?.seq ?? 1;
  if (oldest <= after + 1) return head.entries.filter(({ seq }) => seq > after).toReversed();
  return ports.log.range(
    head.conversation.id,
    Math.max(after, lastSeq(head) - MOST_MISSED - 1) + 1,
    lastSeq(head),
  );
}
