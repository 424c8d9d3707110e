import { expect } from 'vitest';
import type { Caller } from '../../lambdas/core/connection.ts';
import type { Conversation } from '../../lambdas/core/conversation.ts';
import type { FaultReason } from '../../lambdas/core/fault.ts';
import {
  type BookingId,
  conversationOfBooking,
  type MessageId,
  messageIdOf,
  type UserId,
} from '../../lambdas/core/ids.ts';
import type { Chat } from './chat.ts';

/** What was said, as plainly as can be: what the platform told, what people said, read and must have heard. */

export type Said = {
  readonly id: MessageId;
  readonly sender: UserId;
  readonly content: string;
  readonly key: string | undefined;
  readonly at: number;
};

export type ToldBooking = {
  client: UserId;
  exists: boolean;
  /** Whether a party has ever come: a conversation began then. */
  hasBegun: boolean;
  isOpen: boolean;
  readonly said: Said[];
  readonly read: Map<UserId, Set<MessageId>>;
};

export type ToldDevice = {
  readonly userId: UserId;
  caller: Caller;
  connections: number;
  readonly joined: Set<BookingId>;
  heard: MessageId[];
};

export type Told = {
  /** Nobody while the platform knows of no business. */
  owner: UserId | undefined;
  count: number;
  readonly bookings: Map<BookingId, ToldBooking>;
  readonly devices: Map<string, ToldDevice>;
};

export const BUSINESS = 'salon';
const WINDOW_MS = 10_000;
const MAX_MESSAGES = 10;

export function bookingOf(told: Told, bookingId: BookingId): ToldBooking {
  const booking = told.bookings.get(bookingId);
  if (!booking) throw new Error(`no such booking in the model: ${bookingId}`);
  return booking;
}

export function membersOf(told: Told, bookingId: BookingId): readonly UserId[] {
  const { exists, client } = bookingOf(told, bookingId);
  if (!exists) return [];
  return told.owner === undefined ? [client] : [client, told.owner];
}

/** Why somebody must not enter a booking's conversation; undefined when they may. */
export function refusalOf(told: Told, userId: UserId, bookingId: BookingId): FaultReason | undefined {
  const { exists, isOpen } = bookingOf(told, bookingId);
  if (!exists || (!isOpen && told.owner === undefined)) return 'booking-not-found';
  return membersOf(told, bookingId).includes(userId) ? undefined : 'not-a-party';
}

export function isLimited(told: Told, userId: UserId, bookingId: BookingId, now: number): boolean {
  const recent = bookingOf(told, bookingId).said.filter(
    ({ sender, at }) => sender === userId && at > now - WINDOW_MS,
  );
  return recent.length >= MAX_MESSAGES;
}

/** Notes a message, and that every device in the room has heard it. */
export function noteSaid(told: Told, bookingId: BookingId, said: Omit<Said, 'id'>): Said {
  const booking = bookingOf(told, bookingId);
  const noted = { ...said, id: messageIdOf(conversationOfBooking(bookingId), booking.said.length + 1) };
  booking.said.push(noted);
  for (const device of told.devices.values()) {
    const isEntitled = membersOf(told, bookingId).includes(device.userId);
    if (isEntitled && device.joined.has(bookingId)) device.heard.push(noted.id);
  }
  return noted;
}

function hasRead(booking: ToldBooking, userId: UserId, id: MessageId): boolean {
  return booking.read.get(userId)?.has(id) === true;
}

/** What a message looks like to those who may see it. */
export function seenAs(told: Told, bookingId: BookingId, { id, sender, content }: Said): object {
  const booking = bookingOf(told, bookingId);
  const readers = membersOf(told, bookingId).filter((userId) => userId !== sender);
  return {
    id,
    content,
    sender: { userId: sender },
    isRead: readers.some((userId) => hasRead(booking, userId, id)),
  };
}

/** Every device has heard exactly what it must have, in this order. */
export function expectHeard(told: Told, chat: Chat): void {
  for (const [slot, { caller, heard }] of told.devices) {
    const ids = chat.heard(caller.connectionId ?? '').map(({ _id }) => _id);
    expect(ids, slot).toEqual(heard);
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
    lastMessage,
  ]);
  const byBooking = (a: readonly unknown[], b: readonly unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1);
  expect(shown.sort(byBooking)).toMatchObject(expected.sort(byBooking));
  expect(shown).toHaveLength(expected.length);
}

/** The booking of a conversation, if it has one. */
export function bookingIn(conversation: Conversation): BookingId | undefined {
  return conversation.kind === 'booking' ? conversation.bookingId : undefined;
}
