import { useEffect, useMemo } from 'react';
import type { ConversationName, ConversationState } from '../sdk/types.ts';
import { useConversationStore } from './use-conversation-store.ts';
import { useStore } from './use-store.ts';

export type Typing = {
  /** The ids of the others who are writing now. */
  readonly typing: readonly string[];
  /** To be called with `true` at every key and with `false` when the field is empty: the client tells it sparingly. */
  setTyping(isTyping: boolean): void;
};

const NOBODY: readonly string[] = [];

/** Who is writing in a conversation, and how to say that one is oneself; leaving the page says that one is no more. */
export function useTyping(name: ConversationName): Typing {
  const store = useConversationStore(name);
  const typing = useStore(store, typingOf, { onServer: NOBODY, isSame: isSameList });
  useEffect(() => () => store.setTyping(false), [store]);
  return useMemo(() => ({ typing, setTyping: (isTyping) => store.setTyping(isTyping) }), [store, typing]);
}

function typingOf(state: ConversationState): readonly string[] {
  return state.typing;
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}
