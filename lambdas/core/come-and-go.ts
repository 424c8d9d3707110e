import type { Device } from './connection.ts';
import type { DeviceKey, Ports, Task } from './ports.ts';
import { isPresent, presentDevices } from './presence.ts';
import { type Tell, tellPresence } from './tell-presence.ts';

type EndPresence = Extract<Task, { readonly kind: 'end-presence' }>;

/** How far apart the clocks of two functions may be; AWS keeps them within milliseconds. */
const CLOCKS_DIFFER_MS = 1_000;

/**
 * What follows from a device that has come: word that its user is online, unless an older one has made that known, or
 * is about to. That older one may end before its own turn comes, so whoever finds no older one speaks up.
 */
export async function beginPresence(
  ports: Ports,
  tell: Tell,
  { userId, connectionId }: DeviceKey,
): Promise<void> {
  const devices = await presentDevices(ports, userId);
  const own = devices.find((device) => device.connectionId === connectionId);
  const isFirst = own ? devices.every((device) => !isOlder(device, own)) : devices.length > 0;
  if (isFirst) await tellPresence(ports, tell, userId);
}

/**
 * What follows from a device that has ended, and has not come back within its grace: it is forgotten and, where it was
 * its user's last one, the user has gone. Of two that end at once one speaks up.
 */
export async function endPresence(
  ports: Ports,
  tell: Tell,
  { userId, connectionId, connectedAt }: EndPresence,
): Promise<void> {
  const at = ports.clock.now();
  const devices = await ports.connections.everyDeviceOf([userId], true);
  const own = devices.find((device) => device.connectionId === connectionId);
  const others = devices.filter((device) => device !== own && isPresent(ports, device));
  const end = { userId, connectionId, since: connectedAt + CLOCKS_DIFFER_MS, at };
  const isTold = others.length > 0 || (await ports.lastSeen.note(end)) === 'known';
  // Before anybody is told, who would look whether it is there.
  if (own) await ports.connections.dismiss(own);
  if (!isTold) await tellPresence(ports, tell, userId);
}

function isOlder(one: Device, other: Device): boolean {
  const age = one.connectedAt - other.connectedAt;
  return age < 0 || (age === 0 && one.connectionId < other.connectionId);
}
