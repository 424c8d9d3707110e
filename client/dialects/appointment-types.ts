import type { Attachment, NotificationEvent, Ok, Request, SharedEvents, SharedRequests } from './shared.ts';

/** The words of docs/protocol/appointment.md. */

type MessageRef = string | { readonly messageId: string };

export type AppointmentMessage = {
  readonly id: string;
  readonly senderId: string | null;
  readonly recipientId: string;
  readonly content: string;
  readonly createdAt: string;
  readonly messageType: 'TEXT' | 'IMAGE' | 'FILE' | 'SYSTEM';
  readonly conversationId?: string;
  readonly attachments?: readonly Attachment[];
  readonly clientMessageId?: string;
};

export type AppointmentEvents = SharedEvents & {
  readonly 'message:received': AppointmentMessage;
  readonly 'message:read': { readonly messageId: string; readonly userId: string; readonly readAt: string };
  readonly 'user:typing': { readonly userId: string; readonly isTyping: boolean };
  readonly 'user:online': { readonly userId: string };
  readonly 'user:offline': { readonly userId: string };
  readonly 'notification:new': NotificationEvent;
  readonly 'notification:read': { readonly notificationId: string };
  readonly 'appointment:updated': {
    readonly appointmentId: string;
    readonly status: string;
    readonly message: string;
  };
  readonly 'appointment:reminder': {
    readonly id: string;
    readonly therapistName: string;
    readonly startTime: string;
    readonly minutesUntil: number;
  };
};

export type AppointmentRequests = SharedRequests & {
  readonly 'message:send': Request<
    {
      readonly recipientId: string;
      readonly content: string;
      readonly messageType?: 'TEXT' | 'IMAGE' | 'FILE';
      readonly clientMessageId?: string;
    },
    Ok<{ readonly message: AppointmentMessage }>
  >;
  readonly 'message:read': Request<MessageRef, Ok<{ readonly messageId: string }>>;
  readonly 'message:typing': Request<{ readonly recipientId: string; readonly isTyping: boolean }, Ok>;
};
