import type { UserId } from './ids.ts';

/** What a device may be told right after it has connected. */
export type Greeting = {
  readonly person: {
    readonly userId: UserId;
    readonly name: string;
    readonly username?: string;
    readonly email?: string;
  };
  /** Whom the device sees of those who are online, its own user included: 500 at most. */
  readonly onlineUsers: readonly OnlineUser[];
};

/** Somebody who is online. The e-mail address is there for contacts and admins alone. */
export type OnlineUser = {
  readonly userId: UserId;
  readonly name: string;
  readonly username?: string;
  readonly email?: string;
  readonly role?: string;
  /** Since when they are there, in ms. */
  readonly lastSeen: number;
};
