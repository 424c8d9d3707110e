import type { Caller, Device } from './connection.ts';
import type { Head, Person } from './conversation.ts';
import { personOf } from './describe-message.ts';
import type { UserId } from './ids.ts';
import type { Ports } from './ports.ts';
import type { Delivery } from './signals.ts';

/** Typing ends on the server's word this long after the last refresh, in ms (RULINGS §1 “Typing”). */
export const TYPING_MS = 8_000;

/** Word to the others that the sender of a message has stopped typing, if any of the sender's devices was. */
export function endOfTyping(
  head: Head,
  caller: Caller,
  devices: readonly Device[],
  now: number,
): readonly Delivery[] {
  const isTyping = devices.some(
    ({ userId, typing }) =>
      userId === caller.userId && typing?.conversationId === head.conversation.id && typing.until > now,
  );
  if (!isTyping) return [];
  const others = devices.filter((device) => device.userId !== caller.userId);
  return [{ ...typingStopped(head, personOf(caller)), devices: others }];
}

/** Word to the others in the conversation that this person has stopped typing. */
export function typingStopped(head: Head, person: Person): Delivery {
  return {
    signal: { kind: 'typing', conversation: head.conversation, person, isTyping: false },
    users: othersIn(head, person.userId),
  };
}

/** Clears what the caller's own device said of typing. */
export async function forgetTyping(ports: Ports, { userId, connectionId }: Caller): Promise<void> {
  if (connectionId !== undefined) await ports.connections.saveTyping({ userId, connectionId }, undefined);
}

function othersIn(head: Head, userId: UserId): readonly UserId[] {
  return head.members.map((member) => member.userId).filter((other) => other !== userId);
}
