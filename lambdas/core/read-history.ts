import type { ConversationRef } from './commands.ts';
import type { Caller } from './connection.ts';
import { type Entry, type Head, lastSeq, type Message } from './conversation.ts';
import { describeMessage, peopleBy, peopleIn } from './describe-message.ts';
import { enterConversation } from './enter-conversation.ts';
import { Fault } from './fault.ts';
import { type MessageId, placeOf } from './ids.ts';
import type { Page, Ports } from './ports.ts';

export type History = {
  /** Oldest first. */
  readonly messages: readonly Message[];
  /** How many messages the conversation holds. */
  readonly total: number;
  /** Whether there are older ones; after a message, whether there are newer ones. */
  readonly hasMore: boolean;
};

/**
 * A page of a conversation's messages: page 1 holds the newest, each page is oldest first. A page is a range of places
 * in the log, so the last page costs what the first does.
 *
 * @throws Fault as `enterConversation`.
 */
export async function readHistory(
  ports: Ports,
  caller: Caller,
  to: ConversationRef,
  page: Page,
): Promise<History> {
  const { head } = await enterConversation(ports, caller, to);
  return pageOf(ports, head, page);
}

/** The same for a conversation that the caller has entered. */
export async function pageOf(ports: Ports, head: Head, page: Page): Promise<History> {
  const last = lastSeq(head) - (page.number - 1) * page.limit;
  const first = Math.max(1, last - page.limit + 1);
  return historyOf(ports, head, first, last, first > 1 && last > 0);
}

/**
 * What was said after a message the caller has seen: the way to catch up after a lost connection.
 *
 * @throws Fault as `readHistory`, and `payload-invalid` for an id that is not of this conversation.
 */
export async function readAfter(
  ports: Ports,
  caller: Caller,
  to: ConversationRef,
  since: { readonly messageId: MessageId; readonly limit: number },
): Promise<History> {
  const { head } = await enterConversation(ports, caller, to);
  const place = placeOf(since.messageId);
  if (place?.conversationId !== head.conversation.id || place.seq > lastSeq(head)) {
    throw new Fault('payload-invalid', 'after: not a message of this conversation');
  }
  const last = Math.min(place.seq + since.limit, lastSeq(head));
  return historyOf(ports, head, place.seq + 1, last, last < lastSeq(head));
}

async function historyOf(
  ports: Ports,
  head: Head,
  from: number,
  to: number,
  hasMore: boolean,
): Promise<History> {
  return { messages: await messagesBetween(ports, head, from, to), total: lastSeq(head), hasMore };
}

/** The messages of an entered conversation from one place to another, both included, oldest first. */
export async function messagesBetween(
  ports: Ports,
  head: Head,
  from: number,
  to: number,
): Promise<readonly Message[]> {
  const entries = await entriesBetween(ports, head, from, to);
  const people = peopleIn(head, entries);
  const personBy = peopleBy(people.length > 0 ? await ports.directory.profiles(people) : []);
  return entries.map((entry) => describeMessage(head, entry, personBy));
}

async function entriesBetween(ports: Ports, head: Head, from: number, to: number): Promise<readonly Entry[]> {
  if (to < from) return [];
  const oldest = head.entries.at(-1)?.seq ?? Number.POSITIVE_INFINITY;
  if (from < oldest) return ports.log.range(head.conversation.id, from, to);
  return head.entries.filter(({ seq }) => seq >= from && seq <= to).toReversed();
}
