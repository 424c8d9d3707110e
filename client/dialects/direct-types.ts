import type { Attachment, Ok, Request, SharedEvents, SharedRequests } from './shared.ts';

/** The words of docs/protocol/direct.md. */

type MessageRef = string | { readonly messageId: string };
type ReceiverRef = string | { readonly receiverId: string };

export type DirectMessage = {
  readonly _id: string;
  readonly content: string;
  readonly sentAt: string;
  readonly read: boolean;
  readonly senderId: string | null;
  readonly senderName: string;
  readonly receiverId: string;
  readonly receiverName: string;
  readonly conversationId?: string;
  readonly attachments?: readonly Attachment[];
  readonly clientMessageId?: string;
};

type Somebody = { readonly _id: string; readonly name: string };

export type DirectHistory = {
  readonly messages: readonly DirectMessage[];
  readonly otherUser: Somebody;
  readonly pagination: { readonly page: number; readonly hasMore: boolean };
};

type Notified = {
  readonly from: { readonly _id: string | null; readonly name: string };
  readonly message: string;
  readonly timestamp: string;
};

type MessageNotification = Notified & { readonly type: 'new_message' };

type OtherNotification = Notified & {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly link?: string;
  /** Plain JSON: what the platform gave. */
  readonly data?: unknown;
};

export type DirectEvents = SharedEvents & {
  readonly connection: {
    readonly success: true;
    readonly user: Somebody & { readonly username?: string };
  };
  readonly online_users: readonly {
    readonly userId: string;
    readonly _id: string;
    readonly name: string;
    readonly username?: string;
    readonly email?: string;
    readonly role?: string;
    readonly lastSeen: string;
  }[];
  readonly user_online: { readonly userId: string; readonly name: string; readonly username?: string };
  readonly user_offline: { readonly userId: string; readonly lastSeen: string };
  readonly message_sent: { readonly success: true; readonly message: DirectMessage };
  readonly receive_message: DirectMessage;
  /** Of a message, or of anything else that the user is notified of. */
  readonly message_notification: MessageNotification | OtherNotification;
  readonly message_read: {
    readonly messageId: string;
    readonly readBy: Somebody;
    readonly readAt: string;
  };
  readonly message_read_confirmed: {
    readonly success: true;
    readonly message: DirectMessage | { readonly _id: string; readonly read: true };
  };
  readonly typing_indicator: {
    readonly userId: string;
    readonly userName: string;
    readonly isTyping: boolean;
  };
  readonly message_history: DirectHistory;
  readonly unread_count: { readonly count: number };
  readonly 'notification:read': string;
};

export type DirectRequests = SharedRequests & {
  readonly send_message: Request<
    { readonly receiverId: string; readonly content: string; readonly clientMessageId?: string },
    Ok<{ readonly message: DirectMessage }>
  >;
  readonly mark_message_read: Request<MessageRef, Ok<{ readonly messageId: string }>>;
  readonly typing_start: Request<ReceiverRef, Ok>;
  readonly typing_stop: Request<ReceiverRef, Ok>;
  readonly get_message_history: Request<
    { readonly otherUserId: string; readonly page?: number; readonly limit?: number },
    Ok<DirectHistory>
  >;
  readonly get_unread_count: Request<undefined, Ok<{ readonly count: number }>>;
};
