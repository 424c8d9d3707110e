import { joinConversation } from '../core/join-conversation.ts';
import { frameFunction } from './frame-function.ts';
import { createMessaging } from './runtime.ts';
import type { Messaging } from './serve-event.ts';

/** The route `joinBooking`. */
export const joinBooking = (messaging: Messaging) =>
  frameFunction(messaging, { verbs: { 'join-conversation': joinConversation } });

export const handler = joinBooking(createMessaging(process.env));
