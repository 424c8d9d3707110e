import { deleteEntry, entryAt } from './amend-message.ts';
import type { CommandOf } from './commands.ts';
import type { Caller } from './connection.ts';
import { Fault } from './fault.ts';
import { type ConversationId, type MessageId, placeOf, SYSTEM, type UserId } from './ids.ts';
import { markConversationRead } from './mark-conversation-read.ts';
import { markRead } from './mark-read.ts';
import type { Outcome } from './outcome.ts';
import type { Ports } from './ports.ts';
import { publishMessage } from './publish-message.ts';

/** What the platform's own backend does in conversations (RULINGS §4): in its own name, or in a user's. */

type Said = Omit<CommandOf<'publish-message'>, 'to' | 'role'>;

/**
 * Says something in a conversation: in a member's name, or, without a sender, as a `system` message of the platform's.
 *
 * @throws Fault as `publishMessage`, `user-not-found`.
 */
export async function publishForPlatform(
  ports: Ports,
  conversationId: ConversationId,
  senderId: UserId | undefined,
  said: Said,
): Promise<Outcome<'publish-message'>> {
  const caller = senderId === undefined ? PLATFORM : await callerNamed(ports, senderId);
  return publishMessage(ports, caller, { ...said, to: { conversationId } });
}

/**
 * Marks messages as read in a user's name, or all of the conversation.
 *
 * @throws Fault as `markRead`, `user-not-found`.
 */
export async function readForPlatform(
  ports: Ports,
  conversationId: ConversationId,
  userId: UserId,
  messageIds: readonly MessageId[] | undefined,
): Promise<Outcome<'mark-read' | 'mark-conversation-read'>> {
  const caller = await callerNamed(ports, userId);
  const to = { conversationId };
  if (messageIds) return markRead(ports, caller, { messageIds, within: to });
  return markConversationRead(ports, caller, { to });
}

/**
 * Takes back any message; again changes nothing.
 *
 * @throws Fault `message-not-found`.
 */
export async function deleteForPlatform(
  ports: Ports,
  messageId: MessageId,
): Promise<Outcome<'delete-message'>> {
  const place = placeOf(messageId);
  const head = place && (await ports.log.head(place.conversationId));
  if (!head) throw new Fault('message-not-found');
  return deleteEntry(ports, head, await entryAt(ports, head, place.seq), SYSTEM);
}

const PLATFORM: Caller = {
  userId: SYSTEM,
  name: 'System',
  dialect: 'conversation',
  expiresAt: Number.POSITIVE_INFINITY,
};

async function callerNamed(ports: Ports, userId: UserId): Promise<Caller> {
  const profile = await ports.directory.profile(userId);
  if (!profile) throw new Fault('user-not-found', userId);
  return {
    ...PLATFORM,
    userId,
    name: profile.name,
    ...(profile.email !== undefined && { email: profile.email }),
  };
}
