import type { NotificationEvent } from '../dialects/shared.ts';

/** What an application has in its hands: the client's stores, in one shape whatever the dialect. Times are ISO 8601. */

/** A state that changes in time: each snapshot is immutable, and the same object until something changes. */
export interface Store<State> {
  /** Calls the listener after each change, until the function that is returned is called. */
  subscribe(listener: () => void): () => void;
  getSnapshot(): State;
}

/** How a conversation is named: by its own id, by its booking, or by the other user of a direct one. */
export type ConversationName =
  | { readonly conversationId: string }
  | { readonly bookingId: string }
  | { readonly userId: string };

/** A file that a message refers to. `size` is in bytes. */
export type Attachment = {
  readonly url: string;
  readonly filename?: string;
  readonly mimetype?: string;
  readonly size?: number;
};

/**
 * A message. What a dialect does not tell stays empty: booking, direct and appointment know no `replyTo`, reactions,
 * edits or deletions.
 */
export type ChatMessage = {
  /** `<conversationId>.<seq>`; absent until the server has stored it. */
  readonly id?: string;
  /** Its place in the conversation: 1, 2, 3 … without gaps. Absent until the server has stored it. */
  readonly seq?: number;
  /** Empty for a message to somebody with whom nothing has been said yet. */
  readonly conversationId: string;
  /** `userId` is null where the platform itself speaks. */
  readonly sender: { readonly userId: string | null; readonly name: string };
  readonly content: string;
  readonly createdAt: string;
  /** `sending` until the server has it, however long the network is away; `failed` where the server refuses it. */
  readonly status: 'sending' | 'sent' | 'failed';
  /** Why it has failed. */
  readonly error?: Error;
  readonly clientMessageId?: string;
  /** Whether anybody but its sender has read it. */
  readonly isRead: boolean;
  readonly readBy: readonly { readonly userId: string; readonly readAt: string }[];
  /** The id of the message that it answers. */
  readonly replyTo?: string;
  readonly attachments: readonly Attachment[];
  readonly reactions: readonly { readonly userId: string; readonly emoji: string }[];
  readonly editedAt?: string;
  /** Its content is gone, its place is kept. */
  readonly deletedAt?: string;
};

export type ConversationState = {
  /** Absent until it is known, for a conversation that is named otherwise. */
  readonly conversationId?: string;
  /** Oldest first, each once; what is not stored yet comes last, in the order in which it was sent. */
  readonly messages: readonly ChatMessage[];
  /** The ids of the others who are writing now. */
  readonly typing: readonly string[];
  /** Whether there are older messages than those loaded. */
  readonly hasOlder: boolean;
  /** Whether the newest messages, or older ones, are still to come: so it is before anything was loaded, too. */
  readonly isLoading: boolean;
  /** Why it could not be entered or loaded. */
  readonly error?: Error;
};

/** What is to be said. `content` may be empty where there are attachments. */
export type Draft = {
  readonly content: string;
  readonly replyTo?: string;
  readonly attachments?: readonly Attachment[];
};

/**
 * A conversation. Being subscribed is being in its room: the first subscription joins and loads it, the last one's end
 * leaves it. Messages that were sent go on being sent. What a dialect has no word for rejects with the code `UNSUPPORTED`.
 */
export interface ConversationStore extends Store<ConversationState> {
  /**
   * Says something: it is shown at once, kept in the outbox, and sent when there is a connection.
   *
   * @returns the message once it is stored. Rejects where it is refused; `retry` and `discard` are the choices then.
   */
  send(draft: Draft): Promise<ChatMessage>;
  /** Sends a message again that has failed. */
  retry(clientMessageId: string): Promise<ChatMessage>;
  /** Drops a message that has failed, or was not sent yet. */
  discard(clientMessageId: string): void;
  /** Marks what was said by others, as far as it is loaded, as read. */
  markRead(): Promise<void>;
  /** Loads the page before the oldest message. */
  loadOlder(): Promise<void>;
  /** To be called with `true` at every key and with `false` when the field is empty: it is told sparingly. */
  setTyping(isTyping: boolean): void;
  edit(messageId: string, content: string): Promise<void>;
  remove(messageId: string): Promise<void>;
  /** @param isSet `false` takes the reaction back. @default true */
  react(messageId: string, emoji: string, isSet?: boolean): Promise<void>;
}

/** A row of the inbox. */
export type ConversationSummary = {
  readonly conversationId: string;
  readonly bookingId?: string;
  readonly title: string;
  readonly status: string;
  readonly participants: readonly {
    readonly userId: string;
    readonly name: string;
    readonly role?: string;
  }[];
  readonly lastMessage?: ChatMessage;
  /** How much of it the user has not read. */
  readonly unreadCount: number;
  readonly updatedAt: string;
};

export type ConversationsState = {
  /** The latest first. */
  readonly conversations: readonly ConversationSummary[];
  readonly unreadCount: number;
  /** Whether the list, or a newer one, is still to come. */
  readonly isLoading: boolean;
  /** Why it could not be loaded: unless that would be the same again, it is asked for again. */
  readonly error?: Error;
};

/** The inbox, loaded over REST (`apiUrl`) when it is first subscribed to, and kept true by events. */
export interface ConversationsStore extends Store<ConversationsState> {
  /** Loads it again. */
  refresh(): Promise<void>;
}

/** What the platform told its user, as every dialect has it. */
export type Notification = NotificationEvent;

export type NotificationsState = {
  /** The latest first. */
  readonly notifications: readonly Notification[];
  readonly unreadCount: number;
  /** Whether those from before, or newer ones, are still to come. */
  readonly isLoading: boolean;
  /** Why they could not be loaded: unless that would be the same again, they are asked for again. */
  readonly error?: Error;
};

/** What the platform told the user. Those from before are loaded over REST, where there is an `apiUrl`. */
export interface NotificationsStore extends Store<NotificationsState> {
  markRead(notificationId: string): Promise<void>;
  markAllRead(): Promise<void>;
}

export type Presence = 'online' | 'offline';

/** By user id; somebody is missing of whom nothing is known. */
export type PresenceState = Readonly<Record<string, Presence>>;

export type ConnectionState = {
  /**
   * `connecting` before the first time, `online`, `offline` while it tries to come back, and `closed` where the
   * application has said so, or the server has refused the token: `error` says which.
   */
  readonly status: 'connecting' | 'online' | 'offline' | 'closed';
  /** Since when, in ms of the client's clock. */
  readonly since: number;
  readonly error?: Error;
};

/** Where the outbox is kept, such as `localStorage`, or anything asynchronous. */
export interface Storage {
  getItem(key: string): string | null | undefined | Promise<string | null | undefined>;
  setItem(key: string, value: string): unknown;
  removeItem(key: string): unknown;
}
