import type { CommandOf } from './commands.ts';
import { type Caller, originOf } from './connection.ts';
import { Fault } from './fault.ts';
import { placeOf } from './ids.ts';
import type { InboxFilter, InboxPage } from './inbox.ts';
import type { Outcome } from './outcome.ts';
import type { Page, Ports } from './ports.ts';
import type { Delivery, SignalOf } from './signals.ts';

/**
 * Marks one of the caller's notifications as read, and tells the caller's other devices; doing so again changes nothing.
 * Word of a message has the message's id and is kept nowhere: there is nothing to mark, and the message stays unread.
 *
 * @throws Fault `notification-not-found`, also for somebody else's.
 */
export async function readNotification(
  ports: Ports,
  caller: Caller,
  { notificationId }: CommandOf<'read-notification'>,
): Promise<Outcome<'read-notification'>> {
  const marked = await ports.inbox.markRead(caller.userId, notificationId, ports.clock.now());
  const isOfMessage = placeOf(notificationId) !== undefined;
  if (marked === 'absent' && !isOfMessage) throw new Fault('notification-not-found');
  return { reply: { notificationId }, deliveries: [wordOf(caller, [notificationId])] };
}

/** Marks all of the caller's notifications as read, and tells the caller's other devices. */
export async function readAllNotifications(
  ports: Ports,
  caller: Caller,
): Promise<Outcome<'read-all-notifications'>> {
  await ports.inbox.markAllRead(caller.userId, ports.clock.now());
  return { reply: {}, deliveries: [wordOf(caller, 'all')] };
}

/** A page of the caller's notifications, newest first. */
export function listNotifications(
  ports: Ports,
  { userId }: Caller,
  page: Page,
  filter: InboxFilter,
): Promise<InboxPage> {
  return ports.inbox.list(userId, page, filter, ports.clock.now());
}

function wordOf(
  caller: Caller,
  notificationIds: SignalOf<'notifications-read'>['notificationIds'],
): Delivery {
  const by = originOf(caller);
  const signal = { kind: 'notifications-read', notificationIds, ...(by !== undefined && { by }) } as const;
  return { signal, users: [caller.userId] };
}
