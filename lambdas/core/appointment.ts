import type { Booking } from './directory.ts';
import type { BookingId } from './ids.ts';

/** An appointment is a booking with a start or a status: how it stands, as its two sides have been told. */
export type Appointment = Pick<Booking, 'startTime' | 'status'> & {
  readonly bookingId: BookingId;
  /** Another one with each change. */
  readonly version: string;
  /** What its reminders are scheduled as, where it has any: the version with which they were. */
  readonly reminders?: string;
  /** What is left to do about this version; absent once all is done. */
  readonly unsettled?: Unsettled;
};

export type Unsettled = {
  /** Whether its two sides are to be told: they are not of a booking that is new. */
  readonly isChange: boolean;
  /** What the reminders of the version before were scheduled as, where they are to be called off. */
  readonly outdated?: Reminders;
};

export type Reminders = { readonly name: string; readonly startTime: string };

/** How appointments stand, a row each. */
export interface Appointments {
  find(bookingId: BookingId): Promise<Appointment | undefined>;
  /** Takes the place of the version `seen`, or of none; `stale` if that is no longer how it stands. */
  save(appointment: Appointment, seen: string | undefined): Promise<'saved' | 'stale'>;
  /** Notes that all is done about a version; one that has been replaced stays as it is. */
  settle(bookingId: BookingId, version: string): Promise<void>;
  forget(bookingId: BookingId): Promise<void>;
}

/** The version of an appointment that follows from a booking; undefined where nothing has changed. */
export function nextVersion(
  booking: Booking,
  known: Appointment | undefined,
  version: string,
): Appointment | undefined {
  const { bookingId, startTime, status } = booking;
  if (known && known.startTime === startTime && known.status === status) return undefined;
  const isAhead = startTime !== undefined && !isCalledOff(booking);
  const stay = isAhead && known?.startTime === startTime && known.reminders !== undefined;
  const reminders = stay ? known.reminders : isAhead ? version : undefined;
  const outdated = known && remindersOf(known);
  return {
    ...{ bookingId, version },
    ...(startTime !== undefined && { startTime }),
    ...(status !== undefined && { status }),
    ...(reminders !== undefined && { reminders }),
    unsettled: { isChange: known !== undefined, ...(outdated && !stay && { outdated }) },
  };
}

/** What an appointment's reminders are scheduled as, if it has any. */
export function remindersOf({ reminders: name, startTime }: Appointment): Reminders | undefined {
  return name !== undefined && startTime !== undefined ? { name, startTime } : undefined;
}

const CALLED_OFF = /^(cancell?ed|declined|rejected|completed|finished|expired|missed|no[ _-]?show)/i;

/** Whether nobody is to be reminded any more. A platform's statuses are its own: these are the words for that. */
export function isCalledOff({ status = '' }: Pick<Booking, 'status'>): boolean {
  return CALLED_OFF.test(status);
}
