import type { ConversationsState } from '../sdk/types.ts';
import { useParley } from './parley-provider.tsx';
import { useStore, whole } from './use-store.ts';

const ON_SERVER: ConversationsState = { conversations: [], unreadCount: 0, isLoading: true };

/** The inbox: one's conversations, the latest first, each with its last message and how much of it is unread. */
export function useConversations(): ConversationsState {
  return useStore(useParley().conversations, whole, { onServer: ON_SERVER });
}
