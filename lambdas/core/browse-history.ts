import type { CommandOf } from './commands.ts';
import type { Caller } from './connection.ts';
import { personOf } from './describe-message.ts';
import { conversationIdOf } from './enter-conversation.ts';
import { Fault } from './fault.ts';
import type { UserId } from './ids.ts';
import type { Outcome } from './outcome.ts';
import type { Page, Ports } from './ports.ts';
import { readHistory } from './read-history.ts';

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
  if ('userId' in to) return historyWith(ports, caller, to.userId, page);
  return { reply: { history: await readHistory(ports, caller, to, page) }, deliveries: [] };
}

async function historyWith(
  ports: Ports,
  caller: Caller,
  userId: UserId,
  page: Page,
): Promise<Outcome<'read-history'>> {
  const [profile, head] = await Promise.all([
    ports.directory.profile(userId),
    ports.log.head(conversationIdOf(caller, { userId })),
  ]);
  if (!profile) throw new Fault('receiver-not-found');
  const history = head
    ? await readHistory(ports, caller, { userId }, page)
    : { messages: [], total: 0, hasMore: false };
  return { reply: { history, counterpart: personOf(profile) }, deliveries: [] };
}
