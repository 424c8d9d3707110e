import type { Context } from 'hono';
import { Hono } from 'hono/tiny';
import * as z from 'zod/mini';
import { deleteMessage, editMessage, reactToMessage } from '../core/amend-message.ts';
import { changeConversation } from '../core/change-conversation.ts';
import type { Caller } from '../core/connection.ts';
import { enterConversation } from '../core/enter-conversation.ts';
import { countOnline } from '../core/everyone-online.ts';
import { Fault } from '../core/fault.ts';
import type { UserId } from '../core/ids.ts';
import { listConversations, type Summary, summariseOne } from '../core/list-conversations.ts';
import { markConversationRead } from '../core/mark-conversation-read.ts';
import type { Ports } from '../core/ports.ts';
import { statusesOf } from '../core/presence.ts';
import { publishMessage } from '../core/publish-message.ts';
import { readHistory } from '../core/read-history.ts';
import { isSupportAdmin } from '../core/support-rights.ts';
import { messageFields, messageForm } from '../dialects/message-fields.ts';
import { content, defined, emoji, OBJECT, status, title } from '../dialects/payload.ts';
import { type Standing, supportConversation, supportMessage } from '../dialects/support-payload.ts';
import type { HttpParts } from './app.ts';
import { created, success } from './envelope.ts';
import { fulfil } from './fulfil.ts';
import { callerOf, checked, idParam, jsonBody, pageQuery } from './request.ts';

const LIST_LIMIT = 20;
const HISTORY_LIMIT = 50;

/** The bodies of these routes, by what they are for. */
export const SUPPORT_BODIES = {
  message: z.object(messageFields, { error: OBJECT }),
  edit: z.object({ content }, { error: OBJECT }),
  change: z.object({ status: z.optional(status), title: z.optional(title) }, { error: OBJECT }).check(
    z.refine((change) => change.status !== undefined || change.title !== undefined, {
      error: 'must have a status or a title',
    }),
  ),
} as const;

/** The REST routes of support.md, below `/messaging`. */
export function supportRoutes(parts: HttpParts): Hono {
  const routes = new Hono();
  conversationRoutes(routes, parts);
  messageRoutes(routes, parts);
  statisticsRoute(routes, parts);
  return routes;
}

function conversationRoutes(routes: Hono, parts: HttpParts): void {
  const { ports } = parts;

  routes.get('/conversations', async (c) => {
    const self = await caller(c, parts);
    const page = pageQuery(c, LIST_LIMIT);
    const asked = c.req.query('status');
    const wanted = asked === undefined ? undefined : checked(status, asked, 'status');
    const { conversations, hasMore } = await listConversations(ports, self, page, wanted);
    const standings = await standingsIn(ports, conversations);
    return success(c, 'Conversations', {
      conversations: conversations.map((one) => supportConversation(one, self.userId, standings)),
      pagination: { page: page.number, limit: page.limit, hasMore },
    });
  });

  routes.get('/conversations/booking/:bookingId', async (c) => {
    const self = await caller(c, parts);
    const to = { bookingId: idParam(c, 'bookingId') };
    const { head } = await enterConversation(ports, self, to).catch(denied);
    return success(c, 'Conversation', { conversation: await described(parts, self, head) });
  });

  routes.patch('/conversations/:conversationId', async (c) => {
    const self = await caller(c, parts);
    const to = { conversationId: idParam(c, 'conversationId') };
    const change = defined(await jsonBody(c, SUPPORT_BODIES.change));
    await fulfil(parts, await changeConversation(ports, self, { to, ...change }));
    const { head } = await enterConversation(ports, self, to);
    return success(c, 'Conversation updated', { conversation: await described(parts, self, head) });
  });

  routes.put('/conversations/:conversationId/read', async (c) => {
    const self = await caller(c, parts);
    const to = { conversationId: idParam(c, 'conversationId') };
    const { messageIds } = await fulfil(parts, await markConversationRead(ports, self, { to }));
    return success(c, 'Conversation marked as read', {
      conversationId: to.conversationId,
      messageIds,
      unreadCount: 0,
    });
  });
}

