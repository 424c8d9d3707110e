import type { Person } from './conversation.ts';
import { peopleBy } from './describe-message.ts';
import type { ConversationId, UserId } from './ids.ts';
import type { DeviceKey, Ports } from './ports.ts';
import type { Delivery } from './signals.ts';
import { typingStopped } from './typing-state.ts';

/**
 * What is due when a device's typing should have run out: word to the others, or another look later if it was
 * refreshed. A device that is gone, or types elsewhere by now, has been dealt with where that happened.
 */
export async function endTyping(
  ports: Ports,
  device: DeviceKey,
  conversationId: ConversationId,
): Promise<readonly Delivery[]> {
  const typing = (await ports.connections.device(device.userId, device.connectionId))?.typing;
  if (typing?.conversationId !== conversationId) return [];
  const remaining = typing.until - ports.clock.now();
  if (remaining > 0) {
    const task = { kind: 'end-typing', device, conversationId } as const;
    await ports.tasks.enqueue(task, Math.ceil(remaining / 1000));
    return [];
  }
  await ports.connections.saveTyping(device, undefined);
  return stopTypingIn(ports, device.userId, conversationId);
}

/** Word to the others in a conversation that a user has stopped typing there, from the user's id alone. */
export async function stopTypingIn(
  ports: Ports,
  userId: UserId,
  conversationId: ConversationId,
): Promise<readonly Delivery[]> {
  const [head, profiles] = await Promise.all([
    ports.log.head(conversationId),
    ports.directory.profiles([userId]),
  ]);
  const person: Person = peopleBy(profiles)(userId);
  return head ? [typingStopped(head, person)] : [];
}
