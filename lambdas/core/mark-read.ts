import type { CommandOf } from './commands.ts';
import type { Caller } from './connection.ts';
import { type Entry, type Head, lastSeq, type Member, memberOf } from './conversation.ts';
import { conversationIdOf } from './enter-conversation.ts';
import { Fault } from './fault.ts';
import { type ConversationId, type MessageId, messageIdOf, placeOf } from './ids.ts';
import type { Outcome } from './outcome.ts';
import type { Ports } from './ports.ts';
import { afterReading, hasRead, type ReadState } from './read-state.ts';
import { type Marked, tellReads } from './tell-reads.ts';

/** What was asked for in one conversation, checked: places that exist, their entries, and no message of one's own. */
type Mark = {
  readonly head: Head;
  readonly self: Member;
  readonly entries: readonly Entry[];
  readonly seqs: readonly number[];
  readonly hasOwn: boolean;
};

const SAVE_ATTEMPTS = 20;
/** How far `upTo` may step over the reader's own messages at a time where the head does not reach back. */
const STEP = 100;

/**
 * Marks messages, of any of the caller's conversations, as read: all of them or, if one does not exist or is not the
 * caller's to see, none. The caller's own messages are ignored, unless they are to be refused; what is read already
 * stays read.
 *
 * @throws Fault `not-a-party` (which also hides whether an id exists), `not-the-receiver` of one's own message, `busy`.
 */
export async function markRead(
  ports: Ports,
  caller: Caller,
  command: CommandOf<'mark-read'>,
): Promise<Outcome<'mark-read'>> {
  const places = placesOf(command.messageIds);
  const { own = 'ignore', within } = command;
  const isElsewhere = within && [...places.keys()].some((id) => id !== conversationIdOf(caller, within));
  if (isElsewhere) throw new Fault('not-a-party');
  const marks = await Promise.all([...places].map(([id, seqs]) => check(ports, caller, id, seqs)));
  if (own === 'refuse' && marks.some(({ hasOwn }) => hasOwn)) throw new Fault('not-the-receiver');
  const now = ports.clock.now();
  const marked = await Promise.all(marks.map((mark) => save(ports, caller, mark, now)));
  return {
    reply: { messageIds: marked.flatMap(({ head, all }) => idsOf(head.conversation.id, all)) },
    ...(await tellReads(ports, caller, marked, now)),
  };
}

/**
 * Replaces a member's read state, made anew from what stands whenever another device was faster.
 *
 * @param change the state after, from the state before; the same where there is nothing to change.
 * @throws Fault `busy`, and what reading the conversation again throws.
 */
export async function saveReadState(
  ports: Ports,
  id: ConversationId,
  self: Pick<Member, 'userId' | 'read'>,
  change: (before: ReadState) => ReadState,
  readAgain: () => Promise<Pick<Member, 'read'>>,
): Promise<{ readonly before: ReadState; readonly after: ReadState }> {
  let before = self.read;
  for (let attempt = 1; attempt <= SAVE_ATTEMPTS; attempt += 1) {
    const after = change(before);
    const saved = after === before ? 'saved' : await ports.log.saveRead(id, self.userId, after);
    if (saved === 'saved') return { before, after };
    await ports.clock.sleep(ports.random() * attempt);
    before = (await readAgain()).read;
  }
  throw new Fault('busy');
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
  const seqs = [...wanted].filter((seq) => !own.has(seq));
  return { head, self, entries, seqs, hasOwn: seqs.length < wanted.size };
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
  const { head, self, entries, seqs } = mark;
  const { id } = head.conversation;
  const { before, after } = await saveReadState(
    ports,
    id,
    self,
    (read) => afterReading(read, seqs, caller.userId, entries, now),
    async () => (await check(ports, caller, id, new Set(seqs))).self,
  );
  const fresh = seqs.filter((seq) => !hasRead(before, seq));
  return { head, entries, read: after, all: seqs, fresh };
}

function idsOf(id: ConversationId, seqs: readonly number[]): readonly MessageId[] {
  return seqs.map((seq) => messageIdOf(id, seq));
}
