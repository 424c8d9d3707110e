import type { Caller } from './connection.ts';
import { type Head, lastSeq, type Message, memberOf } from './conversation.ts';
import type { ConversationId, MessageId } from './ids.ts';
import { findSeen, inPushOrder, missedIn } from './missed-messages.ts';
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
 * has seen, in the order in which they were pushed. Each room is knocked on first, so whatever is not among these is
 * pushed to the device: what is pushed may be among these too, and is told apart by its id.
 *
 * @returns undefined when that cannot be told: the last message seen is not known to the caller, or too much was missed.
 */
export async function resumeRooms(
  ports: Ports,
  caller: Caller,
  { joinedAfter, lastSeen }: Lost,
): Promise<readonly Message[] | undefined> {
  const rooms = await Promise.all(Object.keys(joinedAfter).map((id) => knockOn(ports, id)));
  if (rooms.includes('busy')) return undefined;
  const open = rooms.filter(
    (head): head is Head => typeof head === 'object' && memberOf(head, caller.userId) !== undefined,
  );
  const seen = lastSeen === undefined ? undefined : await findSeen(ports, caller, open, lastSeen);
  if (lastSeen !== undefined && !seen) return undefined;
  const limits = { seen, most: MOST_MISSED };
  const missed = await Promise.all(
    open.map((head) => missedIn(ports, head, joinedAfter[head.conversation.id] ?? 0, limits)),
  );
  const inOrder = missed.flat().toSorted(inPushOrder);
  return inOrder.length > MOST_MISSED ? undefined : inOrder.map(({ message }) => message);
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
