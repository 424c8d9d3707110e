/** What the server API takes and gives (times are ISO 8601 with a zone). */

export type User = {
  readonly name: string;
  readonly username?: string;
  readonly email?: string;
  readonly role?: string;
};

export type Business = { readonly name: string; readonly ownerId: string };

export type Booking = {
  readonly clientId: string;
  readonly businessId: string;
  readonly startTime?: string;
  readonly status?: string;
  readonly title?: string;
  /** Told to both sides when time or status change. */
  readonly message?: string;
};

export type ConversationRequest = {
  /** 1 to 1000. Two of them, and no booking: their one direct conversation. */
  readonly participants: readonly {
    readonly userId: string;
    readonly role?: 'client' | 'customer' | 'business' | 'admin' | 'member';
  }[];
  /** The booking whose conversation it is; the participants join it besides its parties. */
  readonly bookingId?: string;
  readonly title?: string;
  /** Your own name for a group: asking again by the same finds the same. @default a random one */
  readonly key?: string;
};

export type Conversation = {
  readonly id: string;
  readonly kind: 'booking' | 'direct' | 'group';
  readonly bookingId?: string;
  readonly title?: string;
  readonly status: 'active' | 'archived' | 'closed';
  readonly createdAt: string;
};

export type Attachment = {
  readonly url: string;
  readonly filename?: string;
  readonly mimetype?: string;
  /** In bytes. */
  readonly size?: number;
};

export type MessageRequest = {
  /** A member; left out, the message is a `system` one. */
  readonly senderId?: string;
  /** 1 to 2000 characters; may be left out beside attachments. */
  readonly content?: string;
  readonly messageType?: 'text' | 'image' | 'file';
  readonly attachments?: readonly Attachment[];
  /** The id of a message of the same conversation. */
  readonly replyTo?: string;
  /** Your own name for the message, by which a repeat is known for 30 days. @default a random one */
  readonly clientMessageId?: string;
};

/** A message as conversation.md shows it. */
export type Message = {
  readonly id: string;
  readonly conversationId: string;
  readonly senderId: string | null;
  readonly content: string;
  readonly messageType: string;
  readonly createdAt: string;
  readonly [field: string]: unknown;
};

export type ReadRequest = {
  readonly userId: string;
  /** At most 100. @default everything in the conversation */
  readonly messageIds?: readonly string[];
};

export type NotificationRequest = {
  readonly type: string;
  readonly title: string;
  readonly message: string;
  readonly link?: string;
  readonly data?: unknown;
};
