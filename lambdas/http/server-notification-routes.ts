import { Hono } from 'hono/tiny';
import * as z from 'zod/mini';
import { createNotification } from '../core/create-notification.ts';
import { content, defined, id, json, line, OBJECT } from '../dialects/payload.ts';
import { notificationPayload } from '../dialects/shared-signals.ts';
import type { HttpParts } from './app.ts';
import { created } from './envelope.ts';
import { jsonBody } from './request.ts';

const TYPE_MAX = 64;
const TITLE_MAX = 256;
const LINK_MAX = 2_048;
/** Of `data` as JSON: an inbox is read a hundred at a time. */
const DATA_MAX_BYTES = 16 * 1024;

/** What the platform says of a notification; with an `id` of its own it may say so again. */
export const NOTIFICATION_BODY = z.object(
  {
    userId: id,
    type: line(TYPE_MAX),
    title: line(TITLE_MAX),
    message: content,
    link: z.optional(line(LINK_MAX)),
    data: z.optional(json(DATA_MAX_BYTES)),
    id: z.optional(id),
  },
  { error: OBJECT },
);

/** The platform's notifications, below `/api/server/notifications`; whoever mounts them lets service tokens alone in. */
export function serverNotificationRoutes(parts: HttpParts): Hono {
  const routes = new Hono();

  routes.post('/', async (c) => {
    const { userId, type, title, message, ...optional } = await jsonBody(c, NOTIFICATION_BODY);
    const draft = { userId, type, title, message, ...defined(optional) };
    const { notification, deliveries } = await createNotification(parts.ports, draft);
    await parts.deliver(deliveries);
    return created(c, 'Notification sent', { notification: notificationPayload(notification) });
  });

  return routes;
}
