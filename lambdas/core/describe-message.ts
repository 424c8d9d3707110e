import type { Caller } from './connection.ts';
import type { Conversation, Entry, Head, Member, Message, Person } from './conversation.ts';
import type { Profile } from './directory.ts';
import { messageIdOf, type UserId } from './ids.ts';
import { hasRead } from './read-state.ts';

/** A message as it is told, from its entry. It counts as read once anybody but its sender has read it. */
export function describeMessage(
  head: Pick<Head, 'conversation' | 'members'>,
  entry: Entry,
  sender: Person,
): Message {
  return {
    id: messageIdOf(head.conversation.id, entry.seq),
    conversation: head.conversation satisfies Conversation,
    seq: entry.seq,
    sender,
    role: entry.role,
    content: entry.content,
    createdAt: entry.createdAt,
    isRead: head.members.some((member) => isReader(member, entry)),
    ...(entry.clientMessageId !== undefined && { clientMessageId: entry.clientMessageId }),
  };
}

/** What the others in a conversation may see of someone: taking part together makes people contacts. */
export function personOf(source: Caller | Profile): Person {
  return {
    userId: source.userId,
    name: source.name,
    ...(source.email !== undefined && { email: source.email }),
  };
}

/** Finds people by id; one who is forgotten keeps their place, without a name of their own. */
export function peopleBy(profiles: readonly Profile[]): (userId: UserId) => Person {
  const byId = new Map(profiles.map((profile) => [profile.userId, personOf(profile)]));
  return (userId) => byId.get(userId) ?? { userId, name: 'Unknown user' };
}

function isReader(member: Member, entry: Entry): boolean {
  return member.userId !== entry.senderId && hasRead(member.read, entry.seq);
}
