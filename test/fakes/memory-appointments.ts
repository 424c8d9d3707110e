import type { Appointment, Appointments } from '../../lambdas/core/appointment.ts';
import type { BookingId } from '../../lambdas/core/ids.ts';
import type { Immediate } from './in-turn.ts';

/** How appointments stand, in memory. */
export function memoryAppointments(rows = new Map<BookingId, Appointment>()): Immediate<Appointments> {
  return {
    find: (bookingId) => rows.get(bookingId),
    save: (appointment, seen) => {
      const standing = rows.get(appointment.bookingId)?.version;
      if (standing !== seen && standing !== appointment.version) return 'stale';
      rows.set(appointment.bookingId, appointment);
      return 'saved';
    },
    settle: (bookingId, version) => {
      const known = rows.get(bookingId);
      if (known?.version !== version) return;
      const { unsettled: _, ...settled } = known;
      rows.set(bookingId, settled);
    },
    forget: (bookingId) => void rows.delete(bookingId),
  };
}
