import type { UserId } from './ids.ts';
import type { Ports } from './ports.ts';

/** Whether somebody is there; `lastSeen` (ms) of who was there before. */
export type Status = { readonly userId: UserId; readonly isOnline: boolean; readonly lastSeen?: number };

/** Users whose devices are read at once. */
const AT_ONCE = 50;

/** Those of these users who are online. */
export async function onlineAmong(ports: Ports, userIds: readonly UserId[]): Promise<ReadonlySet<UserId>> {
  const online = new Set<UserId>();
  for (let from = 0; from < userIds.length; from += AT_ONCE) {
    const devices = await ports.connections.devicesOf(userIds.slice(from, from + AT_ONCE), false);
    for (const { userId } of devices) online.add(userId);
  }
  return online;
}
