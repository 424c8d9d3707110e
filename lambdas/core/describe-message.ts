import type { Caller } from './connection.ts';
import {
  counterpartOf,
  type Entry,
  type Head,
  type Member,
  type Message,
  type Person,
} from './conversation.ts';
import type { Profile } from './directory.ts';
import { messageIdOf, SYSTEM, type UserId } from './ids.ts';
import type { Ports } from './ports.ts';
import { hasRead, readAt } from './read-state.ts';

/** A message as it is told, from its entry. It counts as read once anybody but its sender has read it. */
export function describeMessage(
  head: Pick<Head, 'conversation' | 'members'>,
  entry: Entry,
  personBy: (userId: UserId) => Person,
): Message {
  const { conversation } = head;
  const { seq, role, type = 'text', content, attachments = [], replyTo, reactions = [] } = entry;
  const counterpart = counterpartOf(head, entry.senderId);
  const readers = head.members.filter((member) => isReader(member, entry));
  return {
    id: messageIdOf(conversation.id, seq),
    ...{ conversation, seq, role, type, content, attachments, reactions },
    sender: personBy(entry.senderId),
    createdAt: entry.createdAt,
    isRead: readers.length > 0,
    readBy: readers.map(({ userId, read }) => ({ userId, readAt: readAt(read, seq) })),
    ...(counterpart && { counterpart: personBy(counterpart.userId) }),
    ...(replyTo !== undefined && { replyTo: messageIdOf(conversation.id, replyTo) }),
    ...(entry.editedAt !== undefined && { editedAt: entry.editedAt }),
    ...(entry.deletedAt !== undefined && { deletedAt: entry.deletedAt }),
    ...(entry.clientMessageId !== undefined && { clientMessageId: entry.clientMessageId }),
  };
}

/** The same for whoever may see it. That a name cannot be read is no reason to fail what is done. */
export async function describeEntry(ports: Ports, head: Head, entry: Entry): Promise<Message> {
  const profiles = await ports.directory.profiles(peopleIn(head, [entry])).catch(() => []);
  return describeMessage(head, entry, peopleBy(profiles));
}

/** The users whose names it takes to describe these messages. */
export function peopleIn(head: Pick<Head, 'conversation' | 'members'>, entries: readonly Entry[]): UserId[] {
  const senders = new Set(entries.map(({ senderId }) => senderId));
  const counterparts = [...senders].flatMap((userId) => counterpartOf(head, userId)?.userId ?? []);
  senders.delete(SYSTEM);
  return [...new Set([...senders, ...counterparts])];
}

/** What the others in a conversation may see of someone: taking part together makes people contacts. */
export function personOf(source: Caller | Profile): Person {
  return {
    userId: source.userId,
    name: source.name,
    ...(source.email !== undefined && { email: source.email }),
  };
}

const PLATFORM: Person = { userId: SYSTEM, name: 'System' };

/** Finds people by id; one who is forgotten keeps their place, without a name of their own. */
export function peopleBy(profiles: readonly (Caller | Profile)[]): (userId: UserId) => Person {
  const byId = new Map(profiles.map((profile) => [profile.userId, personOf(profile)]));
  byId.set(SYSTEM, PLATFORM);
  return (userId) => byId.get(userId) ?? { userId, name: 'Unknown user' };
}

function isReader(member: Member, entry: Entry): boolean {
  return member.userId !== entry.senderId && hasRead(member.read, entry.seq);
}
