import type { NotificationEvent } from './shared.ts';
import type { Told } from './speech.ts';

/** What the dialects' events of the inbox mean. */

/** A notification; one of a message is kept in its conversation alone. */
export function notified(notification: NotificationEvent): readonly Told[] {
  if (notification.type !== 'new_message') return [{ kind: 'notified', notification }];
  const { conversationId } = Object(notification.data) as { readonly conversationId?: unknown };
  return typeof conversationId === 'string' ? [{ kind: 'message-elsewhere', conversationId }] : [];
}

/** A notification that was read, by its id or in an object with it. */
export function notificationRead(read: string | { readonly notificationId: string }): readonly Told[] {
  const id = typeof read === 'string' ? read : read.notificationId;
  return [{ kind: 'notifications-read', notificationIds: [id] }];
}

export function allNotificationsRead(): readonly Told[] {
  return [{ kind: 'notifications-read', notificationIds: 'all' }];
}

/** Somebody who comes, or goes. */
export function comesOnline({ userId }: { readonly userId: string }): readonly Told[] {
  return [{ kind: 'presence', userId, isOnline: true }];
}

export function goesOffline({ userId }: { readonly userId: string }): readonly Told[] {
  return [{ kind: 'presence', userId, isOnline: false }];
}
