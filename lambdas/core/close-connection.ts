import type { Device } from './connection.ts';
import { stopTypingIn } from './end-typing.ts';
import type { ConnectionId, UserId } from './ids.ts';
import type { DeviceKey, Ports } from './ports.ts';
import type { Delivery } from './signals.ts';

/** How a connection has ended: its client has left, or may be back in a moment. */
export type Ending = 'left' | 'lost';

/**
 * Forgets a connection that has ended; the others learn that its user types no more, and in the end has gone. Safe to
 * repeat.
 *
 * @param userId whose device it is known to be: it ends, though nothing else is left of the connection.
 */
export async function closeConnection(
  ports: Ports,
  connectionId: ConnectionId,
  ending: Ending,
  userId?: UserId,
): Promise<readonly Delivery[]> {
  const known = (await ports.connections.find(connectionId))?.caller?.userId ?? userId;
  const end = (whose: UserId) => closeDevice(ports, { userId: whose, connectionId }, ending);
  const deliveries = known === undefined ? [] : await end(known);
  // The connection's row goes last: as long as it stands, whoever repeats this finds out whose device it was.
  const last = (await ports.connections.close(connectionId))?.caller;
  // It may have been given its first token meanwhile.
  return known === undefined && last ? end(last.userId) : deliveries;
}

/** Ends a device whose connection is its wire's to keep, in the same way. A client that says goodbye late has left. */
export async function dismissDevice(
  ports: Ports,
  key: DeviceKey,
  ending: Ending,
): Promise<readonly Delivery[]> {
  const device = await ports.connections.device(key.userId, key.connectionId);
  const isKnown = device?.lostAt !== undefined && ending === 'lost';
  return device && !isKnown ? endDevice(ports, device, ending) : [];
}

/** Ends a device. What follows for its user's presence is a task, which comes whatever becomes of this. */
export async function endDevice(ports: Ports, device: Device, ending: Ending): Promise<readonly Delivery[]> {
  const { userId, connectionId, connectedAt, typing } = device;
  const delaySeconds = ending === 'lost' ? ports.presence.graceSeconds : 0;
  await ports.tasks.enqueue({ kind: 'end-presence', userId, connectionId, connectedAt }, delaySeconds);
  if (ending === 'lost') await ports.connections.lose(device, ports.clock.now());
  else await ports.connections.dismiss(device);
  const isTyping = typing !== undefined && typing.until > ports.clock.now();
  return isTyping ? stopTypingIn(ports, userId, typing.conversationId) : [];
}

/** One that was lost before, and then cut off, is not told to have left by the end that follows. */
async function closeDevice(ports: Ports, key: DeviceKey, ending: Ending): Promise<readonly Delivery[]> {
  const device = await ports.connections.device(key.userId, key.connectionId);
  return device && device.lostAt === undefined ? endDevice(ports, device, ending) : [];
}
