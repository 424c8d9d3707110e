import type { Tokens } from '../core/identify-user.ts';
import { joinConversation } from '../core/join-conversation.ts';
import { leaveConversation } from '../core/leave-conversation.ts';
import { markRead } from '../core/mark-read.ts';
import { publishMessage } from '../core/publish-message.ts';
import { setTyping } from '../core/set-typing.ts';
import { frameFunction } from './frame-function.ts';
import { createMessaging, createTokens } from './runtime.ts';
import type { Abilities, Messaging } from './serve-frame.ts';

const verbs: Required<Abilities['verbs']> = {
  'publish-message': publishMessage,
  'join-conversation': joinConversation,
  'leave-conversation': leaveConversation,
  'mark-read': markRead,
  'set-typing': setTyping,
};

/** The route `$default`: every frame that has no route of its own, and what is no frame at all. */
export const fallback = (messaging: Messaging, tokens: Tokens) => frameFunction(messaging, { verbs, tokens });

export const handler = fallback(createMessaging(process.env), createTokens(process.env));
