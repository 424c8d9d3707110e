/** React hooks over the client: what a component shows stays current, and is given back when it unmounts. */
export {
  type ParleyClient,
  ParleyProvider,
  type ParleyProviderProps,
  useParley,
} from './parley-provider.tsx';
export { useConnection } from './use-connection.ts';
export { type Conversation, type ConversationOptions, useConversation } from './use-conversation.ts';
export { useConversations } from './use-conversations.ts';
export { type Notifications, useNotifications } from './use-notifications.ts';
export { usePresence } from './use-presence.ts';
export { type Typing, useTyping } from './use-typing.ts';
