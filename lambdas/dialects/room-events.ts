import { event } from './dialect.ts';
import { idOrObject } from './payload.ts';

/** What devices ask for in dialects whose rooms are conversations, each named by its own id. */

const conversationId = idOrObject('conversationId', 'conversation');

export const joinRoom = event(conversationId, (id) => ({
  verb: 'join-conversation',
  command: { to: { conversationId: id } },
  acknowledge: () => ({ ok: true, conversationId: id }),
}));

export const leaveRoom = event(conversationId, (id) => ({
  verb: 'leave-conversation',
  command: { to: { conversationId: id } },
  acknowledge: () => ({ ok: true, conversationId: id }),
}));

/** The event by which somebody begins to type, or stops. */
export function typingInRoom(isTyping: boolean) {
  return event(conversationId, (id) => ({
    verb: 'set-typing',
    command: { to: { conversationId: id }, isTyping },
    acknowledge: () => ({ ok: true }),
  }));
}
