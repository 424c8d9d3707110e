import { isCalledOff } from './appointment.ts';
import type { Booking } from './directory.ts';
import type { Ports, Task } from './ports.ts';
import { minutesUntil, reminderTime } from './reminders.ts';
import { tellReminder } from './tell-appointment.ts';
import type { Tell } from './tell-presence.ts';

type Remind = Extract<Task, { readonly kind: 'remind' }>;

/**
 * Reminds both sides of an appointment, each once, however often this is done. It says nothing where the appointment was
 * moved, called off or forgotten, has begun, or is so near that a later reminder is due.
 */
export async function remind(ports: Ports, tell: Tell, due: Remind): Promise<void> {
  const booking = await ports.directory.booking(due.bookingId);
  if (!booking || !isStillDue(ports, booking, due)) return;
  const { startTime, minutes } = due;
  // One that comes late says how much is left, and one that comes early what it was to say.
  const left = Math.min(minutes, minutesUntil(startTime, ports.clock.now()));
  await tellReminder(ports, tell, { booking, startTime, minutes, left });
}

function isStillDue({ clock, reminderMinutes }: Ports, booking: Booking, due: Remind): boolean {
  const { startTime, minutes } = due;
  if (booking.startTime !== startTime || isCalledOff(booking)) return false;
  const now = clock.now();
  const later = reminderMinutes.filter((other) => other < minutes);
  return now < Date.parse(startTime) && later.every((other) => now < reminderTime(startTime, other));
}
