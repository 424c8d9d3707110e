import { leaveConversation } from '../core/leave-conversation.ts';
import { frameFunction } from './frame-function.ts';
import { createMessaging } from './runtime.ts';
import type { Messaging } from './serve-event.ts';

/** The route `leaveBooking`. */
export const leaveBooking = (messaging: Messaging) =>
  frameFunction(messaging, { verbs: { 'leave-conversation': leaveConversation } });

export const handler = leaveBooking(createMessaging(process.env));
