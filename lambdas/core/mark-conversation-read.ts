import type { CommandOf } from './commands.ts';
import type { Caller } from './connection.ts';
import { type Entry, type Head, lastSeq, memberOf } from './conversation.ts';
import { enterConversation } from './enter-conversation.ts';
import { messageIdOf } from './ids.ts';
import { saveReadState } from './mark-read.ts';
import type { Outcome } from './outcome.ts';
import type { Ports } from './ports.ts';
import { afterReadingAll, hasRead } from './read-state.ts';
import { tellReads } from './tell-reads.ts';

/** Word of a conversation that was read whole names this many messages at most, the newest: a frame has 32 KB. */
const MOST_NAMED = 500;

/**
 * Marks everything that was said in a conversation so far as read, by one write. An admin who only looks has no read
 * state: nothing happens.
 *
 * @throws Fault as `enterConversation`, and `busy`.
 */
export async function markConversationRead(
  ports: Ports,
  caller: Caller,
  { to }: CommandOf<'mark-conversation-read'>,
): Promise<Outcome<'mark-conversation-read'>> {
  const { head, self } = await enterConversation(ports, caller, to);
  const { conversation } = head;
  if (!memberOf(head, caller.userId)) return { reply: { conversation, messageIds: [] }, deliveries: [] };
  const last = lastSeq(head);
  const now = ports.clock.now();
  const entries = await newestSince(ports, head, self.read.upTo);
  const { before, after } = await saveReadState(
    ports,
    conversation.id,
    self,
    (read) => afterReadingAll(read, last, now),
    async () => (await enterConversation(ports, caller, to)).self,
  );
  const isFresh = ({ seq, senderId }: Entry) => senderId !== caller.userId && !hasRead(before, seq);
  const fresh = entries.filter(isFresh).map(({ seq }) => seq);
  const named = fresh.slice(0, MOST_NAMED).toReversed();
  const marked = { head, entries, read: after, all: named, fresh: named };
  return {
    reply: { conversation, messageIds: named.map((seq) => messageIdOf(conversation.id, seq)) },
    ...(named.length > 0 ? await tellReads(ports, caller, [marked], now) : { deliveries: [] }),
  };
}

/** Newest first: the entries above a place, or as many of the newest as may be named. */
async function newestSince(ports: Ports, head: Head, upTo: number): Promise<readonly Entry[]> {
  const oldest = head.entries.at(-1)?.seq ?? 1;
  const from = Math.max(upTo + 1, lastSeq(head) - 2 * MOST_NAMED + 1);
  if (oldest <= from) return head.entries;
  const older = await ports.log.range(head.conversation.id, from, oldest - 1);
  return [...head.entries, ...older.toReversed()];
}
