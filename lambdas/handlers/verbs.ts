import { deleteMessage, editMessage, reactToMessage } from '../core/amend-message.ts';
import { broadcastMessage } from '../core/broadcast-message.ts';
import { browseHistory } from '../core/browse-history.ts';
import { changeConversation } from '../core/change-conversation.ts';
import { joinConversation } from '../core/join-conversation.ts';
import { leaveConversation } from '../core/leave-conversation.ts';
import { markConversationRead } from '../core/mark-conversation-read.ts';
import { markRead } from '../core/mark-read.ts';
import { publishMessage } from '../core/publish-message.ts';
import { readAllNotifications, readNotification } from '../core/read-notifications.ts';
import { listOnline, readPresence } from '../core/read-presence.ts';
import { setTyping } from '../core/set-typing.ts';
import { totalUnread } from '../core/total-unread.ts';
import type { CountingVerbs } from './counting-along.ts';
import type { Abilities } from './serve-event.ts';

/** Every verb of the dialects, for functions that serve any of their events. */
export const VERBS: Required<Omit<Abilities['verbs'], keyof CountingVerbs>> = {
  'publish-message': publishMessage,
  'edit-message': editMessage,
  'delete-message': deleteMessage,
  'react-to-message': reactToMessage,
  'join-conversation': joinConversation,
  'leave-conversation': leaveConversation,
  'change-conversation': changeConversation,
  'mark-read': markRead,
  'mark-conversation-read': markConversationRead,
  'set-typing': setTyping,
  'read-history': browseHistory,
  'count-unread': totalUnread,
  'read-notification': readNotification,
  'read-all-notifications': readAllNotifications,
  'read-presence': readPresence,
  'list-online': listOnline,
  'broadcast-message': broadcastMessage,
};
