import type { Device } from './connection.ts';
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
  const device = await ports.connections.close(connectionId);
  if (device || userId === undefined) return afterLeaving(ports, device);
  return dismissDevice(ports, { userId, connectionId });
}

/** Forgets a device whose connection has ended and is its wire's to keep, in the same way. */
export async function dismissDevice(ports: Ports, key: DeviceKey): Promise<readonly Delivery[]> {
  return afterLeaving(ports, await ports.connections.dismiss(key));
}

async function afterLeaving(ports: Ports, device: Device | undefined): Promise<readonly Delivery[]> {
  const isTyping = device?.typing !== undefined && device.typing.until > ports.clock.now();
  return isTyping ? stopTypingIn(ports, device.userId, device.typing.conversationId) : [];
}
