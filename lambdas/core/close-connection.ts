import { stopTypingIn } from './end-typing.ts';
import type { ConnectionId, UserId } from './ids.ts';
import type { DeviceKey, Ports } from './ports.ts';
import type { Delivery } from './signals.ts';

/**
 * Forgets a connection that has ended; the others learn that its user types no more. Safe to repeat.
 *
 * @param userId whose device it is known to be: it goes, though nothing else is left of the connection.
 */
export async function closeConnection(
  ports: Ports,
  connectionId: ConnectionId,
  userId?: UserId,
): Promise<readonly Delivery[]> {
  const known = (await ports.connections.find(connectionId))?.caller?.userId ?? userId;
  const deliveries = known === undefined ? [] : await dismissDevice(ports, { userId: known, connectionId });
  // The connection's row goes last: as long as it stands, whoever repeats this finds out whose device it was.
  const last = (await ports.connections.close(connectionId))?.caller;
  // It may have been given its first token meanwhile.
  return known === undefined && last ? dismissDevice(ports, last) : deliveries;
}

/** Forgets a device whose connection has ended and is its wire's to keep, in the same way. */
export async function dismissDevice(ports: Ports, key: DeviceKey): Promise<readonly Delivery[]> {
  const device = await ports.connections.device(key.userId, key.connectionId);
  if (!device) return [];
  await ports.connections.dismiss(device);
  const isTyping = device.typing !== undefined && device.typing.until > ports.clock.now();
  return isTyping ? stopTypingIn(ports, device.userId, device.typing.conversationId) : [];
}
