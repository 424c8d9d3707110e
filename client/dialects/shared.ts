/** What the dialects' types have in common. */

/** A request's payload and the reply to it, where it is not refused. */
export type Request<Payload, Reply> = { readonly payload: Payload; readonly reply: Reply };

export type Ok<Fields = unknown> = { readonly ok: true } & Fields;

export type Attachment = {
  readonly url: string;
  readonly filename?: string;
  readonly mimetype?: string;
  readonly size?: number;
};

export type MessageType = 'text' | 'image' | 'file';

/** The payload of a message that may be more than text. */
export type RichMessage = {
  readonly content?: string;
  readonly messageType?: MessageType;
  readonly attachments?: readonly Attachment[];
  readonly replyTo?: string | null;
  readonly clientMessageId?: string;
};

/** Why the server refuses something. */
export type ErrorCode =
  | 'AUTHENTICATION_FAILED'
  | 'UNAUTHORIZED'
  | 'INVALID_PAYLOAD'
  | 'NOT_FOUND'
  | 'RATE_LIMITED'
  | 'CONFLICT'
  | 'INTERNAL';

export type ErrorEvent = { readonly message: string; readonly code: ErrorCode };

export type NotificationEvent = {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly message: string;
  readonly link?: string;
  /** Plain JSON: what the platform gave. */
  readonly data?: unknown;
  readonly isRead: boolean;
  readonly createdAt: string;
};

export type BroadcastEvent = {
  readonly message: string;
  readonly from: { readonly _id: string; readonly name: string };
  readonly timestamp: string;
};

/** What every dialect's devices may be told. */
export type SharedEvents = {
  readonly 'notifications:read-all': undefined;
  readonly admin_broadcast: BroadcastEvent;
  readonly error: ErrorEvent;
};

/** What every dialect understands. */
export type SharedRequests = {
  readonly 'notification:read': Request<
    string | { readonly notificationId: string },
    Ok<{ readonly notificationId: string }>
  >;
  readonly 'notifications:read-all': Request<undefined, Ok>;
};
