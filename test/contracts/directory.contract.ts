import { beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, type MakeFixture, unique } from './fixture.ts';

/** What every directory does. */
export function directoryContract(make: MakeFixture): void {
  describe('a directory', () => {
    let fixture: Fixture;
    beforeAll(async () => {
      fixture = await make();
    });

    test('knows nobody and nothing that it was not told of', async () => {
      const { directory } = fixture.ports;
      expect(await directory.profile(unique('user'))).toBeUndefined();
      expect(await directory.business(unique('business'))).toBeUndefined();
      expect(await directory.booking(unique('booking'))).toBeUndefined();
      expect(await directory.profiles([unique('user')])).toEqual([]);
      expect(await directory.businesses([])).toEqual([]);
    });

    test('gives back what it was told, and of the old nothing once it is told anew', async () => {
      const { directory } = fixture.ports;
      const userId = unique('user');
      const profile = {
        userId,
        name: 'Ann',
        email: 'ann@example.com',
        role: 'client',
        source: 'platform',
      } as const;
      await directory.saveProfile(profile);
      expect(await directory.profile(userId)).toStrictEqual(profile);
      await directory.saveProfile({ userId, name: 'Anna', source: 'token' });
      expect(await directory.profile(userId)).toStrictEqual({ userId, name: 'Anna', source: 'token' });
      const business = { businessId: unique('business'), name: 'Salon', ownerId: userId };
      await directory.saveBusiness(business);
      expect(await directory.business(business.businessId)).toStrictEqual(business);
      const booking = {
        bookingId: unique('booking'),
        clientId: userId,
        businessId: 'x',
        title: 'T',
        status: 'open',
      };
      await directory.saveBooking(booking);
      expect(await directory.booking(booking.bookingId)).toStrictEqual(booking);
    });

    test('forgets what it is told to forget, also again', async () => {
      const { directory } = fixture.ports;
      const id = unique('id');
      await directory.saveProfile({ userId: id, name: 'Ann', source: 'token' });
      await directory.saveBusiness({ businessId: id, name: 'Salon', ownerId: id });
      await directory.saveBooking({ bookingId: id, clientId: id, businessId: id });
      for (const _ of [1, 2]) {
        await directory.forgetProfile(id);
        await directory.forgetBusiness(id);
        await directory.forgetBooking(id);
      }
      expect(await directory.profile(id)).toBeUndefined();
      expect(await directory.business(id)).toBeUndefined();
      expect(await directory.booking(id)).toBeUndefined();
    });

    test('finds many at once, more than one batch of DynamoDB holds', async () => {
      const { directory } = fixture.ports;
      const profiles = Array.from({ length: 130 }, () => ({
        userId: unique('user'),
        name: 'Ann',
        source: 'token' as const,
      }));
      const businesses = profiles
        .slice(0, 3)
        .map(({ userId }) => ({ businessId: userId, name: 'S', ownerId: userId }));
      await Promise.all(profiles.map((profile) => directory.saveProfile(profile)));
      await Promise.all(businesses.map((business) => directory.saveBusiness(business)));
      const found = await directory.profiles([...profiles.map(({ userId }) => userId), unique('nobody')]);
      expect(new Set(found)).toEqual(new Set(profiles));
      expect(new Set(await directory.businesses(businesses.map(({ businessId }) => businessId)))).toEqual(
        new Set(businesses),
      );
    });

    test('keeps ids apart that look like keys', async () => {
      const { directory } = fixture.ports;
      const tail = unique('x');
      for (const userId of [`a#${tail}`, `a#PROFILE#${tail}`, `__proto__${tail}`, `USER#a#${tail}`]) {
        await directory.saveProfile({ userId, name: userId, source: 'token' });
      }
      expect(await directory.profile(`a#${tail}`)).toMatchObject({ name: `a#${tail}` });
      expect(await directory.profile(`__proto__${tail}`)).toMatchObject({ name: `__proto__${tail}` });
      expect(await directory.profile(`PROFILE#${tail}`)).toBeUndefined();
    });
  });
}
