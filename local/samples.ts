import { saveBooking, saveBusiness } from '../lambdas/core/keep-directory.ts';
import type { Ports } from '../lambdas/core/ports.ts';
import type { DemoConfig } from './demo-page.ts';
import { mintToken } from './mint-token.ts';
import { type Settings, signing } from './settings.ts';

/** The people and the booking that a fresh local stack knows, so that there is something to try at once. */

const CLIENT = { userId: 'ann', name: 'Ann Archer', email: 'ann@example.com' } as const;
const OWNER = { userId: 'ben', name: 'Ben Barber', email: 'ben@example.com' } as const;
const BUSINESS = { businessId: 'salon-1', name: 'Ben’s Barbershop', ownerId: OWNER.userId } as const;
const BOOKING = {
  bookingId: 'booking-1',
  clientId: CLIENT.userId,
  businessId: BUSINESS.businessId,
  title: 'Haircut and beard trim',
  status: 'confirmed',
} as const;

/** Long enough for an afternoon with the demo, and for a tab left open over night. */
const TOKEN_HOURS = 24;

/** Stores the samples; again on every start, but for the booking, of which the platform may have told more by then. */
export async function saveSamples(ports: Ports): Promise<void> {
  await ports.directory.saveProfile({ ...CLIENT, role: 'client', source: 'platform' });
  await ports.directory.saveProfile({ ...OWNER, role: 'business', source: 'platform' });
  await saveBusiness(ports, BUSINESS);
  if (!(await ports.directory.booking(BOOKING.bookingId))) await saveBooking(ports, BOOKING);
}

/** What the demo page, and whoever reads the terminal, needs to speak as the sample people. */
export async function sampleConfig(webSocketUrl: string, settings: Settings): Promise<DemoConfig> {
  const person = async ({ userId, name }: typeof CLIENT | typeof OWNER, side: 'client' | 'business') => ({
    userId,
    name,
    side,
    token: await mintToken({ sub: userId, name, role: side }, signing(settings), TOKEN_HOURS),
  });
  return {
    webSocketUrl,
    booking: { id: BOOKING.bookingId, title: BOOKING.title },
    people: await Promise.all([person(CLIENT, 'client'), person(OWNER, 'business')]),
  };
}

/** A token with which to speak to `/api/server` as the platform's own backend. */
export function serviceToken(settings: Settings): Promise<string> {
  return mintToken({ sub: 'platform', role: 'service' }, signing(settings), TOKEN_HOURS);
}
