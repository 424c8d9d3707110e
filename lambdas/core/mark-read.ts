import type { CommandOf } from './commands.ts';
import type { Caller } from './connection.ts';
import { type Entry, type Head, lastSeq, type Member, memberOf } from './conversation.ts';
import { Fault } from './fault.ts';
import { type ConversationId, type MessageId, messageIdOf, placeOf } from './ids.ts';
import type { Outcome } from './outcome.ts';
import type { Ports } from './ports.ts';
import { afterReading, hasRead } from './read-state.ts';
import type { Delivery } from './signals.ts';

/** What was asked for in one conversation, checked: places that exist, their entries, and no message of one's own. */
type Mark = {
  readonly head: Head;
  readonly self: Member;
  readonly entries: readonly Entry[];
  readonly seqs: readonly number[];
};
type Marked = {
  readonly head: Head;
  readonly fresh: readonly MessageId[];
  readonly all: readonly MessageId[];
};

const SAVE_ATTEMPTS = 20;
/** How far `upTo` may step over the reader's own messages at a time where the head does not reach back. */
const STEP = 100;

/**
 * Marks messages, of any of the caller's conversations, as read: all of them or, if one does not exist or is not the
 * caller's to see, none. The caller's own messages are ignored; what is read already stays read.
 *
 * @throws Fault `not-a-party` (which also hides whether an id exists), `busy`.
 */
export async function markRead(
  ports: Ports,
  caller: Caller,
  command: CommandOf<'mark-read'>,
): Promise<Outcome<'mark-read'>> {
  const places = placesOf(command.messageIds);
  const marks = await Promise.all([...places].map(([id, seqs]) => check(ports, caller, id, seqs)));
  const now = ports.clock.now();
  const marked = await Promise.all(marks.map((mark) => save(ports, caller, mark, now)));
  const signal = { kind: 'messages-read', readerId: caller.userId, readAt: now } as const;
  const reads = marked.map(({ head, all }) => ({ conversationId: head.conversation.id, messageIds: all }));
  return {
    reply: { messageIds: marked.flatMap(({ all }) => all) },
    // Whoever delivers reads the devices of all at once.
    deliveries: [
      { signal: { ...signal, reads }, users: [caller.userId] },
      ...marked.flatMap((one) => toOthers(caller, signal, one)),
    ],
  };
}

function placesOf(messageIds: readonly MessageId[]): ReadonlyMap<ConversationId, ReadonlySet<number>> {
  const places = new Map<ConversationId, Set<number>>();
  for (const id of messageIds) {
    const place = placeOf(id);
    if (!place) throw new Fault('not-a-party');
    const seqs = places.get(place.conversationId) ?? new Set();
    places.set(place.conversationId, seqs.add(place.seq));
  }
  return places;
}

async function check(
  ports: Ports,
  caller: Caller,
  id: ConversationId,
  wanted: ReadonlySet<number>,
): Promise<Mark> {
  const head = await ports.log.head(id);
  const self = head && memberOf(head, caller.userId);
  if (!self || [...wanted].some((seq) => seq > lastSeq(head))) throw new Fault('not-a-party');
  const entries = await entriesAt(ports, head, self, [...wanted]);
  const own = new Set(entries.filter((entry) => entry.senderId === caller.userId).map((entry) => entry.seq));
  return { head, self, entries, seqs: [...wanted].filter((seq) => !own.has(seq)) };
}

/** The head's entries, those asked for below it, and what lies right above `upTo`, so that `upTo` can move on. */
async function entriesAt(
  ports: Ports,
  head: Head,
  self: Member,
  seqs: readonly number[],
): Promise<readonly Entry[]> {
  const oldest = head.entries.at(-1)?.seq ?? 1;
  const below = seqs.filter((seq) => seq < oldest);
  const next = self.read.upTo + 1;
  const [asked, following] = await Promise.all([
    below.length > 0 ? ports.log.entriesAt(head.conversation.id, below) : [],
    next < oldest ? ports.log.range(head.conversation.id, next, Math.min(next + STEP, oldest) - 1) : [],
  ]);
  return [...head.entries, ...asked, ...following];
}

async function save(ports: Ports, caller: Caller, mark: Mark, now: number): Promise<Marked> {
  const { id } = mark.head.conversation;
  let read = mark.self.read;
  for (let attempt = 1; attempt <= SAVE_ATTEMPTS; attempt += 1) {
    const after = afterReading(read, mark.seqs, caller.userId, mark.entries, now);
    const saved = after === read ? 'saved' : await ports.log.saveRead(id, caller.userId, after);
    if (saved === 'saved') {
      const fresh = mark.seqs.filter((seq) => !hasRead(read, seq));
      return { head: mark.head, fresh: idsOf(id, fresh), all: idsOf(id, mark.seqs) };
    }
    await ports.clock.sleep(ports.random() * attempt);
    ({
      self: { read },
    } = await check(ports, caller, id, new Set(mark.seqs)));
  }
  throw new Fault('busy');
}

/** The others hear only of what was not read before. */
function toOthers(
  { userId }: Caller,
  signal: { readonly kind: 'messages-read'; readonly readerId: string; readonly readAt: number },
  { head, fresh }: Marked,
): readonly Delivery[] {
  if (fresh.length === 0) return [];
  const reads = [{ conversationId: head.conversation.id, messageIds: fresh }];
  const users = head.members.map((member) => member.userId).filter((other) => other !== userId);
  return [{ signal: { ...signal, reads }, users }];
}

function idsOf(id: ConversationId, seqs: readonly number[]): readonly MessageId[] {
  return seqs.map((seq) => messageIdOf(id, seq));
}
