/** What the hooks need of a client: stores to subscribe to, and what can be done with them. */

/** A state that changes in time: each snapshot is immutable, and the same object until something changes. */
export interface Store<State> {
  subscribe(listener: () => void): () => void;
  getSnapshot(): State;
}

/** How a conversation is named: by its own id, by its booking, or by the other user of a direct one. */
export type ConversationName =
  | { readonly conversationId: string }
  | { readonly bookingId: string }
  | { readonly userId: string };

export type Attachment = {
  readonly url: string;
  readonly filename?: string;
  readonly mimetype?: string;
  readonly size?: number;
};

export type ChatMessage = {
  /** Absent until the server has stored it. */
  readonly id?: string;
  readonly seq?: number;
  readonly conversationId: string;
  readonly sender: { readonly userId: string | null; readonly name: string };
  readonly content: string;
  readonly createdAt: string;
  readonly status: 'sending' | 'sent' | 'failed';
  readonly clientMessageId?: string;
  readonly isRead: boolean;
  readonly readBy: readonly { readonly userId: string; readonly readAt: string }[];
  readonly replyTo?: string;
  readonly attachments: readonly Attachment[];
  readonly reactions: readonly { readonly userId: string; readonly emoji: string }[];
  readonly editedAt?: string;
  readonly deletedAt?: string;
};

export type ConversationState = {
  /** Oldest first; what is not stored yet comes last. */
  readonly messages: readonly ChatMessage[];
  /** The ids of those who are writing now. */
  readonly typing: readonly string[];
  readonly hasOlder: boolean;
  readonly isLoading: boolean;
  readonly error?: Error;
};

export type Draft = {
  readonly content: string;
  readonly replyTo?: string;
  readonly attachments?: readonly Attachment[];
};

/** A conversation: being subscribed is being in its room. */
export interface ConversationStore extends Store<ConversationState> {
  send(draft: Draft): unknown;
  retry(clientMessageId: string): unknown;
  discard(clientMessageId: string): unknown;
  markRead(): unknown;
  loadOlder(): unknown;
  setTyping(isTyping: boolean): unknown;
  edit(messageId: string, content: string): unknown;
  remove(messageId: string): unknown;
  react(messageId: string, emoji: string, isSet?: boolean): unknown;
}

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
  readonly unreadCount: number;
  readonly updatedAt: string;
};

export type ConversationsState = {
  /** The latest first. */
  readonly conversations: readonly ConversationSummary[];
  readonly unreadCount: number;
  readonly isLoading: boolean;
  readonly error?: Error;
};

export type Notification = {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly message: string;
  readonly link?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly isRead: boolean;
  readonly createdAt: string;
};

export type NotificationsState = {
  readonly notifications: readonly Notification[];
  readonly unreadCount: number;
  readonly isLoading: boolean;
  readonly error?: Error;
};

export interface NotificationsStore extends Store<NotificationsState> {
  markRead(notificationId: string): unknown;
  markAllRead(): unknown;
}

export type Presence = 'online' | 'offline';
export type PresenceState = Readonly<Record<string, Presence>>;

export type ConnectionState = {
  readonly status: 'connecting' | 'online' | 'offline' | 'closed';
  readonly error?: Error;
};

/** A client, as far as the hooks use it. Asking for a store takes nothing: subscribing does, and unsubscribing gives back. */
export interface ParleyClient {
  readonly userId?: string;
  conversation(name: ConversationName): ConversationStore;
  readonly conversations: Store<ConversationsState>;
  readonly notifications: NotificationsStore;
  readonly presence: { of(userIds: readonly string[]): Store<PresenceState> };
  readonly connection: Store<ConnectionState>;
}
