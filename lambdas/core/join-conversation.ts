import type { CommandOf } from './commands.ts';
import type { Caller } from './connection.ts';
import { type Head, lastSeq } from './conversation.ts';
import { enterConversation } from './enter-conversation.ts';
import { Fault } from './fault.ts';
import type { Outcome } from './outcome.ts';
import type { Ports } from './ports.ts';

type Join = CommandOf<'join-conversation'>;

const KNOCK_ATTEMPTS = 30;

/**
 * Lets the caller's device hear what is said in the conversation from now on. Joining again changes nothing.
 *
 * Once this is answered no message is missed: a send that read the conversation's devices before the join loses its
 * race for the next place to the knock, and reads them again; one that won it is in the history already.
 *
 * @throws Fault as `enterConversation`, `too-many-rooms`, `busy`, and `token-missing` for a caller without
 *   a connection, or whose connection has ended.
 */
export async function joinConversation(
  ports: Ports,
  caller: Caller,
  command: Join,
): Promise<Outcome<'join-conversation'>> {
  const { head } = await enterConversation(ports, caller, command.to, 'take-part');
  const { userId, connectionId } = caller;
  if (connectionId === undefined) throw new Fault('token-missing');
  const joined = await ports.connections.join({ userId, connectionId }, head.conversation.id, lastSeq(head));
  if (joined === 'full') throw new Fault('too-many-rooms');
  if (joined === 'gone') throw new Fault('token-missing');
  const seq = lastSeq(await knock(ports, caller, command, head));
  const { conversation } = head;
  return { reply: { conversation }, deliveries: [], place: { conversationId: conversation.id, seq } };
}

/** @returns the room as it was then: what is in it is in the history, and what follows is pushed. */
async function knock(ports: Ports, caller: Caller, command: Join, head: Head): Promise<Head> {
  let latest = head;
  for (let attempt = 1; attempt <= KNOCK_ATTEMPTS; attempt += 1) {
    const mark = { token: ports.nonce(), at: ports.clock.now() };
    const outcome = await ports.log.knock(latest.conversation.id, lastSeq(latest) + 1, mark);
    if (outcome === 'knocked') return latest;
    ({ head: latest } = await enterConversation(ports, caller, command.to));
  }
  throw new Fault('busy');
}
