import type { NotificationEvent, Ok, Request, SharedEvents, SharedRequests } from './shared.ts';

/** The words of docs/protocol/booking.md. */

type BookingRef = string | { readonly bookingId: string };

export type BookingMessage = {
  readonly _id: string;
  readonly booking: string;
  readonly sender: { readonly _id: string | null; readonly name: string; readonly email?: string };
  readonly senderType: 'client' | 'business' | 'admin' | 'member' | 'system';
  readonly content: string;
  readonly isRead: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly clientMessageId?: string;
};

export type BookingEvents = SharedEvents & {
  readonly newMessage: BookingMessage;
  readonly messagesMarkedAsRead: {
    readonly messageIds: readonly string[];
    readonly userId: string;
    readonly readAt: string;
  };
  readonly typing: { readonly bookingId: string; readonly userId: string; readonly isTyping: boolean };
  readonly 'notification:new': NotificationEvent;
  readonly 'notification:read': string;
};

export type BookingRequests = SharedRequests & {
  readonly joinBooking: Request<BookingRef, Ok<{ readonly bookingId: string }>>;
  readonly leaveBooking: Request<BookingRef, Ok<{ readonly bookingId: string }>>;
  readonly sendMessage: Request<
    {
      readonly bookingId: string;
      readonly content: string;
      readonly senderType?: 'client' | 'business';
      readonly clientMessageId?: string;
    },
    Ok<{ readonly message: BookingMessage }>
  >;
  readonly markAsRead: Request<
    { readonly messageIds: readonly string[] },
    Ok<{ readonly messageIds: readonly string[] }>
  >;
  readonly typing: Request<{ readonly bookingId: string; readonly isTyping: boolean }, Ok>;
};
