import { keepNotification, type NotificationDraft } from './create-notification.ts';
import type { Booking, Business } from './directory.ts';
import { notificationAbout } from './ids.ts';
import type { Notification } from './notification.ts';
import type { Ports } from './ports.ts';
import type { Signal } from './signals.ts';
import type { Tell } from './tell-presence.ts';

/** What both sides of an appointment are told. */
type Word = {
  readonly draft: Omit<NotificationDraft, 'userId'>;
  readonly signalOf: (notification: Notification) => Signal;
};

export type Change = { readonly booking: Booking; readonly version: string };

export type Reminder = {
  readonly booking: Booking;
  readonly startTime: string;
  /** Which of its reminders this is. */
  readonly minutes: number;
  /** How many minutes are left. */
  readonly left: number;
};

/** Where the platform gives an appointment no status of its own. */
const SCHEDULED = 'scheduled';

/** Tells both sides that the time or the status of their appointment has changed: once for each version. */
export async function tellChange(ports: Ports, tell: Tell, { booking, version }: Change): Promise<void> {
  const { bookingId, startTime, status = SCHEDULED } = booking;
  const business = await ports.directory.business(booking.businessId);
  const message = booking.message ?? changeIn(booking, business);
  const about = { appointmentId: bookingId, status };
  const draft = {
    id: notificationAbout('appointment-updated', bookingId, version),
    type: 'appointment_updated',
    title: 'Appointment updated',
    message,
    data: { ...about, ...(startTime !== undefined && { startTime }) },
  };
  const signalOf = (notification: Notification) =>
    ({ kind: 'appointment-updated', ...about, message, notification }) as const;
  await tellSides(ports, tell, sidesOf(booking, business), { draft, signalOf });
}

/** Reminds both sides of their appointment: once for each start, and so many minutes ahead. */
export async function tellReminder(
  ports: Ports,
  tell: Tell,
  { booking, startTime, minutes, left }: Reminder,
): Promise<void> {
  const { bookingId } = booking;
  const business = await ports.directory.business(booking.businessId);
  const about = { therapistName: business?.name ?? 'Unknown business', startTime, minutesUntil: left };
  const draft = {
    id: notificationAbout('appointment-reminder', bookingId, startTime, String(minutes)),
    type: 'appointment_reminder',
    title: 'Appointment reminder',
    message: `${nameOf(booking, business)} begins in ${inWords(left)}.`,
    data: { appointmentId: bookingId, ...about },
  };
  const signalOf = (notification: Notification) =>
    ({ kind: 'appointment-reminded', appointmentId: bookingId, ...about, notification }) as const;
  await tellSides(ports, tell, sidesOf(booking, business), { draft, signalOf });
}

function sidesOf({ clientId }: Booking, business: Business | undefined): readonly string[] {
  return [...new Set([clientId, ...(business ? [business.ownerId] : [])])];
}

/** Keeps it in each inbox, and tells whose inbox did not have it yet; one side's failure does not keep the other from it. */
async function tellSides(
  ports: Ports,
  tell: Tell,
  users: readonly string[],
  { draft, signalOf }: Word,
): Promise<void> {
  const told = users.map(async (userId) => {
    const { notification, isNew } = await keepNotification(ports, { ...draft, userId });
    if (isNew) await tell([{ signal: signalOf(notification), users: [userId] }]);
  });
  for (const result of await Promise.allSettled(told)) {
    if (result.status === 'rejected') throw result.reason;
  }
}

function nameOf({ title }: Booking, business: Business | undefined): string {
  const name = title ?? (business ? 'The appointment' : 'Your appointment');
  return business ? `${name} at ${business.name}` : name;
}

/** How an appointment stands, where the platform has no words of its own for it. */
function changeIn(booking: Booking, business: Business | undefined): string {
  const name = nameOf(booking, business);
  const time =
    booking.startTime && `on ${booking.startTime.slice(0, 10)} at ${booking.startTime.slice(11, 16)} UTC`;
  if (booking.status === undefined) return time ? `${name} is now ${time}.` : `${name} has no date any more.`;
  const status = booking.status.replaceAll(/[_-]/g, ' ').toLowerCase();
  return `${time ? `${name} ${time}` : name} is now ${status}.`;
}

const UNITS = [
  ['day', 1_440],
  ['hour', 60],
  ['minute', 1],
] as const;

/** A span of so many minutes, in the largest unit that has it whole. */
function inWords(minutes: number): string {
  const [unit, length] = UNITS.find(([, most]) => minutes % most === 0) ?? ['minute', 1];
  const count = minutes / length;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
