import { membersAudience } from './audience.ts';
import type { Entry, Message } from './conversation.ts';
import { describeEntry } from './describe-message.ts';
import type { Ports } from './ports.ts';
import type { Delivery } from './signals.ts';

/** A message that changes under each of so many looks will do so again, and is told of then. */
const MOST_ROUNDS = 5;

/**
 * Words of one message may cross on their way, and then the older one would stand, even that of an edit after that of a
 * deletion: so whoever has told looks again, and tells anew what has changed meanwhile. What is gone changes no more.
 *
 * @param told the message as it has been told.
 */
export async function tellAgain(
  ports: Ports,
  told: Message,
  tell: (deliveries: readonly Delivery[]) => Promise<void>,
): Promise<void> {
  const { conversation, seq } = told;
  let last = told;
  for (let round = 1; round <= MOST_ROUNDS && last.deletedAt === undefined; round += 1) {
    const [entry] = await ports.log.entriesAt(conversation.id, [seq]);
    const head = entry && standing(entry) !== standing(last) && (await ports.log.head(conversation.id));
    if (!head) return;
    last = await describeEntry(ports, head, entry);
    const audience = await membersAudience(ports, head);
    await tell([audience.address({ kind: 'message-edited', message: last })]);
  }
}

/** What is told of a message that may change. Reactions of one moment are in any order. */
function standing({ content, deletedAt, reactions = [] }: Message | Entry): string {
  const each = reactions.map(({ userId, emoji }) => JSON.stringify([userId, emoji]));
  return JSON.stringify([content, deletedAt, each.sort()]);
}
