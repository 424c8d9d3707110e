import type { Device } from './connection.ts';
import type { Conversation, Message, Person } from './conversation.ts';
import type { ConnectionId, ConversationId, MessageId, NotificationId, UserId } from './ids.ts';
import type { Notification } from './notification.ts';

/**
 * Something that happened, told to users in the words of each device's dialect. Plain JSON: a signal may continue its
 * way on the task queue. Times are ms since the epoch.
 */
export type Signal =
  | {
      readonly kind: 'message-published';
      readonly message: Message;
      /** The device that sent it, where that is not to be told of it. */
      readonly by?: ConnectionId;
    }
  | { readonly kind: 'message-edited'; readonly message: Message }
  | { readonly kind: 'message-deleted'; readonly message: Message; readonly deletedBy: UserId }
  | {
      readonly kind: 'message-reacted';
      readonly message: Message;
      readonly userId: UserId;
      readonly emoji: string;
      readonly isSet: boolean;
      readonly at: number;
    }
  | {
      readonly kind: 'messages-read';
      readonly reader: Person;
      readonly readAt: number;
      /** Only what the addressed users may know of. */
      readonly reads: readonly Read[];
      /** The device where that happened. */
      readonly by?: ConnectionId;
    }
  | {
      readonly kind: 'typing';
      readonly conversation: Conversation;
      readonly person: Person;
      readonly isTyping: boolean;
    }
  | {
      readonly kind: 'conversation-updated';
      readonly conversation: Conversation;
      readonly lastMessage?: Message;
      /** Of each addressed user who is told so. */
      readonly unread: Readonly<Record<UserId, number>>;
      readonly updatedAt: number;
    }
  | {
      readonly kind: 'presence-changed';
      readonly person: Person & { readonly username?: string };
      readonly isOnline: boolean;
      readonly at: number;
      /** Who is addressed: people who share a conversation, or those who see everyone come and go. */
      readonly audience: 'contacts' | 'onlookers';
    }
  | { readonly kind: 'notification-created'; readonly notification: Notification }
  | {
      readonly kind: 'notifications-read';
      readonly notificationIds: readonly NotificationId[] | 'all';
      /** The device where that happened, which knows already. */
      readonly by?: ConnectionId;
    }
  | {
      readonly kind: 'appointment-updated';
      readonly appointmentId: string;
      readonly status: string;
      readonly message: string;
      readonly notification: Notification;
    }
  | {
      readonly kind: 'appointment-reminded';
      readonly appointmentId: string;
      readonly therapistName: string;
      /** ISO 8601. */
      readonly startTime: string;
      readonly minutesUntil: number;
      readonly notification: Notification;
    }
  | {
      /** An event of the platform's own. */
      readonly kind: 'custom-event';
      readonly name: string;
      readonly data: unknown;
      /** Only for the devices in this room. */
      readonly room?: string;
      /** Only for the devices that have joined this conversation. */
      readonly conversationId?: ConversationId;
    }
  | {
      readonly kind: 'admin-broadcast';
      readonly message: string;
      readonly person: Person;
      readonly at: number;
    };

/** What was read in one conversation, by others than the reader. `messages` are there when they are few. */
export type Read = {
  readonly conversationId: ConversationId;
  readonly messageIds: readonly MessageId[];
  readonly messages?: readonly Message[];
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
  /** The device, as a signal's `by` names it: by the connection with which it began. */
  readonly connectionId: ConnectionId;
  /** Whether the device has joined a room: by conversation. */
  readonly hasJoined: (conversationId: ConversationId) => boolean;
  /** Whether it is in one of the other rooms: `therapist:42`, `admins`, `onlookers`. */
  readonly isIn: (room: string) => boolean;
};
