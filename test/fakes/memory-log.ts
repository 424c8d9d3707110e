import type { Conversation, Entry, Head, Knock, Member, Reaction } from '../../lambdas/core/conversation.ts';
import type { ConversationId, UserId } from '../../lambdas/core/ids.ts';
import type { Amendment, ConversationLog, CountedRange } from '../../lambdas/core/ports.ts';
import type { ReadState } from '../../lambdas/core/read-state.ts';
import type { Immediate } from './in-turn.ts';

/** A member's row: it outlives the membership, and so does the read state. */
export type Membership = {
  readonly member: Member;
  readonly hasLeft: boolean;
  /** Absent while no list shows the conversation. */
  readonly activeAt?: number;
};

/** Everything about one conversation. */
export type Partition = {
  conversation: Conversation;
  isWithdrawn: boolean;
  readonly memberships: Map<UserId, Membership>;
  readonly places: Map<number, Entry | Knock>;
};

export type Partitions = Map<ConversationId, Partition>;

/** @param headEntries how many entries a head holds, unless the log is shorter. */
export function memoryLog(partitions: Partitions, headEntries: number): Immediate<ConversationLog> {
  const placesOf = (id: ConversationId) => partitions.get(id)?.places ?? new Map<number, Entry | Knock>();
  return {
    head: (id) => headOf(partitions.get(id), headEntries),
    range: (id, from, to) =>
      entriesOf(placesOf(id))
        .filter(({ seq }) => seq >= from && seq <= to)
        .toReversed(),
    entriesAt: (id, seqs) => entriesOf(placesOf(id)).filter(({ seq }) => seqs.includes(seq)),
    countFromOthers: (id, userId, range) => countFromOthers(entriesOf(placesOf(id)), userId, range),
    append: (id, entry, seen) => append(placesOf(id), entry, seen),
    knock: (id, seq, knock) => knockOn(placesOf(id), seq, knock),
    amend: (id, seq, amendment) => amend(placesOf(id), seq, amendment),
    noteLate: (id, seq, until) => noteLate(placesOf(id), seq, until),
    saveRead: (id, userId, read) => saveRead(partitions.get(id), userId, read),
  };
}

function headOf(partition: Partition | undefined, headEntries: number): Head | undefined {
  if (!partition || partition.isWithdrawn) return undefined;
  const entries = entriesOf(partition.places);
  const next = partition.places.get((entries[0]?.seq ?? 0) + 1);
  return {
    conversation: partition.conversation,
    members: [...partition.memberships.values()]
      .filter(({ hasLeft }) => !hasLeft)
      .map(({ member }) => member),
    entries: entries.slice(0, headEntries),
    ...(next && !isEntry(next) && { knock: next }),
  };
}

function append(
  places: Map<number, Entry | Knock>,
  entry: Entry,
  seen: Knock | undefined,
): 'appended' | 'taken' {
  const found = places.get(entry.seq);
  if (found && isEntry(found)) return found.nonce === entry.nonce ? 'appended' : 'taken';
  if (found?.token !== seen?.token) return 'taken';
  places.set(entry.seq, entry);
  return 'appended';
}

function knockOn(places: Map<number, Entry | Knock>, seq: number, knock: Knock): 'knocked' | 'taken' {
  const found = places.get(seq);
  if (found && isEntry(found)) return 'taken';
  places.set(seq, knock);
  return 'knocked';
}

function amend(places: Map<number, Entry | Knock>, seq: number, amendment: Amendment): Entry | 'refused' {
  const entry = places.get(seq);
  if (!entry || !isEntry(entry)) return 'refused';
  const amended = amendedBy(entry, amendment);
  if (amended) places.set(seq, amended);
  return amended ?? 'refused';
}

function amendedBy(entry: Entry, amendment: Amendment): Entry | undefined {
  const isAuthor = !('by' in amendment) || entry.senderId === amendment.by;
  if (amendment.kind === 'delete') {
    const { attachments: _, ...kept } = entry;
    return isAuthor ? { ...kept, content: '', deletedAt: entry.deletedAt ?? amendment.at } : undefined;
  }
  if (entry.deletedAt !== undefined) return undefined;
  if (amendment.kind === 'edit') {
    return isAuthor ? { ...entry, content: amendment.content, editedAt: amendment.at } : undefined;
  }
  const { by: userId, emoji } = amendment;
  const { reactions = [], ...bare } = entry;
  const isIt = (one: Reaction) => one.userId === userId && one.emoji === emoji;
  const others = reactions.filter((one) => !isIt(one));
  if (amendment.kind === 'unreact') return others.length > 0 ? { ...bare, reactions: others } : bare;
  return { ...bare, reactions: [...others, reactions.find(isIt) ?? { userId, emoji, at: amendment.at }] };
}

function noteLate(places: Map<number, Entry | Knock>, seq: number, until: number): void {
  const entry = places.get(seq);
  if (entry && isEntry(entry))
    places.set(seq, { ...entry, lateUntil: Math.max(entry.lateUntil ?? 0, until) });
}

function saveRead(partition: Partition | undefined, userId: UserId, read: ReadState): 'saved' | 'stale' {
  const membership = partition?.memberships.get(userId);
  if (!partition || !membership) return 'stale';
  const standing = membership.member.read;
  if (JSON.stringify(standing) === JSON.stringify(read)) return 'saved';
  if (standing.version !== read.version - 1) return 'stale';
  partition.memberships.set(userId, { ...membership, member: { ...membership.member, read } });
  return 'saved';
}

function countFromOthers(
  entries: readonly Entry[],
  userId: UserId,
  { from, to, except }: CountedRange,
): number {
  return entries.filter(
    ({ seq, senderId }) => seq >= from && seq <= to && senderId !== userId && !except.includes(seq),
  ).length;
}

/** Newest first. */
function entriesOf(places: ReadonlyMap<number, Entry | Knock>): readonly Entry[] {
  return [...places.values()].filter(isEntry).sort((a, b) => b.seq - a.seq);
}

function isEntry(place: Entry | Knock): place is Entry {
  return 'nonce' in place;
}
