import { Hono } from 'hono/tiny';
import { enterConversation } from '../core/enter-conversation.ts';
import { meetEveryone } from '../core/everyone-online.ts';
import { summariseOne } from '../core/list-conversations.ts';
import { openConversation } from '../core/open-conversation.ts';
import { publishForPlatform } from '../core/speak-for-platform.ts';
import { supportConversation, supportMessage } from '../dialects/support-payload.ts';
import type { HttpParts } from './app.ts';
import { created, success } from './envelope.ts';
import { fulfil } from './fulfil.ts';
import { callerOf } from './request.ts';

/** Somebody to talk to where nobody is there yet. */
const PARTNER = {
  userId: 'parley-test-partner',
  name: 'Test Partner',
  role: 'admin',
  source: 'platform',
} as const;
const MOST_SHOWN = 500;

/** The routes of support.md “Test Endpoints”, below `/test`: for who develops, and not for production. */
export function testRoutes(parts: HttpParts): Hono {
  const { ports } = parts;
  const routes = new Hono();

  routes.post('/test-messaging', async (c) => {
    const self = await callerOf(c, parts, 'support');
    await ports.directory.saveProfile(PARTNER);
    const { id: conversationId } = await openConversation(ports, {
      participants: [
        { userId: self.userId, role: 'client' },
        { userId: PARTNER.userId, role: 'admin' },
      ],
      title: 'Test conversation',
      key: ports.nonce(),
    });
    const said = { content: 'This is a test message.' };
    const outcome = await publishForPlatform(ports, conversationId, PARTNER.userId, said);
    const { message } = await fulfil(parts, outcome);
    const { head } = await enterConversation(ports, self, { conversationId });
    const conversation = supportConversation(await summariseOne(ports, self, head), self.userId);
    return created(c, 'Test conversation', { conversation, message: supportMessage(message) });
  });

  routes.get('/socket-status', async (c) => {
    await callerOf(c, parts, 'support');
    const online = new Set<string>();
    await meetEveryone(ports, { meet: ({ userId }) => online.add(userId) });
    const onlineUsers = [...online].slice(0, MOST_SHOWN);
    return success(c, 'Socket status', { initialized: true, onlineCount: online.size, onlineUsers });
  });

  return routes;
}
