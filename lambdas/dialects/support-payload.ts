import type { Conversation, Message, Person } from '../core/conversation.ts';
import type { UserId } from '../core/ids.ts';
import type { Participant, Summary } from '../core/list-conversations.ts';
import { actorId, isoTime } from './shared-signals.ts';

/** Messages and conversations in the shapes of support.md “Database Schema”, for its events and its routes alike. */

/** Who speaks: the two roles that support.md knows, and the platform itself. */
const ROLES: Readonly<Record<Message['role'], 'customer' | 'admin' | 'system'>> = {
  client: 'customer',
  member: 'customer',
  business: 'admin',
  admin: 'admin',
  system: 'system',
};

/** Whether somebody is online, and when they last were (ms), as far as the viewer may know. */
export type Standing = { readonly isOnline: boolean; readonly lastSeen?: number };

/** A message as the Messages Collection has it; `sender` is embedded, what there is not is `null`. */
export function supportMessage(message: Message) {
  const { conversation, sender, createdAt, editedAt, deletedAt } = message;
  return {
    _id: message.id,
    conversation: conversation.id,
    sender: { ...personPayload(sender), role: ROLES[message.role] },
    content: message.content,
    messageType: message.type,
    attachments: message.attachments,
    readBy: message.readBy.map(({ userId, readAt }) => ({ user: userId, readAt: isoTime(readAt) })),
    replyTo: message.replyTo ?? null,
    reactions: supportReactions(message),
    isDeleted: deletedAt !== undefined,
    deletedAt: timeOrNull(deletedAt),
    isEdited: editedAt !== undefined,
    editedAt: timeOrNull(editedAt),
    createdAt: isoTime(createdAt),
    updatedAt: isoTime(deletedAt ?? editedAt ?? createdAt),
    ...(message.clientMessageId !== undefined && { clientMessageId: message.clientMessageId }),
  };
}

/** All reactions on a message, oldest first. */
export function supportReactions({ reactions }: Message) {
  return reactions.map(({ userId, emoji, at }) => ({ user: userId, emoji, createdAt: isoTime(at) }));
}

/** What was said last, as the Conversations Collection keeps it. */
export function supportLastMessage({ id, content, sender, type, createdAt }: Message) {
  return {
    _id: id,
    content,
    sender: actorId(sender.userId),
    messageType: type,
    timestamp: isoTime(createdAt),
  };
}

/**
 * A conversation as the Conversations Collection has it. `unreadCounts` holds what the viewer has not read, and
 * `unreadCount` says the same; `lastSeen` and `isOnline` are there where they are known.
 */
export function supportConversation(
  { conversation, members, lastMessage, unreadCount, updatedAt }: Summary,
  viewer: UserId,
  standings: ReadonlyMap<UserId, Standing> = new Map(),
) {
  return {
    ...conversationPayload(conversation),
    participants: members.map((member) => participantPayload(member, standings.get(member.person.userId))),
    lastMessage: lastMessage ? supportLastMessage(lastMessage) : null,
    unreadCounts: { [viewer]: unreadCount },
    unreadCount,
    createdAt: isoTime(conversation.createdAt),
    updatedAt: isoTime(updatedAt),
  };
}

function conversationPayload(conversation: Conversation) {
  const { id, title = null, status = 'active' } = conversation;
  return {
    _id: id,
    relatedBooking: conversation.kind === 'booking' ? conversation.bookingId : null,
    title,
    status,
  };
}

function participantPayload({ person, role, joinedAt }: Participant, standing: Standing | undefined) {
  return {
    user: personPayload(person),
    role: ROLES[role],
    joinedAt: isoTime(joinedAt),
    lastSeen: timeOrNull(standing?.lastSeen),
    isOnline: standing?.isOnline ?? false,
  };
}

function personPayload({ userId, name, email }: Person) {
  return { _id: actorId(userId), name, ...(email !== undefined && { email }) };
}

function timeOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : isoTime(ms);
}
