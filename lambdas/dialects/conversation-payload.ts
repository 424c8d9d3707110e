import type { Conversation, Message, Person } from '../core/conversation.ts';
import type { Status } from '../core/presence.ts';
import { actorId, isoTime } from './shared-signals.ts';

/** A message as conversation.md shows it, whole, for events and routes alike. What there is not is `null`. */
export function conversationMessage(message: Message) {
  const { conversation, sender, createdAt, editedAt, deletedAt } = message;
  return {
    id: message.id,
    conversationId: conversation.id,
    senderId: actorId(sender.userId),
    sender: senderPayload(sender),
    content: message.content,
    messageType: message.type,
    attachments: message.attachments,
    replyTo: message.replyTo ?? null,
    reactions: reactionsOf(message),
    isRead: message.isRead,
    readBy: message.readBy.map(({ userId, readAt }) => ({ userId, readAt: isoTime(readAt) })),
    isEdited: editedAt !== undefined,
    isDeleted: deletedAt !== undefined,
    createdAt: isoTime(createdAt),
    updatedAt: isoTime(deletedAt ?? editedAt ?? createdAt),
    ...(message.clientMessageId !== undefined && { clientMessageId: message.clientMessageId }),
  };
}

/** A conversation as the server API shows it. */
export function conversationPayload(conversation: Conversation) {
  const { id, kind, title, status = 'active', createdAt } = conversation;
  return {
    ...{ id, kind },
    ...(conversation.kind === 'booking' && { bookingId: conversation.bookingId }),
    ...(title !== undefined && { title }),
    status,
    createdAt: isoTime(createdAt),
  };
}

/** All reactions on a message, oldest first. */
export function reactionsOf({ reactions }: Message) {
  return reactions.map(({ userId, emoji, at }) => ({ userId, emoji, createdAt: isoTime(at) }));
}

/** Whether somebody is there, as far as the viewer may know. */
export function statusPayload({ userId, isOnline }: Pick<Status, 'userId' | 'isOnline'>) {
  return { userId, status: isOnline ? 'online' : 'offline' } as const;
}

function senderPayload({ userId, name, email }: Person) {
  return { id: actorId(userId), name, ...(email !== undefined && { email }) };
}
