import type { Head, Member } from './conversation.ts';
import type { Ports } from './ports.ts';
import { hasRead } from './read-state.ts';

/**
 * How many messages of others a member has not read: counted from the log, so it cannot disagree with it. The head
 * answers as long as it reaches back to the read state; beyond, a counting Query does.
 */
export async function countUnread(ports: Ports, head: Head, { userId, read }: Member): Promise<number> {
  const inHead = head.entries.filter(
    (entry) => entry.senderId !== userId && !hasRead(read, entry.seq),
  ).length;
  const oldest = head.entries.at(-1)?.seq ?? 1;
  if (oldest <= read.upTo + 1) return inHead;
  const known = Object.keys(read.also).map(Number);
  return (
    inHead +
    (await ports.log.countFromOthers(head.conversation.id, userId, {
      from: read.upTo + 1,
      to: oldest - 1,
      except: known.filter((seq) => seq < oldest),
    }))
  );
}
