import type { BookingId, BusinessId, UserId } from './ids.ts';

/** A user the platform, or the user's own token, told us of. */
export type Profile = {
  readonly userId: UserId;
  readonly name: string;
  readonly username?: string;
  readonly email?: string;
  readonly role?: string;
  /** What the platform says outranks what a token says. */
  readonly source: 'platform' | 'token';
};

export type Business = { readonly businessId: BusinessId; readonly name: string; readonly ownerId: UserId };

export type Booking = {
  readonly bookingId: BookingId;
  readonly clientId: UserId;
  readonly businessId: BusinessId;
  /** ISO 8601 with milliseconds and `Z`. */
  readonly startTime?: string;
  readonly status?: string;
  readonly title?: string;
  readonly message?: string;
};
