import type { Device } from './connection.ts';
import type { Conversation, Message, Person } from './conversation.ts';
import type { ConnectionId, ConversationId, MessageId, UserId } from './ids.ts';

/**
 * Something that happened, told to users in the words of each device's dialect. Plain JSON: a signal may continue its
 * way on the task queue.
 */
export type Signal =
  | { readonly kind: 'message-published'; readonly message: Message }
  | {
      readonly kind: 'messages-read';
      readonly readerId: UserId;
      readonly readAt: number;
      /** Only what the addressed users may know of. */
      readonly reads: readonly {
        readonly conversationId: ConversationId;
        readonly messageIds: readonly MessageId[];
      }[];
    }
  | {
      readonly kind: 'typing';
      readonly conversation: Conversation;
      readonly person: Person;
      readonly isTyping: boolean;
    };

export type SignalOf<K extends Signal['kind']> = Extract<Signal, { readonly kind: K }>;

/** A signal and the users it is for; which of their devices hear of it, and how, is their dialect's matter. */
export type Delivery = {
  readonly signal: Signal;
  readonly users: readonly UserId[];
  /** The users' devices, where the verb has read them already. */
  readonly devices?: readonly Device[];
  /** Pushed no sooner, in ms since the epoch: what was said just before is still on its way. */
  readonly notBefore?: number;
};

/** Whom a dialect renders for. */
export type Viewer = {
  readonly userId: UserId;
  readonly connectionId: ConnectionId;
  /** Whether the device has joined a room: by conversation. */
  readonly hasJoined: (conversationId: ConversationId) => boolean;
};