function messageRoutes(routes: Hono, parts: HttpParts): void {
  const { ports } = parts;

  routes.get('/conversations/:conversationId/messages', async (c) => {
    const self = await caller(c, parts);
    const to = { conversationId: idParam(c, 'conversationId') };
    const page = pageQuery(c, HISTORY_LIMIT);
    const { number, limit } = page;
    // Read first, so that what is shown says so.
    await fulfil(parts, await markConversationRead(ports, self, { to }));
    const { messages, total, hasMore } = await readHistory(ports, self, to, page);
    return success(c, 'Messages', {
      messages: messages.map(supportMessage),
      pagination: { page: number, limit, total, pages: Math.ceil(total / limit), hasMore },
    });
  });

  routes.post('/conversations/:conversationId/messages', async (c) => {
    const self = await caller(c, parts);
    const to = { conversationId: idParam(c, 'conversationId') };
    const form = messageForm(await jsonBody(c, SUPPORT_BODIES.message));
    const { message } = await fulfil(parts, await publishMessage(ports, self, { to, ...form }));
    return created(c, 'Message sent', { message: supportMessage(message) });
  });

  routes.patch('/messages/:messageId', async (c) => {
    const self = await caller(c, parts);
    const messageId = idParam(c, 'messageId');
    const edit = { messageId, content: (await jsonBody(c, SUPPORT_BODIES.edit)).content };
    const { message } = await fulfil(parts, await editMessage(ports, self, edit));
    return success(c, 'Message updated', { message: supportMessage(message) });
  });

  routes.delete('/messages/:messageId', async (c) => {
    const self = await caller(c, parts);
    const outcome = await deleteMessage(ports, self, { messageId: idParam(c, 'messageId') });
    const { message } = await fulfil(parts, outcome);
    return success(c, 'Message deleted', { message: supportMessage(message) });
  });

  routes.on(['PUT', 'DELETE'], '/messages/:messageId/reactions/:emoji', async (c) => {
    const self = await caller(c, parts);
    const isSet = c.req.method === 'PUT';
    const reaction = {
      messageId: idParam(c, 'messageId'),
      emoji: checked(emoji, c.req.param('emoji'), 'emoji'),
      isSet,
    };
    const { message } = await fulfil(parts, await reactToMessage(ports, self, reaction));
    return success(c, isSet ? 'Reaction added' : 'Reaction removed', { message: supportMessage(message) });
  });
}

function statisticsRoute(routes: Hono, parts: HttpParts): void {
  routes.get('/stats', async (c) => {
    if (!isSupportAdmin(await caller(c, parts))) throw new Fault('not-an-admin');
    const [{ conversations, messages }, onlineUsers] = await Promise.all([
      parts.statistics.totals(),
      countOnline(parts.ports),
    ]);
    return success(c, 'Statistics', {
      totalConversations: conversations,
      totalMessages: messages,
      onlineUsers,
    });
  });
}

/** Who speaks to the support desk; an admin's rights are those of support.md. */
function caller(c: Context, parts: HttpParts): Promise<Caller> {
  return callerOf(c, parts, 'support');
}

/** support.md has one text for who is not a participant, of a booking’s conversation too. */
function denied(thrown: unknown): never {
  const isStranger = thrown instanceof Fault && thrown.reason === 'not-a-party';
  throw isStranger ? new Fault('not-a-participant') : thrown;
}

async function described(parts: HttpParts, self: Caller, head: Parameters<typeof summariseOne>[2]) {
  const summary = await summariseOne(parts.ports, self, head);
  return supportConversation(summary, self.userId, await standingsIn(parts.ports, [summary]));
}

/**
 * Who of those in these conversations is online, and when the others last were: taking part together makes them
 * contacts. Who is online is seen right now.
 */
async function standingsIn(
  ports: Ports,
  summaries: readonly Summary[],
): Promise<ReadonlyMap<UserId, Standing>> {
  const users = new Set(summaries.flatMap(({ members }) => members.map(({ person }) => person.userId)));
  const now = ports.clock.now();
  const known = await statusesOf(ports, [...users]);
  return new Map([...known].map(([userId, one]) => [userId, one.isOnline ? { ...one, lastSeen: now } : one]));
}
