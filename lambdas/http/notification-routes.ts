import { Hono } from 'hono/tiny';
import type { InboxPage } from '../core/inbox.ts';
import type { Page } from '../core/ports.ts';
import { listNotifications, readAllNotifications, readNotification } from '../core/read-notifications.ts';
import { notificationPayload } from '../dialects/shared-signals.ts';
import type { HttpParts } from './app.ts';
import { success } from './envelope.ts';
import { fulfil } from './fulfil.ts';
import { callerOf, flagQuery, idParam, pageQuery } from './request.ts';

const LIMIT = 20;

/** The inbox over REST, below `/api/notifications` (RULINGS §2 “conversation”). */
export function notificationRoutes(parts: HttpParts): Hono {
  const { ports } = parts;
  const routes = new Hono();

  routes.get('/', async (c) => {
    const caller = await callerOf(c, parts);
    const page = pageQuery(c, LIMIT);
    const list = await listNotifications(ports, caller, page, { unreadOnly: flagQuery(c, 'unread') });
    return success(c, 'Notifications', listPayload(list, page));
  });

  routes.put('/read-all', async (c) => {
    await fulfil(parts, await readAllNotifications(ports, await callerOf(c, parts)));
    return success(c, 'Notifications marked as read', {});
  });

  routes.put('/:notificationId/read', async (c) => {
    const caller = await callerOf(c, parts);
    const command = { notificationId: idParam(c, 'notificationId') };
    const reply = await fulfil(parts, await readNotification(ports, caller, command));
    return success(c, 'Notification marked as read', reply);
  });

  return routes;
}

function listPayload({ notifications, total, unread }: InboxPage, { number, limit }: Page) {
  const pages = Math.ceil(total / limit);
  return {
    notifications: notifications.map(notificationPayload),
    unreadCount: unread,
    pagination: { page: number, limit, total, pages, hasMore: number < pages },
  };
}
