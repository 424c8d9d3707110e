import type { UserId } from '../../lambdas/core/ids.ts';
import type { Inbox } from '../../lambdas/core/inbox.ts';
import type { Notification } from '../../lambdas/core/notification.ts';
import type { Immediate } from './in-turn.ts';

type Lying = { notification: Notification; readonly nonce?: string; isMarked: boolean };
type UsersInbox = { readonly lying: Map<string, Lying>; allReadUpTo: number };

const KEPT_MS = 180 * 24 * 60 * 60 * 1000;

/** Users' inboxes, in memory. */
export function memoryInbox(inboxes = new Map<UserId, UsersInbox>()): Immediate<Inbox> {
  const of = (userId: UserId): UsersInbox => {
    const found = inboxes.get(userId) ?? { lying: new Map(), allReadUpTo: 0 };
    inboxes.set(userId, found);
    return found;
  };
  const seen = ({ allReadUpTo }: UsersInbox, { notification, isMarked }: Lying): Notification => ({
    ...structuredClone(notification),
    isRead: isMarked || notification.createdAt <= allReadUpTo,
  });
  return {
    add: (notification) =>
      void of(notification.userId).lying.set(notification.id, { notification, isMarked: false }),
    addOnce: (notification, nonce) => {
      const inbox = of(notification.userId);
      const known = inbox.lying.get(notification.id);
      if (known && !isOver(known, notification.createdAt)) {
        return { notification: seen(inbox, known), isNew: known.nonce === nonce };
      }
      inbox.lying.set(notification.id, { notification, nonce, isMarked: false });
      return { notification, isNew: true };
    },
    markRead: (userId, id, now) => {
      const known = of(userId).lying.get(id);
      if (!known || isOver(known, now)) return 'absent';
      known.isMarked = true;
      return 'marked';
    },
    markAllRead: (userId, now) => {
      const inbox = of(userId);
      inbox.allReadUpTo = Math.max(inbox.allReadUpTo, now);
    },
    list: (userId, { number, limit }, { unreadOnly }, now) => {
      const inbox = of(userId);
      const all = [...inbox.lying.values()]
        .filter((one) => !isOver(one, now))
        .map((one) => seen(inbox, one))
        .sort(newestFirst);
      const unread = all.filter(({ isRead }) => !isRead);
      const shown = unreadOnly ? unread : all;
      const notifications = shown.slice((number - 1) * limit, number * limit);
      return { notifications, total: shown.length, unread: unread.length };
    },
  };
}

function isOver({ notification }: Lying, now: number): boolean {
  return now - notification.createdAt > KEPT_MS;
}

function newestFirst(a: Notification, b: Notification): number {
  return b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
}
