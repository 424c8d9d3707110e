import type { Message } from './conversation.ts';
import { type ConversationId, type MessageId, placeOf } from './ids.ts';

/**
 * The messages that a device was told of when it took a lost one's place, by conversation: from one seq to another, both
 * included. Whoever stored one of them just before may push it to the device only afterwards: that push is too late.
 */
export type Told = Readonly<Record<ConversationId, { readonly from: number; readonly to: number }>>;

/** What was stored longer ago is pushed no more, in ms, however long the task queue takes to do so. */
const PUSHED_WITHIN_MS = 15 * 60_000;

/** What is to be remembered of having told these messages, each conversation's in order, to a device that knew one. */
export function toldOf(messages: readonly Message[], now: number, known?: MessageId): Told {
  const told: Record<ConversationId, { from: number; to: number }> = {};
  for (const { conversation, seq, createdAt } of messages) {
    if (now - createdAt > PUSHED_WITHIN_MS) continue;
    const { from } = told[conversation.id] ?? { from: seq };
    told[conversation.id] = { from, to: seq };
  }
  const place = known === undefined ? undefined : placeOf(known);
  return place ? withKnown(told, place) : told;
}

function withKnown(
  told: Told,
  { conversationId, seq }: { conversationId: ConversationId; seq: number },
): Told {
  const { from, to } = told[conversationId] ?? { from: seq + 1, to: seq };
  return from === seq + 1 ? { ...told, [conversationId]: { from: seq, to } } : told;
}

/** Whether a message is among those. */
export function isTold(told: Told, id: MessageId): boolean {
  const place = placeOf(id);
  const range = place && told[place.conversationId];
  return place && range ? range.from <= place.seq && place.seq <= range.to : false;
}
