import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import {
  ParleyProvider,
  useConnection,
  useConversation,
  useConversations,
  useNotifications,
  usePresence,
  useTyping,
} from '../../client/react/index.ts';
import { FakeClient, message } from './fake-client.ts';

const NAME = { conversationId: 'c1' } as const;

let shown: object;

function Page() {
  shown = {
    connection: useConnection(),
    conversation: useConversation(NAME),
    conversations: useConversations(),
    notifications: useNotifications(),
    presence: usePresence(['ben']),
    typing: useTyping(NAME).typing,
  };
  return null;
}

test('on a server everything is still being loaded, whatever a client there knows, and nothing is subscribed', () => {
  const client = new FakeClient();
  client.conversation(NAME).set({ messages: [message(1)], typing: ['ben'] });
  client.conversations.set({ unreadCount: 3 });
  renderToString(
    <ParleyProvider client={client}>
      <Page />
    </ParleyProvider>,
  );
  expect(JSON.parse(JSON.stringify(shown))).toEqual({
    connection: { status: 'connecting', since: 0 },
    conversation: { messages: [], typing: [], hasOlder: false, isLoading: true },
    conversations: { conversations: [], unreadCount: 0, isLoading: true },
    notifications: { notifications: [], unreadCount: 0, isLoading: true },
    presence: {},
    typing: [],
  });
  expect(client.conversation(NAME).subscribers).toBe(0);
});
