import { othersAudience } from './audience.ts';
import type { CommandOf } from './commands.ts';
import type { Caller, Typing } from './connection.ts';
import { personOf } from './describe-message.ts';
import { stopTypingIn } from './end-typing.ts';
import { enterConversation } from './enter-conversation.ts';
import type { ConversationId } from './ids.ts';
import type { Outcome } from './outcome.ts';
import type { DeviceKey, Ports } from './ports.ts';
import type { Delivery } from './signals.ts';
import { TYPING_MS } from './typing-state.ts';

/** A refresh is noted this much longer than needed, so that the next ones within that time write nothing. */
const REFRESH_SLACK_MS = 4_000;

/**
 * Tells the others in the conversation that the caller types, or has stopped. Nothing is stored but, on the device's
 * row, until when it holds: a refresh writes at most once in 4 s. Without one the others get the server's word that
 * typing has stopped, 8 to 12 s after the last refresh.
 *
 * @throws Fault `booking-not-found`, `not-a-party`.
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
  if (running?.conversationId === conversationId) await update(ports, device, running, isTyping);
  else if (isTyping) {
    await begin(ports, device, { conversationId, until: now + TYPING_MS });
    if (running) return stopTypingIn(ports, device.userId, running.conversationId);
  }
  return [];
}

async function update(ports: Ports, device: DeviceKey, running: Typing, isTyping: boolean): Promise<void> {
  const { conversationId, until } = running;
  const now = ports.clock.now();
  if (!isTyping) return ports.connections.saveTyping(device, undefined);
  if (until - now >= TYPING_MS) return;
  await ports.connections.saveTyping(device, { conversationId, until: now + TYPING_MS + REFRESH_SLACK_MS });
}

async function begin(ports: Ports, device: DeviceKey, typing: Typing): Promise<void> {
  await ports.connections.saveTyping(device, typing);
  const task = { kind: 'end-typing', device, conversationId: typing.conversationId } as const;
  await ports.tasks.enqueue(task, TYPING_MS / 1000);
}
