import type { ConversationRef } from './commands.ts';
import type { Caller } from './connection.ts';
import { type Head, type Member, memberOf } from './conversation.ts';
import type { Booking, Business } from './directory.ts';
import { Fault } from './fault.ts';
import { type ConversationId, conversationOfBooking } from './ids.ts';
import type { Ports } from './ports.ts';

/** A conversation as one of its members sees it. */
export type Entered = { readonly head: Head; readonly self: Member };

const OPEN_ATTEMPTS = 5;

/**
 * Reads the newest part of the conversation that `to` names, for someone who takes part in it. The first party to come
 * opens a booking's conversation.
 *
 * @throws Fault `booking-not-found` when the platform told us of no such booking, `not-a-party` when the caller is
 *   neither its client nor the owner of its business.
 */
export async function enterConversation(ports: Ports, caller: Caller, to: ConversationRef): Promise<Entered> {
  const id = conversationOfBooking(to.bookingId);
  return enterWith(ports, caller, to, await ports.log.head(id));
}

/** The same for a head that has been read already, or turned out to be missing. */
export async function enterWith(
  ports: Ports,
  caller: Caller,
  to: ConversationRef,
  found: Head | undefined,
): Promise<Entered> {
  const head = found ?? (await openConversation(ports, caller, to));
  const self = memberOf(head, caller.userId);
  if (!self) throw new Fault('not-a-party');
  return { head, self };
}

async function openConversation(ports: Ports, caller: Caller, to: ConversationRef): Promise<Head> {
  const id: ConversationId = conversationOfBooking(to.bookingId);
  for (let attempt = 1; attempt <= OPEN_ATTEMPTS; attempt += 1) {
    const { booking, business } = await partiesOf(ports, to);
    if (booking.clientId !== caller.userId && business.ownerId !== caller.userId)
      throw new Fault('not-a-party');
    if ((await ports.conversations.open(booking, business, ports.clock.now())) === 'stale') continue;
    const head = await ports.log.head(id);
    if (head) return head;
  }
  throw new Fault('busy');
}

async function partiesOf(
  ports: Ports,
  to: ConversationRef,
): Promise<{ readonly booking: Booking; readonly business: Business }> {
  const booking = await ports.directory.booking(to.bookingId);
  const business = booking && (await ports.directory.business(booking.businessId));
  if (!booking || !business) throw new Fault('booking-not-found');
  return { booking, business };
}
