import { setTyping } from '../core/set-typing.ts';
import { frameFunction } from './frame-function.ts';
import { createMessaging } from './runtime.ts';
import type { Messaging } from './serve-event.ts';

/** The route `typing`. */
export const typing = (messaging: Messaging) =>
  frameFunction(messaging, { verbs: { 'set-typing': setTyping } });

export const handler = typing(createMessaging(process.env));
