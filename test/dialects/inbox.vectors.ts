import type { InboundVector } from './vectors.ts';

/** What every dialect hears of the inbox. */
export const inboxVectors: readonly InboundVector[] = [
  ...['n-1', { notificationId: 'n-1', more: 1 }].map((payload) => ({
    name: `notification:read with ${typeof payload}`,
    event: 'notification:read',
    args: [payload],
    verb: 'read-notification' as const,
    command: { notificationId: 'n-1' },
    reply: { notificationId: 'n-1' },
    acknowledgement: { ok: true, notificationId: 'n-1' },
  })),
  ...[[], [null], [{ more: 1 }, 2]].map((args) => ({
    name: `notifications:read-all with ${JSON.stringify(args)}`,
    event: 'notifications:read-all',
    args,
    verb: 'read-all-notifications' as const,
    command: {},
    reply: {},
    acknowledgement: { ok: true },
  })),
];
