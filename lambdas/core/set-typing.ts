import { othersAudience } from './audience.ts';
import type { CommandOf } from './commands.ts';
import type { Caller } from './connection.ts';
import { personOf } from './describe-message.ts';
import { stopTypingIn } from './end-typing.ts';
import { enterConversation } from './enter-conversation.ts';
import type { ConversationId } from './ids.ts';
import type { Outcome } from './outcome.ts';
import type { DeviceKey, Ports } from './ports.ts';
import type { Delivery } from './signals.ts';
import { TYPING_MS } from './typing-state.ts';

/** A refresh is noted this much longer than needed, so that the next ones within that time write nothing; whole seconds. */
const REFRESH_SLACK_MS = 4_000;

/**
 * Tells the others in the conversation that the caller types, or has stopped. Nothing is stored but, on the device's
 * row, until when it holds: a refresh writes at most once in 4 s. Without one the others get the server's word that
 * typing has stopped, 8 to 12 s after the last refresh.
 *
 * @throws Fault as `enterConversation`.
 */
export async function setTyping(
  ports: Ports,
  caller: Caller,
  command: CommandOf<'set-typing'>,
): Promise<Outcome<'set-typing'>> {
  const { head } = await enterConversation(ports, caller, command.to);
  const { conversation } = head;
  const { userId, connectionId } = caller;
  const { isTyping } = command;
  const [audience, stopped] = await Promise.all([
    othersAudience(ports, head, userId),
    connectionId === undefined ? [] : note(ports, { userId, connectionId }, conversation.id, isTyping),
  ]);
  const typing = audience.address({ kind: 'typing', conversation, person: personOf(caller), isTyping });
  return { reply: {}, deliveries: [...stopped, typing] };
}

/** Keeps the device's row true; a device that turns to another conversation has stopped typing in the one before. */
async function note(
  ports: Ports,
  device: DeviceKey,
  conversationId: ConversationId,
  isTyping: boolean,
): Promise<readonly Delivery[]> {
  const known = (await ports.connections.device(device.userId, device.connectionId))?.typing;
  const now = ports.clock.now();
  const running = known && known.until > now ? known : undefined;
  const isHere = running?.conversationId === conversationId;
  if (!isTyping) {
    if (isHere) await ports.connections.saveTyping(device, undefined);
    return [];
  }
  if (isHere && running.until - now >= TYPING_MS) return [];
  await keep(ports, device, conversationId, isHere ? TYPING_MS + REFRESH_SLACK_MS : TYPING_MS);
  return running && !isHere ? stopTypingIn(ports, device.userId, running.conversationId) : [];
}

/** Whatever is written has a task of its own that ends it, so that no other's coming too early leaves it without. */
async function keep(
  ports: Ports,
  device: DeviceKey,
  conversationId: ConversationId,
  ms: number,
): Promise<void> {
  const typing = { conversationId, until: ports.clock.now() + ms };
  await Promise.all([
    ports.connections.saveTyping(device, typing),
    ports.tasks.enqueue({ kind: 'end-typing', userId: device.userId, typing }, ms / 1000),
  ]);
}
