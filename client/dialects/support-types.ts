import type {
  Attachment,
  NotificationEvent,
  Ok,
  Request,
  RichMessage,
  SharedEvents,
  SharedRequests,
} from './shared.ts';

/** The words of docs/protocol/support.md. */

type ConversationRef = string | { readonly conversationId: string };

export type SupportReaction = { readonly user: string; readonly emoji: string; readonly createdAt: string };

export type SupportMessage = {
  readonly _id: string;
  readonly conversation: string;
  readonly sender: {
    readonly _id: string | null;
    readonly name: string;
    readonly email?: string;
    readonly role: 'customer' | 'admin' | 'system';
  };
  readonly content: string;
  readonly messageType: 'text' | 'image' | 'file' | 'system';
  readonly attachments: readonly Attachment[];
  readonly readBy: readonly { readonly user: string; readonly readAt: string }[];
  readonly replyTo: string | null;
  readonly reactions: readonly SupportReaction[];
  readonly isDeleted: boolean;
  readonly deletedAt: string | null;
  readonly isEdited: boolean;
  readonly editedAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly clientMessageId?: string;
};

type MessageIn = { readonly conversationId: string; readonly message: SupportMessage };
type Comer = { readonly userId: string; readonly userName: string; readonly timestamp: string };

export type SupportEvents = SharedEvents & {
  readonly new_message: MessageIn;
  readonly message_sent: { readonly success: true; readonly message: SupportMessage };
  readonly messages_read: {
    readonly conversationId: string;
    readonly userId: string;
    readonly messageIds: readonly string[];
    readonly readAt: string;
  };
  readonly message_updated: MessageIn;
  readonly message_deleted: {
    readonly conversationId: string;
    readonly messageId: string;
    readonly deletedBy: string | null;
    readonly deletedAt: string;
  };
  readonly message_reaction: {
    readonly conversationId: string;
    readonly messageId: string;
    readonly userId: string;
    readonly emoji: string;
    readonly action: 'added' | 'removed';
    readonly reactions: readonly SupportReaction[];
  };
  readonly conversation_updated: {
    readonly conversationId: string;
    readonly lastMessage: {
      readonly _id: string;
      readonly content: string;
      readonly sender: string | null;
      readonly messageType: 'text' | 'image' | 'file' | 'system';
      readonly timestamp: string;
    } | null;
    readonly unreadCount: number;
    readonly status: 'active' | 'archived' | 'closed';
    readonly title?: string;
    readonly updatedAt: string;
  };
  readonly user_typing: {
    readonly conversationId: string;
    readonly userId: string;
    readonly userName: string;
    readonly isTyping: boolean;
  };
  readonly user_online: Comer;
  readonly user_offline: Comer;
  readonly 'notification:new': NotificationEvent;
  readonly 'notification:read': string;
};

type InConversation = Ok<{ readonly conversationId: string }>;

export type SupportRequests = SharedRequests & {
  readonly join_conversation: Request<ConversationRef, InConversation>;
  readonly leave_conversation: Request<ConversationRef, InConversation>;
  readonly typing_start: Request<ConversationRef, Ok>;
  readonly typing_stop: Request<ConversationRef, Ok>;
  readonly send_message: Request<
    { readonly conversationId: string } & RichMessage,
    Ok<{ readonly message: SupportMessage }>
  >;
  readonly admin_broadcast: Request<{ readonly message: string }, Ok>;
};
