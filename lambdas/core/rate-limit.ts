import type { Entry, Head } from './conversation.ts';
import { Fault } from './fault.ts';
import { SYSTEM, type UserId } from './ids.ts';
import type { Ports } from './ports.ts';

/** A sender's messages per conversation and window. */
const MAX_MESSAGES = 10;
const WINDOW_MS = 10_000;
const PAGE = 20;

/**
 * Refuses a sender who has stored 10 messages in this conversation within the last 10 s, by what the log says. The head
 * answers as a rule; in a conversation so lively that it does not reach back far enough, older entries are read. The
 * platform itself is never too hasty.
 *
 * @throws Fault `rate-limited`.
 */
export async function refuseHaste(ports: Ports, head: Head, sender: UserId): Promise<void> {
  if (sender === SYSTEM) return;
  const since = ports.clock.now() - WINDOW_MS;
  let entries = head.entries;
  let sent = 0;
  for (;;) {
    const recent = entries.filter((entry) => entry.createdAt > since);
    sent += recent.filter((entry) => entry.senderId === sender).length;
    if (sent >= MAX_MESSAGES) throw new Fault('rate-limited');
    const oldest = recent.length === entries.length ? entries.at(-1) : undefined;
    if (!oldest || oldest.seq === 1) return;
    entries = await older(ports, head, oldest);
  }
}

async function older(ports: Ports, head: Head, oldest: Entry): Promise<readonly Entry[]> {
  const page = await ports.log.range(head.conversation.id, Math.max(1, oldest.seq - PAGE), oldest.seq - 1);
  return page.toReversed();
}
