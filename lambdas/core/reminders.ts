import type { Reminders } from './appointment.ts';
import type { BookingId } from './ids.ts';
import type { AppointmentPorts } from './ports.ts';

const MINUTE_MS = 60_000;

/** Schedules the reminders of an appointment; those whose time has passed are left out. Safe to repeat. */
export async function armReminders(
  ports: AppointmentPorts,
  bookingId: BookingId,
  reminders: Reminders,
): Promise<void> {
  const { startTime } = reminders;
  await Promise.all(
    ahead(ports, reminders).map(({ name, at, minutes }) =>
      ports.schedules.arm(name, at, { kind: 'remind', bookingId, startTime, minutes }),
    ),
  );
}

/** Calls them off. One that is said all the same finds that its appointment is no longer as it was. */
export async function disarmReminders(ports: AppointmentPorts, reminders: Reminders): Promise<void> {
  await Promise.all(ahead(ports, reminders).map(({ name }) => ports.schedules.disarm(name)));
}

/** When somebody is to be reminded of a start, in ms, so many minutes ahead. */
export function reminderTime(startTime: string, minutes: number): number {
  return Date.parse(startTime) - minutes * MINUTE_MS;
}

/** How many minutes there are until a start, the one that has begun included. */
export function minutesUntil(startTime: string, now: number): number {
  return Math.ceil((Date.parse(startTime) - now) / MINUTE_MS);
}

function ahead({ clock, reminderMinutes }: AppointmentPorts, { name, startTime }: Reminders) {
  return reminderMinutes
    .map((minutes) => ({ name: `${name}.${minutes}`, at: reminderTime(startTime, minutes), minutes }))
    .filter(({ at }) => at > clock.now());
}
