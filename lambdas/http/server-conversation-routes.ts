import { Hono } from 'hono/tiny';
import * as z from 'zod/mini';
import { openConversation } from '../core/open-conversation.ts';
import { deleteForPlatform, publishForPlatform, readForPlatform } from '../core/speak-for-platform.ts';
import { conversationMessage, conversationPayload } from '../dialects/conversation-payload.ts';
import { messageFields, messageForm } from '../dialects/message-fields.ts';
import { defined, id, line, messageIds, OBJECT, title } from '../dialects/payload.ts';
import type { HttpParts } from './app.ts';
import { created, success } from './envelope.ts';
import { fulfil } from './fulfil.ts';
import { idParam, jsonBody } from './request.ts';

const PARTICIPANTS_MAX = 1_000;
const KEY_MAX = 128;

/** The sides of a conversation, as the platforms' documents call them. */
const ROLES = {
  client: 'client',
  customer: 'client',
  business: 'business',
  admin: 'admin',
  member: 'member',
} as const;

const participant = z.object(
  {
    userId: id,
    role: z.optional(
      z.enum(Object.keys(ROLES) as (keyof typeof ROLES)[], {
        error: `must be one of ${Object.keys(ROLES).join(', ')}`,
      }),
    ),
  },
  { error: OBJECT },
);

export const conversationBody = z.object(
  {
    participants: z.array(participant, { error: 'must be a list of participants' }).check(
      z.refine((list) => list.length > 0 && list.length <= PARTICIPANTS_MAX, {
        error: `must hold 1 to ${PARTICIPANTS_MAX} participants`,
      }),
    ),
    bookingId: z.optional(id),
    title: z.optional(title),
    key: z.optional(line(KEY_MAX)),
  },
  { error: OBJECT },
);

export const serverMessageBody = z.object({ ...messageFields, senderId: z.optional(id) }, { error: OBJECT });

export const serverReadBody = z.object({ userId: id, messageIds: z.optional(messageIds) }, { error: OBJECT });

/** What the platform's backend does in conversations (RULINGS §4), below `/api/server`. */
export function serverConversationRoutes(parts: HttpParts): Hono {
  const { ports } = parts;
  const routes = new Hono();

  routes.post('/conversations', async (c) => {
    const { participants, ...wanted } = await jsonBody(c, conversationBody);
    const conversation = await openConversation(ports, {
      ...defined(wanted),
      participants: participants.map(({ userId, role }) => ({ userId, ...(role && { role: ROLES[role] }) })),
    });
    return created(c, 'Conversation', { conversation: conversationPayload(conversation) });
  });

  routes.post('/conversations/:id/messages', async (c) => {
    const conversationId = idParam(c, 'id');
    const { senderId, ...said } = await jsonBody(c, serverMessageBody);
    const outcome = await publishForPlatform(ports, conversationId, senderId, messageForm(said));
    const { message } = await fulfil(parts, outcome);
    return created(c, 'Message sent', { message: conversationMessage(message) });
  });

  routes.post('/conversations/:id/read', async (c) => {
    const conversationId = idParam(c, 'id');
    const { userId, messageIds: ids } = await jsonBody(c, serverReadBody);
    const { messageIds: read } = await fulfil(
      parts,
      await readForPlatform(ports, conversationId, userId, ids),
    );
    return success(c, 'Messages marked as read', { conversationId, messageIds: read });
  });

  routes.delete('/messages/:messageId', async (c) => {
    const { message } = await fulfil(parts, await deleteForPlatform(ports, idParam(c, 'messageId')));
    return success(c, 'Message deleted', { message: conversationMessage(message) });
  });

  return routes;
}
