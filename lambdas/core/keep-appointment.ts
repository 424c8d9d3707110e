import { type Appointment, nextVersion, type Reminders, remindersOf } from './appointment.ts';
import type { Booking } from './directory.ts';
import type { BookingId } from './ids.ts';
import type { AppointmentPorts } from './ports.ts';
import { armReminders, disarmReminders } from './reminders.ts';
import { tellChange } from './tell-appointment.ts';
import type { Tell } from './tell-presence.ts';

/** Lost races before it is somebody else's turn to try: each was won by another who was told of the same booking. */
const ATTEMPTS = 10;

/**
 * Takes note of how a booking's appointment stands, once the directory knows of it: a change is told to both sides, and
 * their reminders follow it. What a function that died has left undone, the next call for the same booking does; what
 * was done is not done again.
 *
 * @throws Error where the booking is changed by others again and again.
 */
export async function keepAppointment(
  ports: AppointmentPorts,
  tell: Tell,
  bookingId: BookingId,
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const known = await ports.appointments.find(bookingId);
    // After that: whoever changes the booking once this is read finds our version, and makes the next.
    const booking = await ports.directory.booking(bookingId);
    if (!booking) return;
    const next = nextVersion(booking, known, ports.nonce());
    if (next && (await ports.appointments.save(next, known?.version)) === 'stale') continue;
    const appointment = next ?? known;
    if (appointment) await settle(ports, tell, { appointment, booking });
    return;
  }
  throw new Error('A booking is changed faster than its people can be told.');
}

/** Calls off the reminders of a booking that is about to be forgotten. Nobody is told: what became of it is not known. */
export async function dropAppointment(ports: AppointmentPorts, bookingId: BookingId): Promise<void> {
  const known = await ports.appointments.find(bookingId);
  if (!known) return;
  await disarmAll(ports, [remindersOf(known), known.unsettled?.outdated]);
  await ports.appointments.forget(bookingId);
}

async function settle(
  ports: AppointmentPorts,
  tell: Tell,
  { appointment, booking }: { readonly appointment: Appointment; readonly booking: Booking },
): Promise<void> {
  const { bookingId, version, unsettled } = appointment;
  if (!unsettled) return;
  if (unsettled.isChange) await tellChange(ports, tell, { booking, version });
  const reminders = remindersOf(appointment);
  // Of this version: those of an earlier one are there.
  if (reminders?.name === version) await armReminders(ports, bookingId, reminders);
  await disarmAll(ports, [unsettled.outdated]);
  await ports.appointments.settle(bookingId, version);
}

async function disarmAll(
  ports: AppointmentPorts,
  outdated: readonly (Reminders | undefined)[],
): Promise<void> {
  await Promise.all(outdated.map((reminders) => reminders && disarmReminders(ports, reminders)));
}
