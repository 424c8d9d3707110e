import { useEffect, useMemo } from 'react';
import type { ConversationName, ConversationState, ConversationStore } from '../sdk/types.ts';
import { useConversationStore } from './use-conversation-store.ts';
import { usePageAttention } from './use-page-attention.ts';
import { useStore, whole } from './use-store.ts';

type Verbs = Omit<ConversationStore, 'subscribe' | 'getSnapshot'>;

/** A conversation as it is now, and what can be done in it. The functions stay the same while the name does. */
export type Conversation = ConversationState & Verbs;

export type ConversationOptions = {
  /**
   * Whether its newest messages can be seen. While they can, and the user looks at the page, what arrives is marked as
   * read; give `false` while the list is scrolled away from its end, or to mark as read by `markRead` alone.
   *
   * @default true
   */
  readonly isInView?: boolean;
};

const ON_SERVER: ConversationState = { messages: [], typing: [], hasOlder: false, isLoading: true };

/**
 * A conversation, joined while a component shows it: its messages in order, the own ones at once, as `sending`, then
 * `sent`, or `failed` with `retry` and `discard` to choose from.
 */
export function useConversation(
  name: ConversationName,
  { isInView = true }: ConversationOptions = {},
): Conversation {
  const store = useConversationStore(name);
  const state = useStore(store, whole, { onServer: ON_SERVER });
  useReading(store, state, isInView);
  const verbs = useMemo(() => verbsOf(store), [store]);
  return useMemo(() => ({ ...state, ...verbs }), [state, verbs]);
}

/** Marks as read what is there and what comes, as long as somebody looks. */
function useReading(store: ConversationStore, state: ConversationState, isInView: boolean): void {
  const isLookedAt = usePageAttention() && isInView;
  const newest = state.messages.findLast(({ id }) => id !== undefined)?.id;
  useEffect(() => {
    // What could not be marked is, with what comes next; the connection's state says what is wrong.
    if (isLookedAt && newest !== undefined) store.markRead().catch(() => undefined);
  }, [store, isLookedAt, newest]);
}

function verbsOf(store: ConversationStore): Verbs {
  return {
    send: (draft) => store.send(draft),
    retry: (clientMessageId) => store.retry(clientMessageId),
    discard: (clientMessageId) => store.discard(clientMessageId),
    markRead: () => store.markRead(),
    loadOlder: () => store.loadOlder(),
    setTyping: (isTyping) => store.setTyping(isTyping),
    edit: (messageId, content) => store.edit(messageId, content),
    remove: (messageId) => store.remove(messageId),
    react: (messageId, emoji, isSet) => store.react(messageId, emoji, isSet),
  };
}
