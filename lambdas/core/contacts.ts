import type { UserId } from './ids.ts';
import type { Ports } from './ports.ts';

/** Somebody's contacts are those of as many conversations, the latest ones. */
const LATEST = 100;
const MOST_CONTACTS = 1_000;
const AT_ONCE = 50;

/**
 * The people with whom a user shares a conversation, whether or not anything was said there: of the latest 100, and
 * 1,000 people at most. It costs half a read unit for each conversation, and one for the list.
 */
export async function contactsOf(ports: Ports, userId: UserId): Promise<ReadonlySet<UserId>> {
  const page = { number: 1, limit: LATEST };
  const listed = (await ports.conversations.ofUser(userId, undefined, page)).slice(0, LATEST);
  const contacts = new Set<UserId>();
  for (let from = 0; from < listed.length && contacts.size < MOST_CONTACTS; from += AT_ONCE) {
    const run = listed.slice(from, from + AT_ONCE);
    const members = await Promise.all(
      run.map(({ conversationId }) => ports.conversations.membersOf(conversationId)),
    );
    for (const member of members.flat()) contacts.add(member.userId);
  }
  contacts.delete(userId);
  return new Set([...contacts].slice(0, MOST_CONTACTS));
}
