import type { Behind, CaughtUp } from './catch-up.ts';
import type {
  Attachment,
  Conversation,
  ConversationStatus,
  Message,
  MessageType,
  Person,
  Role,
} from './conversation.ts';
import type { BookingId, ConversationId, MessageId, NotificationId, UserId } from './ids.ts';
import type { Page } from './ports.ts';
import type { Status } from './presence.ts';
import type { History } from './read-history.ts';

/**
 * How an event names a conversation: that of a booking, the direct one with another user, or any by its own id. Where a
 * dialect takes two kinds of id in one place, an id in the form of a conversation's comes with both.
 */
export type ConversationRef =
  | { readonly bookingId: BookingId; readonly conversationId?: ConversationId }
  | { readonly conversationId: ConversationId }
  | { readonly userId: UserId; readonly conversationId?: ConversationId };

/** Every verb: what it is told and what it answers. A dialect's events turn into these. */
export type Verbs = {
  readonly 'publish-message': {
    readonly command: {
      readonly to: ConversationRef;
      /** May be empty where there are attachments. */
      readonly content: string;
      /** The side the sender claims to speak for; derived when left out. */
      readonly role?: Role;
      /** @default 'text' */
      readonly type?: Exclude<MessageType, 'system'>;
      readonly attachments?: readonly Attachment[];
      /** A message of the same conversation. */
      readonly replyTo?: MessageId;
      readonly clientMessageId?: string;
      /** Whether the sending device is told of its message as the sender's others are. @default 'everywhere' */
      readonly echo?: 'everywhere' | 'elsewhere';
    };
    readonly reply: { readonly message: Message };
  };
  readonly 'edit-message': {
    readonly command: { readonly messageId: MessageId; readonly content: string };
    readonly reply: { readonly message: Message };
  };
  readonly 'delete-message': {
    readonly command: { readonly messageId: MessageId };
    readonly reply: { readonly message: Message };
  };
  readonly 'react-to-message': {
    readonly command: { readonly messageId: MessageId; readonly emoji: string; readonly isSet: boolean };
    readonly reply: { readonly message: Message };
  };
  readonly 'join-conversation': {
    readonly command: { readonly to: ConversationRef };
    readonly reply: { readonly conversation: Conversation };
  };
  readonly 'leave-conversation': {
    readonly command: { readonly to: ConversationRef };
    readonly reply: object;
  };
  readonly 'change-conversation': {
    readonly command: {
      readonly to: ConversationRef;
      readonly status?: ConversationStatus;
      readonly title?: string;
    };
    readonly reply: { readonly conversation: Conversation };
  };
  readonly 'mark-read': {
    readonly command: {
      readonly messageIds: readonly MessageId[];
      /** Whether the caller's own messages among them are passed over or refuse the whole call. @default 'ignore' */
      readonly own?: 'ignore' | 'refuse';
      /** Where all of them must be. */
      readonly within?: ConversationRef;
    };
    readonly reply: { readonly messageIds: readonly MessageId[] };
  };
  readonly 'mark-conversation-read': {
    readonly command: { readonly to: ConversationRef };
    /** The newest of those that were not read before. */
    readonly reply: { readonly conversation: Conversation; readonly messageIds: readonly MessageId[] };
  };
  readonly 'set-typing': {
    readonly command: { readonly to: ConversationRef; readonly isTyping: boolean };
    readonly reply: object;
  };
  readonly 'read-history': {
    readonly command: { readonly to: ConversationRef; readonly page: Page };
    /** `counterpart` is the other user of a direct conversation. */
    readonly reply: { readonly history: History; readonly counterpart?: Person };
  };
  /** The messages before a place, the last of them without one. */
  readonly 'read-before': {
    readonly command: { readonly to: ConversationRef; readonly before?: number; readonly limit: number };
    /** Oldest first. `lastSeq` is that of the whole conversation; 0 while nothing was said. */
    readonly reply: {
      readonly conversationId: ConversationId;
      /** That of a booking's conversation. */
      readonly bookingId?: BookingId;
      readonly messages: readonly Message[];
      readonly lastSeq: number;
    };
  };
  readonly 'catch-up': {
    readonly command: Behind;
    readonly reply: CaughtUp;
  };
  readonly 'count-unread': {
    readonly command: object;
    readonly reply: { readonly count: number };
  };
  readonly 'read-notification': {
    readonly command: { readonly notificationId: NotificationId };
    readonly reply: { readonly notificationId: NotificationId };
  };
  readonly 'read-all-notifications': {
    readonly command: object;
    readonly reply: object;
  };
  readonly 'read-presence': {
    readonly command: { readonly userIds: readonly UserId[] };
    /** In the order of the question. */
    readonly reply: { readonly statuses: readonly Status[] };
  };
  readonly 'list-online': {
    readonly command: { readonly to: ConversationRef };
    readonly reply: { readonly userIds: readonly UserId[] };
  };
  readonly 'broadcast-message': {
    readonly command: { readonly message: string };
    readonly reply: object;
  };
};

export type VerbName = keyof Verbs;
export type CommandOf<K extends VerbName> = Verbs[K]['command'];
export type ReplyOf<K extends VerbName> = Verbs[K]['reply'];
