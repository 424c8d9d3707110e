import { markRead } from '../core/mark-read.ts';
import { frameFunction } from './frame-function.ts';
import { createMessaging } from './runtime.ts';
import type { Messaging } from './serve-event.ts';

/** The route `markAsRead`. */
export const markAsRead = (messaging: Messaging) =>
  frameFunction(messaging, { verbs: { 'mark-read': markRead } });

export const handler = markAsRead(createMessaging(process.env));
