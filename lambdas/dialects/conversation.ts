import type { Fault } from '../core/fault.ts';
import type { SignalOf } from '../core/signals.ts';
import { conversationEvents } from './conversation-events.ts';
import { conversationMessage, reactionsOf, statusPayload } from './conversation-payload.ts';
import { authenticationError, type Dialect, outbound, plainRefusal, type Refusal } from './dialect.ts';
import {
  inRoom,
  isoTime,
  messageNotification,
  notificationRows,
  platformRows,
  seesPresence,
  silence,
} from './shared-signals.ts';

/** The conversation rooms of conversation.md: a device joins a conversation and hears what happens in it. */

export const conversation = {
  name: 'conversation',
  events: conversationEvents,
  signals: {
    'message-published': ({ message }, viewer) =>
      viewer.hasJoined(message.conversation.id)
        ? [outbound('message:new', conversationMessage(message))]
        : messageNotification(message, viewer),
    // The reader's own devices learn of it wherever they are; the others', where they have joined.
    'messages-read': ({ reader: { userId }, readAt, reads }, viewer) =>
      reads
        .filter((one) => viewer.userId === userId || viewer.hasJoined(one.conversationId))
        .map(({ conversationId, messageIds }) =>
          outbound('messages:read', { conversationId, messageIds, userId, readAt: isoTime(readAt) }),
        ),
    'message-edited': ({ message }, viewer) =>
      inRoom(viewer, message.conversation, outbound('message:updated', conversationMessage(message))),
    'message-deleted': ({ message: { id, conversation: room } }, viewer) =>
      inRoom(viewer, room, outbound('message:deleted', { conversationId: room.id, messageId: id })),
    'message-reacted': (signal, viewer) =>
      inRoom(viewer, signal.message.conversation, outbound('message:reaction', reactionPayload(signal))),
    typing: ({ conversation: room, person, isTyping }, viewer) =>
      inRoom(
        viewer,
        room,
        outbound(isTyping ? 'typing:start' : 'typing:stop', {
          conversationId: room.id,
          userId: person.userId,
        }),
      ),
    'presence-changed': (signal, viewer) => {
      const { person, isOnline } = signal;
      if (!seesPresence(signal, viewer)) return [];
      return [outbound('user:status-changed', statusPayload({ userId: person.userId, isOnline }))];
    },
    // conversation.md has no word for it.
    'conversation-updated': silence,
    ...notificationRows,
    ...platformRows,
  },
  message: conversationMessage,
  presenceScope: () => 'contacts',
  admitsLateTokens: false,
  connectError: authenticationError,
  refusal: refusalOf,
  hears: 'some',
  emits: [
    'message:new',
    'messages:read',
    'message:updated',
    'message:deleted',
    'message:reaction',
    'typing:start',
    'typing:stop',
    'user:status-changed',
    'notification:new',
    'notification:read',
    'notifications:read-all',
    'admin_broadcast',
    'error',
  ],
} as const satisfies Dialect;

function reactionPayload({ message, userId, emoji, isSet }: SignalOf<'message-reacted'>) {
  return {
    conversationId: message.conversation.id,
    messageId: message.id,
    ...{ userId, emoji },
    action: isSet ? 'added' : 'removed',
    reactions: reactionsOf(message),
  } as const;
}

const ABOUT_A_MESSAGE: ReadonlySet<string | undefined> = new Set([
  'message:edit',
  'message:delete',
  'message:react',
]);

/**
 * Nobody learns whether a conversation, or a message in it, that is not theirs exists: the document has no word for
 * either, so there is one for both (RULINGS §1 “Not existing and not allowed”).
 */
function refusalOf(fault: Fault, asked: string | undefined): Refusal {
  if (asked === 'authenticate') return plainRefusal(fault);
  switch (fault.reason) {
    case 'not-a-party':
      return MESSAGE_NOT_FOUND;
    case 'conversation-not-found':
    case 'not-a-participant':
      return ABOUT_A_MESSAGE.has(asked) ? MESSAGE_NOT_FOUND : CONVERSATION_NOT_FOUND;
    default:
      return plainRefusal(fault);
  }
}

const MESSAGE_NOT_FOUND: Refusal = { code: 'NOT_FOUND', message: 'Message not found' };
const CONVERSATION_NOT_FOUND: Refusal = { code: 'NOT_FOUND', message: 'Conversation not found' };
