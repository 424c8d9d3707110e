import type { UserId } from './ids.ts';

/** Something that a user is to know, kept in the user's inbox. */
export type Notification = {
  /** Sorts by the time of creation. */
  readonly id: string;
  readonly userId: UserId;
  readonly type: string;
  readonly title: string;
  readonly message: string;
  readonly link?: string;
  readonly data?: unknown;
  /** In ms. */
  readonly createdAt: number;
  readonly isRead: boolean;
};
