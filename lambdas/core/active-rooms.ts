import type { Caller } from './connection.ts';
import { type Head, memberOf } from './conversation.ts';
import type { ConversationId } from './ids.ts';
import { knockOnRoom } from './knock-on-room.ts';
import type { Ports } from './ports.ts';
import { CLOCKS_DIFFER_MS, TOUCH_EVERY_MS } from './publish-message.ts';

/** Conversations that were active meanwhile: each costs a read, and a write for its knock. */
const MOST_ACTIVE = 100;

/**
 * What is stored just before a device comes back is in the lists a moment later, and a send just after may not see the
 * device yet: both are over by then, in ms. DynamoDB's indexes, and its reads that are not strongly consistent, lag by
 * well under a second as a rule.
 */
export const SETTLES_MS = 1_000;

/**
 * The caller's conversations, besides some, in which something may have been said since then (ms), each with a knock;
 * undefined for too many.
 */
export async function activeRooms(
  ports: Ports,
  caller: Caller,
  since: number,
  besides: readonly ConversationId[],
): Promise<readonly Head[] | undefined> {
  // Only the first message of a minute is noted in the lists.
  const noted = since - TOUCH_EVERY_MS - CLOCKS_DIFFER_MS;
  const active = await ports.conversations.activeSince(caller.userId, noted, MOST_ACTIVE + 1);
  if (active.length > MOST_ACTIVE) return undefined;
  return enterRooms(
    ports,
    caller,
    active.filter((id) => !besides.includes(id)),
  );
}

/** Knocks on each of these conversations that the caller is in still; undefined where one is too lively for that. */
export async function enterRooms(
  ports: Ports,
  { userId }: Pick<Caller, 'userId'>,
  ids: readonly ConversationId[],
): Promise<readonly Head[] | undefined> {
  const rooms = await Promise.all(
    ids.map(async (id) => {
      const head = await ports.log.head(id);
      return head && memberOf(head, userId) ? knockOnRoom(ports, head) : undefined;
    }),
  );
  if (rooms.includes('busy')) return undefined;
  return rooms.filter(
    (head): head is Head => typeof head === 'object' && memberOf(head, userId) !== undefined,
  );
}
