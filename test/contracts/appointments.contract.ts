import { beforeAll, describe, expect, test } from 'vitest';
import type { Appointment } from '../../lambdas/core/appointment.ts';
import { type Fixture, type MakeFixture, unique } from './fixture.ts';

/** What every store of how appointments stand does. */
export function appointmentsContract(make: MakeFixture): void {
  describe('how an appointment stands', () => {
    let fixture: Fixture;
    beforeAll(async () => {
      fixture = await make();
    });

    const versionOf = (bookingId: string, more: Partial<Appointment> = {}): Appointment => ({
      bookingId,
      version: unique('version'),
      ...more,
    });

    test('is not known at first, and forgetting it does no harm', async () => {
      const { appointments } = fixture.ports;
      const bookingId = unique('booking');
      expect(await appointments.find(bookingId)).toBeUndefined();
      await appointments.forget(bookingId);
      await appointments.settle(bookingId, 'any');
      expect(await appointments.find(bookingId)).toBeUndefined();
    });

    test('is given back as it was saved, each apart from the others', async () => {
      const { appointments } = fixture.ports;
      const whole = versionOf(unique('booking'), {
        startTime: '2040-01-01T10:00:00.000Z',
        status: 'confirmed',
        reminders: 'r',
        unsettled: { isChange: true, outdated: { name: 'q', startTime: '2040-01-01T09:00:00.000Z' } },
      });
      const bare = versionOf(unique('booking'));
      for (const one of [whole, bare]) expect(await appointments.save(one, undefined)).toBe('saved');
      expect(await appointments.find(whole.bookingId)).toStrictEqual(whole);
      expect(await appointments.find(bare.bookingId)).toStrictEqual(bare);
    });

    test('is replaced by whoever has seen how it stands, and by nobody else', async () => {
      const { appointments } = fixture.ports;
      const bookingId = unique('booking');
      const [first, second, third] = [1, 2, 3].map(() => versionOf(bookingId));
      if (!first || !second || !third) throw new Error('unreachable');
      expect(await appointments.save(first, 'never there')).toBe('stale');
      expect(await appointments.save(first, undefined)).toBe('saved');
      expect(await appointments.save(second, undefined)).toBe('stale');
      expect(await appointments.save(second, first.version)).toBe('saved');
      expect(await appointments.save(third, first.version)).toBe('stale');
      // Its own answer may have been lost.
      expect(await appointments.save(second, first.version)).toBe('saved');
      expect(await appointments.find(bookingId)).toStrictEqual(second);
    });

    test('is saved by one of many who come at once', async () => {
      const { appointments } = fixture.ports;
      const bookingId = unique('booking');
      const versions = [1, 2, 3, 4].map(() => versionOf(bookingId));
      const saved = await Promise.all(versions.map((version) => appointments.save(version, undefined)));
      expect(saved.filter((outcome) => outcome === 'saved')).toHaveLength(1);
      expect(await appointments.find(bookingId)).toStrictEqual(versions[saved.indexOf('saved')]);
    });

    test('is settled in the version that it is, and not in another', async () => {
      const { appointments } = fixture.ports;
      const appointment = versionOf(unique('booking'), { unsettled: { isChange: false } });
      const { unsettled: _, ...settled } = appointment;
      const { bookingId, version } = appointment;
      await appointments.save(appointment, undefined);
      await appointments.settle(bookingId, 'another');
      expect(await appointments.find(bookingId)).toStrictEqual(appointment);
      for (const _again of [1, 2]) await appointments.settle(bookingId, version);
      expect(await appointments.find(bookingId)).toStrictEqual(settled);
      await appointments.forget(bookingId);
      expect(await appointments.find(bookingId)).toBeUndefined();
    });
  });
}
