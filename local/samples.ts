import { keepAppointment } from '../lambdas/core/keep-appointment.ts';
import { saveBooking, saveBusiness } from '../lambdas/core/keep-directory.ts';
import type { AppointmentPorts } from '../lambdas/core/ports.ts';
import type { DemoConfig, DemoPerson } from './demo-config.ts';
import { mintToken } from './mint-token.ts';
import { saveSampleTalk } from './sample-talk.ts';
import { type Settings, signing } from './settings.ts';

/** The people and the bookings that a fresh local stack knows, so that there is something to try at once. */

type Sample = Omit<DemoPerson, 'token'> & { readonly therapistId?: string };

/** Those whom one can sign in as. */
const PEOPLE: readonly Sample[] = [
  { userId: 'ann', name: 'Ann Archer', role: 'client', about: 'Books a haircut, and her physiotherapy' },
  { userId: 'ben', name: 'Ben Barber', role: 'business', about: 'Owns Ben’s Barbershop' },
  {
    userId: 'tess',
    name: 'Dr. Tess Moreno',
    role: 'therapist',
    about: 'Runs Moreno Physiotherapy',
    therapistId: 'tess',
  },
  { userId: 'ada', name: 'Ada Olsen', role: 'admin', about: 'Helps clients and businesses alike' },
];

/** Those whom one only hears of. */
const OTHERS = [
  { userId: 'mia', name: 'Mia Chen' },
  { userId: 'leo', name: 'Leo Fischer' },
] as const;

const BUSINESSES = [
  { businessId: 'salon-1', name: 'Ben’s Barbershop', ownerId: 'ben' },
  { businessId: 'practice-1', name: 'Moreno Physiotherapy', ownerId: 'tess' },
] as const;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** `startsIn` is in ms from now: the reminder of a quarter of an hour comes half a minute after the first start. */
const BOOKINGS = [
  {
    bookingId: 'booking-1',
    clientId: 'ann',
    businessId: 'salon-1',
    title: 'Haircut and beard trim',
    status: 'confirmed',
    startsIn: 3 * DAY_MS,
  },
  {
    bookingId: 'booking-2',
    clientId: 'ann',
    businessId: 'practice-1',
    title: 'Physiotherapy, second session',
    status: 'confirmed',
    startsIn: 15.5 * MINUTE_MS,
  },
  {
    bookingId: 'booking-3',
    clientId: 'ann',
    businessId: 'salon-1',
    title: 'Colour consultation',
    status: 'completed',
    startsIn: -21 * DAY_MS,
  },
  {
    bookingId: 'booking-4',
    clientId: 'mia',
    businessId: 'salon-1',
    title: 'Wedding styling',
    status: 'pending',
    startsIn: 9 * DAY_MS,
  },
  {
    bookingId: 'booking-5',
    clientId: 'leo',
    businessId: 'practice-1',
    title: 'First examination',
    status: 'confirmed',
    startsIn: DAY_MS,
  },
] as const;

/** Long enough for an afternoon with the demo, and for a tab left open over night. */
const TOKEN_HOURS = 24;

/** Stores the samples; again on every start, which changes nothing. */
export async function saveSamples(ports: AppointmentPorts): Promise<void> {
  const profiles = [...PEOPLE, ...OTHERS].map(({ userId, name }) => {
    const role = PEOPLE.find((person) => person.userId === userId)?.role ?? 'client';
    return { userId, name, role, email: `${userId}@example.com`, source: 'platform' } as const;
  });
  await Promise.all(profiles.map((profile) => ports.directory.saveProfile(profile)));
  await Promise.all(BUSINESSES.map((business) => saveBusiness(ports, business)));
  await Promise.all(BOOKINGS.map((booking) => saveSampleBooking(ports, booking)));
  await saveSampleTalk(ports);
}

/** Of one that is known from an earlier start the platform may have told more by then. */
async function saveSampleBooking(
  ports: AppointmentPorts,
  { startsIn, ...booking }: (typeof BOOKINGS)[number],
): Promise<void> {
  const { bookingId } = booking;
  if (!(await ports.directory.booking(bookingId))) {
    const startTime = new Date(ports.clock.now() + startsIn).toISOString();
    await saveBooking(ports, { ...booking, startTime });
  }
  // Nobody is there yet to be told.
  await keepAppointment(ports, async () => undefined, bookingId);
}

/** What the demo page, and whoever reads the terminal, needs to speak as the sample people. */
export async function sampleConfig(webSocketUrl: string, settings: Settings): Promise<DemoConfig> {
  const person = async ({ therapistId, ...known }: Sample): Promise<DemoPerson> => {
    const { userId: sub, name, role } = known;
    const claims = { sub, name, role, ...(therapistId !== undefined && { therapistId }) };
    return { ...known, token: await mintToken(claims, signing(settings), TOKEN_HOURS) };
  };
  const [{ bookingId: id, title }] = BOOKINGS;
  return { webSocketUrl, booking: { id, title }, people: await Promise.all(PEOPLE.map(person)) };
}

/** A token with which to speak to `/api/server` as the platform's own backend. */
export function serviceToken(settings: Settings): Promise<string> {
  return mintToken({ sub: 'platform', role: 'service' }, signing(settings), TOKEN_HOURS);
}
