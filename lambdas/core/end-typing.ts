import type { Typing } from './connection.ts';
import type { Person } from './conversation.ts';
import { peopleBy } from './describe-message.ts';
import type { ConversationId, UserId } from './ids.ts';
import type { Ports } from './ports.ts';
import type { Delivery } from './signals.ts';
import { typingStopped } from './typing-state.ts';

/**
 * What is due when typing should have run out: word to the others, unless one of the user's devices has refreshed it
 * since. A refresh has a task of its own. Where typing ended sooner the others hear so twice, which costs little: a
 * refresh that crossed with that end was told after it, and would stand for ever.
 */
export async function endTyping(ports: Ports, userId: UserId, due: Typing): Promise<readonly Delivery[]> {
  const devices = await ports.connections.devicesOf([userId], true);
  const isRefreshed = devices.some(
    ({ typing }) => typing?.conversationId === due.conversationId && typing.until > due.until,
  );
  return isRefreshed ? [] : stopTypingIn(ports, userId, due.conversationId);
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
