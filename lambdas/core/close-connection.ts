import { stopTypingIn } from './end-typing.ts';
import type { ConnectionId } from './ids.ts';
import type { Ports } from './ports.ts';
import type { Delivery } from './signals.ts';

/** Forgets a connection that has ended; the others learn that its user types no more. Safe to repeat. */
export async function closeConnection(
  ports: Ports,
  connectionId: ConnectionId,
): Promise<readonly Delivery[]> {
  const device = await ports.connections.close(connectionId);
  const isTyping = device?.typing !== undefined && device.typing.until > ports.clock.now();
  return isTyping ? stopTypingIn(ports, device.userId, device.typing.conversationId) : [];
}
