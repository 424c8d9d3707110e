import * as z from 'zod/mini';
import type { Conversation, Message, Person } from '../core/conversation.ts';
import type { Fault } from '../core/fault.ts';
import type { UserId } from '../core/ids.ts';
import type { Read, SignalOf, Viewer } from '../core/signals.ts';
import { authenticationError, type Dialect, event, outbound, plainRefusal, type Refusal } from './dialect.ts';
import { messageFields, messageForm } from './message-fields.ts';
import { content, id, OBJECT } from './payload.ts';
import { joinRoom, leaveRoom, typingInRoom } from './room-events.ts';
import { inboxEvents } from './shared-events.ts';
import { actorId, inRoom, isoTime, notificationRows, platformRows, seesPresence } from './shared-signals.ts';
import { supportLastMessage, supportMessage, supportReactions } from './support-payload.ts';

/** The support desk of support.md: customers ↔ admins, in conversations that frontends show as a list. */

const sendMessage = z.object({ conversationId: id, ...messageFields }, { error: OBJECT });

const broadcast = z.object({ message: content }, { error: OBJECT });

export const support = {
  name: 'support',
  events: {
    join_conversation: joinRoom,
    leave_conversation: leaveRoom,
    typing_start: typingInRoom(true),
    typing_stop: typingInRoom(false),
    send_message: event(sendMessage, ({ conversationId, ...fields }) => ({
      verb: 'publish-message',
      command: { to: { conversationId }, ...messageForm(fields) },
      acknowledge: ({ message }) => ({ ok: true, message: supportMessage(message) }),
    })),
    admin_broadcast: event(broadcast, (command) => ({
      verb: 'broadcast-message',
      command,
      acknowledge: () => ({ ok: true }),
    })),
    ...inboxEvents,
  },
  signals: {
    'message-published': ({ message }, viewer) => [
      ...inRoom(viewer, message.conversation, outbound('new_message', told(message))),
      ...receipt(message, viewer),
    ],
    'message-edited': ({ message }, viewer) =>
      inRoom(viewer, message.conversation, outbound('message_updated', told(message))),
    'message-deleted': (signal, viewer) =>
      inRoom(viewer, signal.message.conversation, outbound('message_deleted', deletionPayload(signal))),
    'message-reacted': (signal, viewer) =>
      inRoom(viewer, signal.message.conversation, outbound('message_reaction', reactionPayload(signal))),
    // The reader's own devices hear how the conversation stands now.
    'messages-read': ({ reader, reads, readAt }, viewer) =>
      viewer.userId === reader.userId ? [] : reads.map((read) => readEvent(read, reader.userId, readAt)),
    typing: ({ conversation, person, isTyping }, viewer) =>
      inRoom(viewer, conversation, outbound('user_typing', typingPayload(conversation, person, isTyping))),
    'conversation-updated': (signal, { userId }) => [
      outbound('conversation_updated', updatePayload(signal, userId)),
    ],
    'presence-changed': (signal, viewer) => {
      const { person, isOnline, at } = signal;
      if (!seesPresence(signal, viewer)) return [];
      const payload = { userId: person.userId, userName: person.name, timestamp: isoTime(at) };
      return [outbound(isOnline ? 'user_online' : 'user_offline', payload)];
    },
    ...notificationRows,
    ...platformRows,
  },
  message: supportMessage,
  presenceScope: (role) => (role === 'admin' ? 'everyone' : 'contacts'),
  // `authenticate` is one of the document’s connection events.
  admitsLateTokens: true,
  connectError: authenticationError,
  refusal: refusalOf,
  hears: 'some',
  emits: [
    'new_message',
    'message_sent',
    'messages_read',
    'message_updated',
    'message_deleted',
    'message_reaction',
    'conversation_updated',
    'user_typing',
    'user_online',
    'user_offline',
    'notification:new',
    'notification:read',
    'notifications:read-all',
    'admin_broadcast',
    'error',
  ],
} as const satisfies Dialect;

function told(message: Message) {
  return { conversationId: message.conversation.id, message: supportMessage(message) };
}

/** Every device of the sender learns that the message was taken, joined or not. */
function receipt(message: Message, { userId }: Viewer) {
  if (userId !== message.sender.userId) return [];
  return [outbound('message_sent', { success: true, message: supportMessage(message) })];
}

function deletionPayload({ message, deletedBy }: SignalOf<'message-deleted'>) {
  return {
    conversationId: message.conversation.id,
    messageId: message.id,
    deletedBy: actorId(deletedBy),
    deletedAt: isoTime(message.deletedAt ?? message.createdAt),
  };
}

function reactionPayload({ message, userId, emoji, isSet }: SignalOf<'message-reacted'>) {
  return {
    conversationId: message.conversation.id,
    messageId: message.id,
    ...{ userId, emoji },
    action: isSet ? 'added' : 'removed',
    reactions: supportReactions(message),
  } as const;
}

function readEvent({ conversationId, messageIds }: Read, userId: UserId, readAt: number) {
  return outbound('messages_read', { conversationId, userId, messageIds, readAt: isoTime(readAt) });
}

function typingPayload({ id }: Conversation, { userId, name }: Person, isTyping: boolean) {
  return { conversationId: id, userId, userName: name, isTyping };
}

function updatePayload(
  { conversation, lastMessage, unread, updatedAt }: SignalOf<'conversation-updated'>,
  viewer: UserId,
) {
  const { id: conversationId, status = 'active', title } = conversation;
  return {
    conversationId,
    lastMessage: lastMessage ? supportLastMessage(lastMessage) : null,
    unreadCount: unread[viewer] ?? 0,
    status,
    ...(title !== undefined && { title }),
    updatedAt: isoTime(updatedAt),
  };
}

/** Absent and forbidden may be told apart (support.md “Error Handling”: 404, 403). */
function refusalOf(fault: Fault, asked: string | undefined): Refusal {
  const isForbidden = fault.reason === 'not-a-party' && asked !== 'authenticate';
  return isForbidden ? { code: fault.code, message: 'Access denied' } : plainRefusal(fault);
}
