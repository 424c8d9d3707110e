import type { Device } from '../core/connection.ts';
import type { ConversationId } from '../core/ids.ts';
import type { Signal } from '../core/signals.ts';

/** The conversations that a signal is about. */
export function conversationsIn(signal: Signal): ReadonlySet<ConversationId> {
  switch (signal.kind) {
    case 'message-published':
    case 'message-edited':
    case 'message-deleted':
    case 'message-reacted':
      return new Set([signal.message.conversation.id]);
    case 'messages-read':
      return new Set(signal.reads.map((read) => read.conversationId));
    case 'typing':
    case 'conversation-updated':
      return new Set([signal.conversation.id]);
    case 'custom-event':
      return new Set(signal.conversationId === undefined ? [] : [signal.conversationId]);
    default:
      return new Set();
  }
}

/** A device without the rooms that do not matter to a signal: a message on the queue has room for 256 KB. */
export function forQueue(device: Device, conversations: ReadonlySet<ConversationId>): Device {
  const { told = {}, ...rest } = device;
  const matters = Object.entries(told).filter(([id]) => conversations.has(id));
  return {
    ...rest,
    joined: device.joined.filter((id) => conversations.has(id)),
    joinedAfter: {},
    ...(matters.length > 0 && { told: Object.fromEntries(matters) }),
  };
}
