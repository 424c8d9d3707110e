import { event } from './dialect.ts';
import { idOrObject, nothing } from './payload.ts';

/** What every dialect hears alike: rows of their tables of events. */

/** Word of what the user has read of the inbox; the user's other devices learn of it. */
export const inboxEvents = {
  'notification:read': event(idOrObject('notificationId', 'notification'), (notificationId) => ({
    verb: 'read-notification',
    command: { notificationId },
    acknowledge: (reply) => ({ ok: true, notificationId: reply.notificationId }),
  })),
  'notifications:read-all': event(nothing, () => ({
    verb: 'read-all-notifications',
    command: {},
    acknowledge: () => ({ ok: true }),
  })),
};
