import * as z from 'zod/mini';
import { conversationMessage, reactionsOf, statusPayload } from './conversation-payload.ts';
import { event } from './dialect.ts';
import { messageFields, messageForm } from './message-fields.ts';
import { content, emoji, flag, id, idOrObject, messageIds, OBJECT, userIds } from './payload.ts';
import { joinRoom, leaveRoom, typingInRoom } from './room-events.ts';
import { inboxEvents } from './shared-events.ts';

const messageId = idOrObject('messageId', 'message');

const send = z.object({ conversationId: id, ...messageFields }, { error: OBJECT });
const edit = z.object({ messageId: id, content }, { error: OBJECT });
const react = z.object({ messageId: id, emoji, remove: z.optional(flag) }, { error: OBJECT });
const read = z.object({ conversationId: id, messageIds: z.optional(messageIds) }, { error: OBJECT });

/** What a device may ask for in the words of conversation.md and RULINGS §2 “conversation”. */
export const conversationEvents = {
  'join:conversation': joinRoom,
  'leave:conversation': leaveRoom,
  'typing:start': typingInRoom(true),
  'typing:stop': typingInRoom(false),
  'message:send': event(send, ({ conversationId, ...fields }) => ({
    verb: 'publish-message',
    command: { to: { conversationId }, ...messageForm(fields) },
    acknowledge: ({ message }) => ({ ok: true, message: conversationMessage(message) }),
  })),
  'message:edit': event(edit, (command) => ({
    verb: 'edit-message',
    command,
    acknowledge: ({ message }) => ({ ok: true, message: conversationMessage(message) }),
  })),
  'message:delete': event(messageId, (deleted) => ({
    verb: 'delete-message',
    command: { messageId: deleted },
    acknowledge: () => ({ ok: true, messageId: deleted }),
  })),
  'message:react': event(react, ({ remove = false, ...command }) => ({
    verb: 'react-to-message',
    command: { ...command, isSet: !remove },
    acknowledge: ({ message }) => ({ ok: true, messageId: message.id, reactions: reactionsOf(message) }),
  })),
  'messages:read': event(read, readRequest),
  'conversation:get-online-users': event(idOrObject('conversationId', 'conversation'), (conversationId) => ({
    verb: 'list-online',
    command: { to: { conversationId } },
    acknowledge: ({ userIds: online }) => online,
  })),
  'user:get-status': event(idOrObject('userId', 'user'), (userId) => ({
    verb: 'read-presence',
    command: { userIds: [userId] },
    acknowledge: ({ statuses: [status] }) => statusPayload(status ?? { userId, isOnline: false }),
  })),
  'users:get-status': event(userIds, (asked) => ({
    verb: 'read-presence',
    command: { userIds: asked },
    acknowledge: ({ statuses }) => statuses.map(statusPayload),
  })),
  ...inboxEvents,
};

/** Without ids it is the whole conversation that was read. */
function readRequest({ conversationId, messageIds: named }: z.output<typeof read>) {
  const to = { conversationId };
  const acknowledge = (reply: { readonly messageIds: readonly string[] }) =>
    ({ ok: true, conversationId, messageIds: reply.messageIds }) as const;
  if (!named) return { verb: 'mark-conversation-read', command: { to }, acknowledge } as const;
  return { verb: 'mark-read', command: { messageIds: named, within: to }, acknowledge } as const;
}
