import type { Tokens } from '../core/identify-user.ts';
import { frameFunction } from './frame-function.ts';
import { createMessaging, createTokens } from './runtime.ts';
import type { Messaging } from './serve-event.ts';

/** The route `authenticate`. */
export const authenticate = (messaging: Messaging, tokens: Tokens) =>
  frameFunction(messaging, { verbs: {}, tokens });

export const handler = authenticate(createMessaging(process.env), createTokens(process.env));
