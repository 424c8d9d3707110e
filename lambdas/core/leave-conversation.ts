import type { CommandOf } from './commands.ts';
import type { Caller } from './connection.ts';
import { stopTypingIn } from './end-typing.ts';
import { conversationIdOf } from './enter-conversation.ts';
import type { Outcome } from './outcome.ts';
import type { Ports } from './ports.ts';
import { forgetTyping } from './typing-state.ts';

/**
 * The caller's device hears no more of the conversation, and stops typing there. Leaving a room that was never joined,
 * or does not exist, is the same as having left it: no fault, and nothing learnt.
 */
export async function leaveConversation(
  ports: Ports,
  caller: Caller,
  command: CommandOf<'leave-conversation'>,
): Promise<Outcome<'leave-conversation'>> {
  const id = conversationIdOf(caller, command.to);
  const { userId, connectionId } = caller;
  const device =
    connectionId === undefined ? undefined : await ports.connections.device(userId, connectionId);
  if (device?.joined.includes(id)) await ports.connections.leave(device, id);
  // Typing needs no joining.
  const typing = device?.typing;
  if (typing?.conversationId !== id) return { reply: {}, deliveries: [] };
  await forgetTyping(ports, caller);
  const isTyping = typing.until > ports.clock.now();
  return { reply: {}, deliveries: isTyping ? await stopTypingIn(ports, userId, id) : [] };
}
