import { joinConversation } from '../core/join-conversation.ts';
import { leaveConversation } from '../core/leave-conversation.ts';
import { markRead } from '../core/mark-read.ts';
import { publishMessage } from '../core/publish-message.ts';
import { setTyping } from '../core/set-typing.ts';
import type { Abilities } from './serve-event.ts';

/** Every verb, for functions that serve any event. */
export const VERBS: Required<Abilities['verbs']> = {
  'publish-message': publishMessage,
  'join-conversation': joinConversation,
  'leave-conversation': leaveConversation,
  'mark-read': markRead,
  'set-typing': setTyping,
};
