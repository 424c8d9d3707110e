import type { ConversationEvents, ConversationMessage, UserStatus } from './conversation-types.ts';
import { allNotificationsRead, notificationRead, notified } from './shared-speech.ts';
import { conversationIn, given, type SaidIn, type Speech, stored, type Told } from './speech.ts';
import type { EventName } from './vocabularies.ts';

/** The conversation dialect, as the stores speak it. */

function message(told: ConversationMessage) {
  const { id, sender, content, createdAt, updatedAt, isRead, readBy, attachments, reactions } = told;
  return stored({
    ...{ id, content, createdAt, isRead, readBy, attachments, reactions },
    sender: { userId: sender.id, name: sender.name },
    ...given('replyTo', told.replyTo),
    ...given('editedAt', told.isEdited ? updatedAt : undefined),
    ...given('deletedAt', told.isDeleted ? updatedAt : undefined),
    ...given('clientMessageId', told.clientMessageId),
  });
}

function presence({ userId, status }: UserStatus): Told {
  return { kind: 'presence', userId, isOnline: status === 'online' };
}

const events: {
  readonly [K in EventName<'conversation'>]?: (payload: ConversationEvents[K]) => readonly Told[];
} = {
  'message:new': (told) => [{ kind: 'message', message: message(told) }],
  'message:updated': (told) => [{ kind: 'edited', message: message(told) }],
  'message:deleted': ({ messageId }) => [{ kind: 'deleted', messageId }],
  'message:reaction': ({ messageId, reactions }) => [{ kind: 'reacted', messageId, reactions }],
  'messages:read': ({ messageIds, userId, readAt }) => [{ kind: 'read', messageIds, by: userId, at: readAt }],
  'typing:start': ({ conversationId, userId }) => [
    { kind: 'typing', room: { conversationId }, userId, isTyping: true },
  ],
  'typing:stop': ({ conversationId, userId }) => [
    { kind: 'typing', room: { conversationId }, userId, isTyping: false },
  ],
  'user:status-changed': (status) => [presence(status)],
  'notification:new': notified,
  'notification:read': notificationRead,
  'notifications:read-all': allNotificationsRead,
};

export const conversation: Speech<SaidIn<'conversation'>> = {
  name: 'conversation',
  events,
  message,
  isRich: true,
  enter: (room) => ({ action: 'join:conversation', payload: conversationIn(room) }),
  leave: (room) => ({ action: 'leave:conversation', payload: conversationIn(room) }),
  send: (room, draft, clientMessageId) => ({
    action: 'message:send',
    payload: { conversationId: conversationIn(room), ...draft, clientMessageId },
  }),
  type: (room, isTyping) => ({
    action: isTyping ? 'typing:start' : 'typing:stop',
    payload: conversationIn(room),
  }),
  read: (room, messageIds) => [
    { action: 'messages:read', payload: { conversationId: conversationIn(room), messageIds } },
  ],
  edit: (messageId, content) => ({ action: 'message:edit', payload: { messageId, content } }),
  remove: (messageId) => ({ action: 'message:delete', payload: messageId }),
  react: (messageId, emoji, isSet) => ({
    action: 'message:react',
    payload: { messageId, emoji, remove: !isSet },
  }),
  presence: {
    ask: (userIds) => ({ action: 'users:get-status', payload: userIds }),
    told: (statuses: readonly UserStatus[]) => statuses.map(presence),
  },
};
