import type { CommandOf } from './commands.ts';
import type { Caller } from './connection.ts';
import { enterConversation } from './enter-conversation.ts';
import type { Outcome } from './outcome.ts';
import type { Ports } from './ports.ts';

/**
 * Changes where a conversation stands, or its title; everybody who takes part may, and is told.
 *
 * @throws Fault as `enterConversation`.
 */
export async function changeConversation(
  ports: Ports,
  caller: Caller,
  { to, status, title }: CommandOf<'change-conversation'>,
): Promise<Outcome<'change-conversation'>> {
  const { head } = await enterConversation(ports, caller, to, 'take-part');
  const change = { ...(status !== undefined && { status }), ...(title !== undefined && { title }) };
  await ports.conversations.change(head.conversation.id, change);
  const { id } = head.conversation;
  return {
    reply: { conversation: { ...head.conversation, ...change } },
    deliveries: [],
    afterwards: () => ports.tasks.enqueue({ kind: 'tell-update', conversationId: id }),
  };
}
