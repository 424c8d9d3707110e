import type { Caller } from './connection.ts';
import { memberOf } from './conversation.ts';
import type { ConversationId } from './ids.ts';
import type { Outcome } from './outcome.ts';
import type { Ports } from './ports.ts';
import { countUnread } from './unread.ts';

/** Conversations looked at, the latest ones: a head each, one read unit or two. */
const MOST_CONVERSATIONS = 1_000;
/** Heads that are read at once. */
const AT_ONCE = 50;

/** How many messages the caller has not read, in all conversations: counted from their logs, so it is always true. */
export async function totalUnread(ports: Ports, { userId }: Caller): Promise<Outcome<'count-unread'>> {
  const page = { number: 1, limit: MOST_CONVERSATIONS };
  const listed = await ports.conversations.ofUser(userId, undefined, page);
  const ids = listed.slice(0, MOST_CONVERSATIONS).map(({ conversationId }) => conversationId);
  const unreadIn = async (id: ConversationId) => {
    const head = await ports.log.head(id);
    const self = head && memberOf(head, userId);
    return self ? countUnread(ports, head, self) : 0;
  };
  let count = 0;
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const counts = await Promise.all(ids.slice(from, from + AT_ONCE).map(unreadIn));
    count += counts.reduce((sum, one) => sum + one, 0);
  }
  return { reply: { count }, deliveries: [] };
}
