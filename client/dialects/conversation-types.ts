import type {
  Attachment,
  NotificationEvent,
  Ok,
  Request,
  RichMessage,
  SharedEvents,
  SharedRequests,
} from './shared.ts';

/** The words of docs/protocol/conversation.md. */

type ConversationRef = string | { readonly conversationId: string };
type MessageRef = string | { readonly messageId: string };

export type ConversationReaction = {
  readonly userId: string;
  readonly emoji: string;
  readonly createdAt: string;
};

export type ConversationMessage = {
  readonly id: string;
  readonly conversationId: string;
  readonly senderId: string | null;
  readonly sender: { readonly id: string | null; readonly name: string; readonly email?: string };
  readonly content: string;
  readonly messageType: 'text' | 'image' | 'file' | 'system';
  readonly attachments: readonly Attachment[];
  readonly replyTo: string | null;
  readonly reactions: readonly ConversationReaction[];
  readonly isRead: boolean;
  readonly readBy: readonly { readonly userId: string; readonly readAt: string }[];
  readonly isEdited: boolean;
  readonly isDeleted: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly clientMessageId?: string;
};

export type UserStatus = { readonly userId: string; readonly status: 'online' | 'offline' };

type Typing = { readonly conversationId: string; readonly userId: string };

export type ConversationEvents = SharedEvents & {
  readonly 'message:new': ConversationMessage;
  readonly 'messages:read': {
    readonly conversationId: string;
    readonly messageIds: readonly string[];
    readonly userId: string;
    readonly readAt: string;
  };
  readonly 'message:updated': ConversationMessage;
  readonly 'message:deleted': { readonly conversationId: string; readonly messageId: string };
  readonly 'message:reaction': {
    readonly conversationId: string;
    readonly messageId: string;
    readonly userId: string;
    readonly emoji: string;
    readonly action: 'added' | 'removed';
    readonly reactions: readonly ConversationReaction[];
  };
  readonly 'typing:start': Typing;
  readonly 'typing:stop': Typing;
  readonly 'user:status-changed': UserStatus;
  readonly 'notification:new': NotificationEvent;
  readonly 'notification:read': string;
};

type InConversation = Ok<{ readonly conversationId: string }>;

export type ConversationRequests = SharedRequests & {
  readonly 'join:conversation': Request<ConversationRef, InConversation>;
  readonly 'leave:conversation': Request<ConversationRef, InConversation>;
  readonly 'typing:start': Request<ConversationRef, Ok>;
  readonly 'typing:stop': Request<ConversationRef, Ok>;
  readonly 'message:send': Request<
    { readonly conversationId: string } & RichMessage,
    Ok<{ readonly message: ConversationMessage }>
  >;
  readonly 'message:edit': Request<
    { readonly messageId: string; readonly content: string },
    Ok<{ readonly message: ConversationMessage }>
  >;
  readonly 'message:delete': Request<MessageRef, Ok<{ readonly messageId: string }>>;
  readonly 'message:react': Request<
    { readonly messageId: string; readonly emoji: string; readonly remove?: boolean },
    Ok<{ readonly messageId: string; readonly reactions: readonly ConversationReaction[] }>
  >;
  readonly 'messages:read': Request<
    { readonly conversationId: string; readonly messageIds?: readonly string[] },
    Ok<{ readonly conversationId: string; readonly messageIds: readonly string[] }>
  >;
  readonly 'conversation:get-online-users': Request<ConversationRef, readonly string[]>;
  readonly 'user:get-status': Request<string | { readonly userId: string }, UserStatus>;
  readonly 'users:get-status': Request<readonly string[], readonly UserStatus[]>;
};
