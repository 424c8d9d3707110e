import type { Device } from './connection.ts';
import type { UserId } from './ids.ts';
import type { Ports } from './ports.ts';

/** Whether somebody is there; `lastSeen` (ms) of who was there before. */
export type Status = { readonly userId: UserId; readonly isOnline: boolean; readonly lastSeen?: number };

/** No connection lasts longer, in ms: what is left of an older device is of one that ended without anybody noticing. */
const LONGEST_MS = (2 * 60 + 10) * 60_000;
/** Users whose devices are read at once. */
const AT_ONCE = 50;

/** How each of these users stands. */
export async function statusesOf(
  ports: Ports,
  userIds: readonly UserId[],
): Promise<ReadonlyMap<UserId, Status>> {
  const online = await onlineAmong(ports, userIds);
  const offline = userIds.filter((userId) => !online.has(userId));
  const seen = offline.length > 0 ? await ports.lastSeen.of(offline) : new Map<UserId, number>();
  return new Map(
    userIds.map((userId) => {
      const lastSeen = seen.get(userId);
      const isOnline = online.has(userId);
      return [userId, { userId, isOnline, ...(lastSeen !== undefined && { lastSeen }) }];
    }),
  );
}

/** Those of these users who are online. */
export async function onlineAmong(ports: Ports, userIds: readonly UserId[]): Promise<ReadonlySet<UserId>> {
  const online = new Set<UserId>();
  for (let from = 0; from < userIds.length; from += AT_ONCE) {
    const devices = await ports.connections.everyDeviceOf(userIds.slice(from, from + AT_ONCE), false);
    for (const device of devices) if (isPresent(ports, device)) online.add(device.userId);
  }
  return online;
}

/** Whether this user is online at this moment, and else when that was last. */
export async function statusOf(ports: Ports, userId: UserId): Promise<Status> {
  if ((await presentDevices(ports, userId)).length > 0) return { userId, isOnline: true };
  const lastSeen = (await ports.lastSeen.of([userId])).get(userId);
  return { userId, isOnline: false, ...(lastSeen !== undefined && { lastSeen }) };
}

/** The devices by which a user is online at this moment. */
export async function presentDevices(ports: Ports, userId: UserId): Promise<readonly Device[]> {
  const devices = await ports.connections.everyDeviceOf([userId], true);
  return devices.filter((device) => isPresent(ports, device));
}

type Lasting = Pick<Device, 'connectedAt' | 'lostAt'>;

/** A device counts as there while its connection lasts and, where that is lost, for the grace that follows. */
export function isPresent({ clock, presence }: Ports, { connectedAt, lostAt }: Lasting): boolean {
  const until = lostAt === undefined ? connectedAt + LONGEST_MS : lostAt + presence.graceSeconds * 1000;
  return clock.now() < until;
}
