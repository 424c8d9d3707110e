import type { Head } from './conversation.ts';
import type { Booking, Business } from './directory.ts';
import { Fault } from './fault.ts';
import { type BookingId, conversationOfBooking } from './ids.ts';
import type { Ports } from './ports.ts';

const OPEN_ATTEMPTS = 5;

/**
 * Opens the conversation of a booking that has none yet, for whom its parties are asked about first. Two who open it at
 * once meet in the same one; what the platform says of the booking meanwhile is looked up again.
 *
 * @throws Fault `booking-not-found`, `not-a-party` when `mayOpen` says no, `busy`.
 */
export async function openBooking(
  ports: Ports,
  bookingId: BookingId,
  mayOpen: (booking: Booking, business: Business) => boolean,
): Promise<Head> {
  for (let attempt = 1; attempt <= OPEN_ATTEMPTS; attempt += 1) {
    const { booking, business } = await partiesOf(ports, bookingId);
    if (!mayOpen(booking, business)) throw new Fault('not-a-party');
    if ((await ports.conversations.open(booking, business, ports.clock.now())) === 'stale') continue;
    const head = await ports.log.head(conversationOfBooking(bookingId));
    if (head) return head;
  }
  throw new Fault('busy');
}

async function partiesOf(
  ports: Ports,
  bookingId: BookingId,
): Promise<{ readonly booking: Booking; readonly business: Business }> {
  const booking = await ports.directory.booking(bookingId);
  const business = booking && (await ports.directory.business(booking.businessId));
  if (!booking || !business) throw new Fault('booking-not-found');
  return { booking, business };
}
