import type { CommandOf } from './commands.ts';
import type { Caller } from './connection.ts';
import { personOf } from './describe-message.ts';
import { conversationIdOf, enterWith } from './enter-conversation.ts';
import { Fault } from './fault.ts';
import type { ConversationId, UserId } from './ids.ts';
import type { Outcome } from './outcome.ts';
import type { Page, Ports } from './ports.ts';
import { pageOf, readHistory } from './read-history.ts';

/**
 * A page of history as the answer to an event. Two users who have said nothing yet have an empty one: reading does not
 * open their conversation.
 *
 * @throws Fault as `readHistory`, and `receiver-not-found` for a user whom nobody knows.
 */
export async function browseHistory(
  ports: Ports,
  caller: Caller,
  { to, page }: CommandOf<'read-history'>,
): Promise<Outcome<'read-history'>> {
  const isPair = 'userId' in to && !(await isOpen(ports, to.conversationId));
  if (isPair) return historyWith(ports, caller, to.userId, page);
  return { reply: { history: await readHistory(ports, caller, to, page) }, deliveries: [] };
}

async function isOpen(ports: Ports, id: ConversationId | undefined): Promise<boolean> {
  return id !== undefined && (await ports.log.head(id)) !== undefined;
}

async function historyWith(
  ports: Ports,
  caller: Caller,
  userId: UserId,
  page: Page,
): Promise<Outcome<'read-history'>> {
  const to = { userId };
  const [profile, found] = await Promise.all([
    ports.directory.profile(userId),
    ports.log.head(conversationIdOf(caller, to)),
  ]);
  if (!profile) throw new Fault('receiver-not-found');
  const counterpart = personOf(profile);
  if (!found) return { reply: { history: NOTHING_SAID, counterpart }, deliveries: [] };
  const { head } = await enterWith(ports, caller, to, found);
  return { reply: { history: await pageOf(ports, head, page), counterpart }, deliveries: [] };
}

const NOTHING_SAID = { messages: [], total: 0, hasMore: false } as const;
