import { randomUUID } from 'node:crypto';
import type { Caller, Connection } from '../../lambdas/core/connection.ts';
import type { Entry, Head } from '../../lambdas/core/conversation.ts';
import type { Booking, Business } from '../../lambdas/core/directory.ts';
import { type ConversationId, conversationOfBooking, type UserId } from '../../lambdas/core/ids.ts';
import type { AppointmentPorts } from '../../lambdas/core/ports.ts';
import type { Statistics } from '../../lambdas/core/statistics.ts';
import type { VirtualClock } from '../fakes/virtual-clock.ts';

/** An implementation of the ports, and the clock it goes by. Tests share it: each uses ids of its own. */
export type Fixture = {
  readonly ports: AppointmentPorts;
  readonly clock: VirtualClock;
  readonly statistics: Statistics;
};

/** Makes the implementation that a file's tests are about. */
export type MakeFixture = () => Promise<Fixture>;

/** A booking whose conversation is open. */
export type Opened = {
  readonly id: ConversationId;
  readonly booking: Booking;
  readonly business: Business;
  readonly client: UserId;
  readonly owner: UserId;
};

/** An id nobody else uses. */
export const unique = (name: string): string => `${name}-${randomUUID()}`;

/** A booking that the directory knows, and nobody has opened. */
export async function bookedBy(
  { ports }: Fixture,
  parties: { readonly client?: UserId; readonly owner?: UserId; readonly businessId?: string } = {},
): Promise<Opened> {
  const { client = unique('client'), owner = unique('owner'), businessId = unique('business') } = parties;
  const business = { businessId, name: 'Salon', ownerId: owner };
  const booking = { bookingId: unique('booking'), clientId: client, businessId };
  await Promise.all([ports.directory.saveBusiness(business), ports.directory.saveBooking(booking)]);
  return { id: conversationOfBooking(booking.bookingId), booking, business, client, owner };
}

/** A booking whose conversation is open. */
export async function openedBy(fixture: Fixture, parties?: Parameters<typeof bookedBy>[1]): Promise<Opened> {
  const opened = await bookedBy(fixture, parties);
  await fixture.ports.conversations.open(opened.booking, opened.business, fixture.clock.now());
  return opened;
}

/** The head of a conversation that is open. */
export async function headOf({ ports }: Fixture, id: ConversationId): Promise<Head> {
  const head = await ports.log.head(id);
  if (!head) throw new Error('The conversation is not open.');
  return head;
}

/** A message for a place in the log. */
export function entryAt(seq: number, senderId: UserId, more: Partial<Entry> = {}): Entry {
  return {
    seq,
    senderId,
    role: 'client',
    content: `message ${seq}`,
    createdAt: 1_000 + seq,
    nonce: unique('nonce'),
    ...more,
  };
}

/** Stores so many messages, sent by these users in turn. */
export async function fill(
  { ports }: Fixture,
  id: ConversationId,
  count: number,
  senders: readonly UserId[],
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (let seq = 1; seq <= count; seq += 1) {
    const entry = entryAt(seq, senders[seq % senders.length] ?? '');
    await ports.log.append(id, entry, undefined);
    entries.push(entry);
  }
  return entries;
}

/** A device's connection, not yet recorded. */
export function connectionOf(
  userId: UserId,
  more: Partial<Caller> = {},
): Connection & { readonly caller: Caller & { readonly connectionId: string } } {
  const connectionId = unique('connection');
  const caller = { userId, name: 'Ann', dialect: 'booking' as const, expiresAt: 9e15, ...more, connectionId };
  return { connectionId, wire: 'native', dialect: 'booking', caller };
}
