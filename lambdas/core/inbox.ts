import type { NotificationId, UserId } from './ids.ts';
import type { Notification } from './notification.ts';
import type { Page } from './ports.ts';

/** What users are to know: one list each, newest first. A notification goes 180 days after it came. */
export interface Inbox {
  /** Keeps a notification under an id that nobody else can have chosen. */
  add(notification: Notification): Promise<void>;
  /**
   * Keeps a notification unless the user has one of this id already. An answer that got lost does not matter: what turns
   * out to be this attempt's own, by its nonce, counts as new. The notification is the one that is kept; one whose first
   * attempt died half-way keeps that attempt's time.
   */
  addOnce(notification: Notification, nonce: string): Promise<Kept>;
  markRead(userId: UserId, id: NotificationId, now: number): Promise<'marked' | 'absent'>;
  /** All that was created up to now counts as read. */
  markAllRead(userId: UserId, now: number): Promise<void>;
  /** A page of all, or of those that are unread. */
  list(userId: UserId, page: Page, filter: InboxFilter, now: number): Promise<InboxPage>;
}

export type Kept = { readonly notification: Notification; readonly isNew: boolean };

export type InboxFilter = { readonly unreadOnly: boolean };

export type InboxPage = {
  readonly notifications: readonly Notification[];
  /** How many pass the filter. */
  readonly total: number;
  readonly unread: number;
};
