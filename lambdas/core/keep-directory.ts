import { lastSeq } from './conversation.ts';
import type { Booking, Business } from './directory.ts';
import { type BookingId, type BusinessId, conversationOfBooking } from './ids.ts';
import { interruptSends } from './interrupt-sends.ts';
import type { Ports } from './ports.ts';

/** The list of a business's conversations may not show yet what was opened a moment ago: it is gone through again. */
const LOOK_AGAIN_S = 60;

/**
 * Takes over a booking; if it has a conversation, client and owner become its members, and others no longer are. The
 * conversation of a booking that had been forgotten is there again.
 */
export async function saveBooking(ports: Ports, booking: Booking): Promise<void> {
  await ports.directory.saveBooking(booking);
  const business = await ports.directory.business(booking.businessId);
  await ports.conversations.reconcile(booking, business, ports.clock.now());
  const head = await ports.log.head(conversationOfBooking(booking.bookingId));
  if (head) await interruptSends(ports, head.conversation.id, lastSeq(head) + 1);
}

/** Forgets a booking: nobody can enter its conversation, as if there were none. What was said is kept. */
export async function forgetBooking(ports: Ports, bookingId: BookingId): Promise<void> {
  const id = conversationOfBooking(bookingId);
  await ports.directory.forgetBooking(bookingId);
  const head = await ports.log.head(id);
  await ports.conversations.withdraw(id);
  if (head) await interruptSends(ports, id, lastSeq(head) + 1);
}

/** Takes over a business. Its owner takes an earlier one's place in its conversations, which a task sees to. */
export async function saveBusiness(ports: Ports, business: Business): Promise<void> {
  const { businessId, ownerId } = business;
  const known = await ports.directory.business(businessId);
  // One that is not known may have been forgotten, and its conversations be without an owner.
  const changesHands = known?.ownerId !== ownerId;
  // The second look first: told once more, we would not see that it changed hands, should we die after storing it.
  if (changesHands) await handOver(ports, { businessId }, LOOK_AGAIN_S);
  await ports.directory.saveBusiness(business);
  if (changesHands) await handOver(ports, { businessId });
}

/** Forgets a business; its owner takes no further part in its conversations. */
export async function forgetBusiness(ports: Ports, businessId: BusinessId): Promise<void> {
  await ports.directory.forgetBusiness(businessId);
  await Promise.all([handOver(ports, { businessId }), handOver(ports, { businessId }, LOOK_AGAIN_S)]);
}

/**
 * Brings one run of a business's conversations in line with who owns it now, and leaves the rest to a further task.
 * Safe to repeat, and to overlap with itself.
 */
export async function handOverBusiness(ports: Ports, businessId: BusinessId, after?: string): Promise<void> {
  const { conversationIds, next } = await ports.conversations.sweepBusiness(businessId, after);
  const business = await ports.directory.business(businessId);
  for (const id of conversationIds) {
    const head = await ports.log.head(id);
    if (head?.conversation.kind !== 'booking') continue;
    const booking = await ports.directory.booking(head.conversation.bookingId);
    if (!booking) continue;
    await ports.conversations.reconcile(booking, business, ports.clock.now());
    await interruptSends(ports, id, lastSeq(head) + 1);
  }
  if (next !== undefined) await handOver(ports, { businessId, after: next });
}

async function handOver(
  ports: Ports,
  run: { readonly businessId: BusinessId; readonly after?: string },
  delaySeconds?: number,
): Promise<void> {
  await ports.tasks.enqueue({ kind: 'hand-over-business', ...run }, delaySeconds);
}
