import { useMemo } from 'react';
import type { ConversationName, ConversationStore } from '../sdk/types.ts';
import { useParley } from './parley-provider.tsx';

/** The store of a conversation, the same one for as long as the name says the same, in whatever object it comes. */
export function useConversationStore(name: ConversationName): ConversationStore {
  const client = useParley();
  const key = JSON.stringify(name);
  return useMemo(() => client.conversation(JSON.parse(key) as ConversationName), [client, key]);
}
