import { type NotificationId, notificationIdAt } from './ids.ts';
import type { Kept } from './inbox.ts';
import type { Notification } from './notification.ts';
import type { Ports } from './ports.ts';
import type { Delivery } from './signals.ts';

/** A notification as whoever tells of it has it. With an id of theirs it may be told again: it is kept once. */
export type NotificationDraft = Omit<Notification, 'id' | 'createdAt' | 'isRead'> & {
  readonly id?: NotificationId;
};

type Created = { readonly notification: Notification; readonly deliveries: readonly Delivery[] };

/**
 * Puts a notification into its user's inbox and tells the user's devices, the first time alone. The inbox is the truth: a
 * function that dies between the two has told nobody.
 */
export async function createNotification(ports: Ports, draft: NotificationDraft): Promise<Created> {
  const { notification, isNew } = await keepNotification(ports, draft);
  const signal = { kind: 'notification-created', notification } as const;
  return { notification, deliveries: isNew ? [{ signal, users: [notification.userId] }] : [] };
}

/** The same without a word to anybody. */
export async function keepNotification(ports: Ports, draft: NotificationDraft): Promise<Kept> {
  const nonce = ports.nonce();
  const now = ports.clock.now();
  const { id } = draft;
  const notification = { ...draft, id: id ?? notificationIdAt(now, nonce), createdAt: now, isRead: false };
  if (id !== undefined) return ports.inbox.addOnce(notification, nonce);
  await ports.inbox.add(notification);
  return { notification, isNew: true };
}
