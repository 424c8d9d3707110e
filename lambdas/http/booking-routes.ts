import { Hono } from 'hono/tiny';
import * as z from 'zod/mini';
import {
  listBusinessConversations,
  listOwnConversations,
  type SummaryPage,
} from '../core/list-conversations.ts';
import { markRead } from '../core/mark-read.ts';
import type { Page } from '../core/ports.ts';
import { type History, readAfter, readHistory } from '../core/read-history.ts';
import { totalUnread } from '../core/total-unread.ts';
import { bookingConversation, bookingMessage } from '../dialects/booking.ts';
import { bookingRefOf, messageIds } from '../dialects/payload.ts';
import type { HttpParts } from './app.ts';
import { success } from './envelope.ts';
import { fulfil } from './fulfil.ts';
import { callerOf, idParam, jsonBody, pageQuery } from './request.ts';

const HISTORY_LIMIT = 50;
const LIST_LIMIT = 20;
export const markReadBody = z.object({ messageIds }, { error: 'must be an object' });

/** The REST routes of booking.md, below `/api/messages`. */
export function bookingRoutes(parts: HttpParts): Hono {
  const { ports } = parts;
  const routes = new Hono();

  routes.get('/booking/:bookingId', async (c) => {
    const caller = await callerOf(c, parts);
    const to = bookingRefOf(idParam(c, 'bookingId'));
    const page = pageQuery(c, HISTORY_LIMIT);
    const messageId = c.req.query('after');
    const history =
      messageId === undefined
        ? await readHistory(ports, caller, to, page)
        : await readAfter(ports, caller, to, { messageId, limit: page.limit });
    return success(c, 'Messages', historyPayload(history, page));
  });

  routes.get('/my-conversations', async (c) => {
    const caller = await callerOf(c, parts);
    const page = pageQuery(c, LIST_LIMIT);
    return success(c, 'Conversations', listPayload(await listOwnConversations(ports, caller, page), page));
  });

  routes.get('/business/:businessId/conversations', async (c) => {
    const caller = await callerOf(c, parts);
    const businessId = idParam(c, 'businessId');
    const page = pageQuery(c, LIST_LIMIT);
    const list = await listBusinessConversations(ports, caller, businessId, page);
    return success(c, 'Conversations', listPayload(list, page));
  });

  routes.post('/mark-read', async (c) => {
    const caller = await callerOf(c, parts);
    const outcome = await markRead(ports, caller, await jsonBody(c, markReadBody));
    const { messageIds: read } = await fulfil(parts, outcome);
    return success(c, 'Messages marked as read', { messageIds: read });
  });

  routes.get('/unread-count', async (c) => {
    const { reply } = await totalUnread(ports, await callerOf(c, parts));
    return success(c, 'Unread messages', { unreadCount: reply.count });
  });

  return routes;
}

function historyPayload({ messages, total, hasMore }: History, { number, limit }: Page) {
  const pagination = { page: number, limit, total, pages: Math.ceil(total / limit), hasMore };
  return { messages: messages.map(bookingMessage), pagination };
}

function listPayload({ conversations, hasMore }: SummaryPage, { number, limit }: Page) {
  return {
    conversations: conversations.map(bookingConversation),
    pagination: { page: number, limit, hasMore },
  };
}
