import type { CommandOf } from './commands.ts';
import type { Caller } from './connection.ts';
import { contactsOf } from './contacts.ts';
import { enterConversation } from './enter-conversation.ts';
import type { UserId } from './ids.ts';
import type { Outcome } from './outcome.ts';
import type { Ports } from './ports.ts';
import { onlineAmong, statusesOf } from './presence.ts';

/** Members whose presence is read, the first ones of a conversation. */
const MOST_MEMBERS = 500;

/**
 * Whether these users are online. Who sees but contacts come and go learns nothing of anybody else: they are offline,
 * whether or not they exist.
 */
export async function readPresence(
  ports: Ports,
  caller: Caller,
  { userIds }: CommandOf<'read-presence'>,
): Promise<Outcome<'read-presence'>> {
  const visible = await visibleTo(ports, caller, [...new Set(userIds)]);
  const known = await statusesOf(ports, visible);
  const statuses = userIds.map((userId) => known.get(userId) ?? { userId, isOnline: false });
  return { reply: { statuses }, deliveries: [] };
}

/**
 * Those of a conversation who are online, the caller included.
 *
 * @throws Fault as `enterConversation`.
 */
export async function listOnline(
  ports: Ports,
  caller: Caller,
  { to }: CommandOf<'list-online'>,
): Promise<Outcome<'list-online'>> {
  const { head } = await enterConversation(ports, caller, to);
  const members = head.members.slice(0, MOST_MEMBERS).map(({ userId }) => userId);
  return { reply: { userIds: [...(await onlineAmong(ports, members))] }, deliveries: [] };
}

async function visibleTo(
  ports: Ports,
  caller: Caller,
  userIds: readonly UserId[],
): Promise<readonly UserId[]> {
  const others = userIds.filter((userId) => userId !== caller.userId);
  if (others.length === 0 || ports.presence.scopeOf(caller) === 'everyone') return userIds;
  const contacts = await contactsOf(ports, caller.userId);
  return userIds.filter((userId) => userId === caller.userId || contacts.has(userId));
}
