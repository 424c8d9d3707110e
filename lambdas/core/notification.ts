import type { NotificationId, UserId } from './ids.ts';

/** Something that a user is to know, kept in the user's inbox. */
export type Notification = {
  readonly id: NotificationId;
  readonly userId: UserId;
  readonly type: string;
  readonly title: string;
  readonly message: string;
  readonly link?: string;
  /** Plain JSON. */
  readonly data?: unknown;
  /** In ms. */
  readonly createdAt: number;
  readonly isRead: boolean;
};
