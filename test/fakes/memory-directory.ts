import type { Booking, Business, Profile } from '../../lambdas/core/directory.ts';
import type { Directory } from '../../lambdas/core/ports.ts';
import type { Immediate } from './in-turn.ts';

/** What the platform told, by id. */
export type Directories = {
  readonly profiles: Map<string, Profile>;
  readonly businesses: Map<string, Business>;
  readonly bookings: Map<string, Booking>;
};

/** The platform's users, businesses and bookings, in memory. */
export function memoryDirectory({ profiles, businesses, bookings }: Directories): Immediate<Directory> {
  return {
    profile: (id) => profiles.get(id),
    profiles: (ids) => found(profiles, ids),
    saveProfile: (profile) => void profiles.set(profile.userId, profile),
    forgetProfile: (id) => void profiles.delete(id),
    business: (id) => businesses.get(id),
    businesses: (ids) => found(businesses, ids),
    saveBusiness: (business) => void businesses.set(business.businessId, business),
    forgetBusiness: (id) => void businesses.delete(id),
    booking: (id) => bookings.get(id),
    saveBooking: (booking) => void bookings.set(booking.bookingId, booking),
    forgetBooking: (id) => void bookings.delete(id),
  };
}

function found<Item>(items: ReadonlyMap<string, Item>, ids: readonly string[]): readonly Item[] {
  return ids.flatMap((id) => items.get(id) ?? []);
}
