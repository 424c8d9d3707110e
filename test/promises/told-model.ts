import { expect } from 'vitest';
import type { Caller } from '../../lambdas/core/connection.ts';
import type { Conversation, Message } from '../../lambdas/core/conversation.ts';
import type { FaultReason } from '../../lambdas/core/fault.ts';
import {
  type BookingId,
  conversationOfBooking,
  type MessageId,
  messageIdOf,
  type UserId,
} from '../../lambdas/core/ids.ts';
import type { Chat } from './chat.ts';
import { type Reactions, reactionsWord, saidWord, wordsTo } from './words.ts';

/** What was said, as plainly as can be: what the platform told, what people said, read and must have heard. */

export type Said = {
  readonly id: MessageId;
  readonly sender: UserId;
  readonly key: string | undefined;
  readonly at: number;
  content: string;
  isDeleted: boolean;
  reactions: Reactions;
};

export type ToldBooking = {
  client: UserId;
  exists: boolean;
  /** Whether a party has ever come: a conversation began then. */
  hasBegun: boolean;
  isOpen: boolean;
  readonly said: Said[];
  /** Admins of the support desk who take part. */
  readonly admins: Set<UserId>;
  readonly read: Map<UserId, Set<MessageId>>;
};

export type ToldDevice = {
  readonly userId: UserId;
  caller: Caller;
  connections: number;
  readonly joined: Set<BookingId>;
  heard: string[];
};

export type Told = {
  /** Nobody while the platform knows of no business. */
  owner: UserId | undefined;
  count: number;
  readonly bookings: Map<BookingId, ToldBooking>;
  readonly devices: Map<string, ToldDevice>;
};

export const BUSINESS = 'salon';
export const ADMIN = 'ada';
const WINDOW_MS = 10_000;
const MAX_MESSAGES = 10;

export function bookingOf(told: Told, bookingId: BookingId): ToldBooking {
  const booking = told.bookings.get(bookingId);
  if (!booking) throw new Error(`no such booking in the model: ${bookingId}`);
  return booking;
}

export function membersOf(told: Told, bookingId: BookingId): readonly UserId[] {
  const { exists, client, admins } = bookingOf(told, bookingId);
  if (!exists) return [];
  return told.owner === undefined ? [client, ...admins] : [client, told.owner, ...admins];
}

/** Why somebody must not enter a booking's conversation; undefined when they may. */
export function refusalOf(told: Told, userId: UserId, bookingId: BookingId): FaultReason | undefined {
  const { exists, isOpen } = bookingOf(told, bookingId);
  if (!exists || (!isOpen && told.owner === undefined)) return 'booking-not-found';
  return userId === ADMIN || membersOf(told, bookingId).includes(userId) ? undefined : 'not-a-party';
}

export function isLimited(told: Told, userId: UserId, bookingId: BookingId, now: number): boolean {
  const recent = bookingOf(told, bookingId).said.filter(
    ({ sender, at }) => sender === userId && at > now - WINDOW_MS,
  );
  return recent.length >= MAX_MESSAGES;
}

/** Why somebody must not touch a message, whatever they want with it; undefined when they may. */
export function refusalAt(
  told: Told,
  userId: UserId,
  bookingId: BookingId,
  seq: number,
): FaultReason | undefined {
  const { isOpen, said } = bookingOf(told, bookingId);
  if (!isOpen) return 'message-not-found';
  const mayEnter = userId === ADMIN || membersOf(told, bookingId).includes(userId);
  if (!mayEnter) return 'not-a-participant';
  return said[seq - 1] ? undefined : 'message-not-found';
}

/** Notes a message, and that every device in the room has heard it. */
export function noteSaid(
  told: Told,
  bookingId: BookingId,
  said: Omit<Said, 'id' | 'isDeleted' | 'reactions'>,
): Said {
  const booking = bookingOf(told, bookingId);
  const id = messageIdOf(conversationOfBooking(bookingId), booking.said.length + 1);
  const noted = { ...said, id, isDeleted: false, reactions: [] };
  booking.said.push(noted);
  noteHeard(told, bookingId, saidWord(id, said.content));
  return noted;
}

/** Notes that every device in the room has heard a word; of what becomes of a message booking.md does not speak. */
export function noteHeard(told: Told, bookingId: BookingId, word: string, isChange = false): void {
  for (const { userId, caller, joined, heard } of told.devices.values()) {
    const isEntitled = membersOf(told, bookingId).includes(userId);
    const isSpoken = !isChange || caller.dialect !== 'booking';
    if (isEntitled && joined.has(bookingId) && isSpoken) heard.push(word);
  }
}

function hasRead(booking: ToldBooking, userId: UserId, id: MessageId): boolean {
  return booking.read.get(userId)?.has(id) === true;
}

/** What a message looks like to those who may see it. */
export function seenAs(told: Told, bookingId: BookingId, said: Said): object {
  const { id, sender, content, isDeleted, reactions } = said;
  const booking = bookingOf(told, bookingId);
  const readers = membersOf(told, bookingId).filter((userId) => userId !== sender);
  return {
    id,
    content,
    sender: { userId: sender },
    isRead: readers.some((userId) => hasRead(booking, userId, id)),
    isDeleted,
    reactions: reactionsWord(reactions),
  };
}

/** A message of the product's, to be held against that. */
export function shownAs({ id, content, sender, isRead, deletedAt, reactions }: Message): object {
  return {
    ...{ id, content, isRead },
    sender: { userId: sender.userId },
    isDeleted: deletedAt !== undefined,
    reactions: reactionsWord(reactions),
  };
}

/** Every device has heard exactly what it must have, in this order. */
export function expectHeard(told: Told, chat: Chat): void {
  for (const [slot, { caller, heard }] of told.devices) {
    expect(wordsTo(chat, caller.connectionId ?? ''), slot).toEqual(heard);
  }
}

/** Everybody's lists show their conversations, the last words and how many messages they have not read. */
export async function expectLists(told: Told, chat: Chat, caller: Caller): Promise<void> {
  const { userId } = caller;
  const expected = [...told.bookings].flatMap(([bookingId, booking]) => {
    const isListed = booking.isOpen && membersOf(told, bookingId).includes(userId);
    const unread = booking.said.filter(
      ({ id, sender }) => sender !== userId && !hasRead(booking, userId, id),
    );
    const last = booking.said.at(-1);
    return isListed ? [[bookingId, unread.length, last && seenAs(told, bookingId, last)]] : [];
  });
  const listed = await chat.list(caller, told.owner === userId ? [BUSINESS] : []);
  const shown = listed.map(({ conversation, unreadCount, lastMessage }) => [
    bookingIn(conversation),
    unreadCount,
    lastMessage && shownAs(lastMessage),
  ]);
  const byBooking = (a: readonly unknown[], b: readonly unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1);
  expect(shown.sort(byBooking)).toEqual(expected.sort(byBooking));
}

/** The booking of a conversation, if it has one. */
export function bookingIn(conversation: Conversation): BookingId | undefined {
  return conversation.kind === 'booking' ? conversation.bookingId : undefined;
}
