import {
  allNotificationsRead,
  comesOnline,
  goesOffline,
  notificationRead,
  notified,
} from './shared-speech.ts';
import { conversationIn, given, type SaidIn, type Speech, stored, type Told } from './speech.ts';
import type { SupportEvents, SupportMessage, SupportReaction } from './support-types.ts';
import type { EventName } from './vocabularies.ts';

/** The support dialect, as the stores speak it. */

/** A message as support.md shows it. */
function message(told: SupportMessage) {
  const { _id: id, sender, content, createdAt, attachments } = told;
  const readBy = told.readBy.map(({ user, readAt }) => ({ userId: user, readAt }));
  return stored({
    ...{ id, content, createdAt, attachments, readBy },
    isRead: readBy.length > 0,
    reactions: reactionsOf(told.reactions),
    sender: { userId: sender._id, name: sender.name },
    ...given('replyTo', told.replyTo),
    ...given('editedAt', told.editedAt),
    ...given('deletedAt', told.deletedAt),
    ...given('clientMessageId', told.clientMessageId),
  });
}

function reactionsOf(reactions: readonly SupportReaction[]) {
  return reactions.map(({ user, emoji }) => ({ userId: user, emoji }));
}

const events: { readonly [K in EventName<'support'>]?: (payload: SupportEvents[K]) => readonly Told[] } = {
  new_message: (told) => [{ kind: 'message', message: message(told.message) }],
  message_sent: (told) => [{ kind: 'message', message: message(told.message) }],
  message_updated: (told) => [{ kind: 'edited', message: message(told.message) }],
  message_deleted: ({ messageId, deletedAt }) => [{ kind: 'deleted', messageId, at: deletedAt }],
  message_reaction: ({ messageId, reactions }) => [
    { kind: 'reacted', messageId, reactions: reactionsOf(reactions) },
  ],
  messages_read: ({ messageIds, userId, readAt }) => [{ kind: 'read', messageIds, by: userId, at: readAt }],
  user_typing: ({ conversationId, userId, isTyping }) => [
    { kind: 'typing', room: { conversationId }, userId, isTyping },
  ],
  conversation_updated: ({ lastMessage: _, ...summary }) => [{ kind: 'summary', ...summary }],
  user_online: comesOnline,
  user_offline: goesOffline,
  'notification:new': notified,
  'notification:read': notificationRead,
  'notifications:read-all': allNotificationsRead,
};

export const support: Speech<SaidIn<'support'>> = {
  name: 'support',
  events,
  message,
  isRich: true,
  enter: (room) => ({ action: 'join_conversation', payload: conversationIn(room) }),
  leave: (room) => ({ action: 'leave_conversation', payload: conversationIn(room) }),
  send: (room, draft, clientMessageId) => ({
    action: 'send_message',
    payload: { conversationId: conversationIn(room), ...draft, clientMessageId },
  }),
  type: (room, isTyping) => ({
    action: isTyping ? 'typing_start' : 'typing_stop',
    payload: conversationIn(room),
  }),
};
