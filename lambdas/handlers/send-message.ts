import { publishMessage } from '../core/publish-message.ts';
import { frameFunction } from './frame-function.ts';
import { createMessaging } from './runtime.ts';
import type { Messaging } from './serve-event.ts';

/** The route `sendMessage`. */
export const sendMessage = (messaging: Messaging) =>
  frameFunction(messaging, { verbs: { 'publish-message': publishMessage } });

export const handler = sendMessage(createMessaging(process.env));
