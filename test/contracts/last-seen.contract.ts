import { beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, type MakeFixture, unique } from './fixture.ts';

/** What every store of when users were last online does. */
export function lastSeenContract(make: MakeFixture): void {
  describe('when users were last seen', () => {
    let fixture: Fixture;
    beforeAll(async () => {
      fixture = await make();
    });
    const end = (userId: string, connectionId: string, since: number, at: number) =>
      fixture.ports.lastSeen.note({ userId, connectionId, since, at });

    test('is known of those who have left', async () => {
      const { lastSeen } = fixture.ports;
      const [ann, ben, cat] = [unique('ann'), unique('ben'), unique('cat')];
      expect(await end(ann, 'a', 0, 100)).toBe('noted');
      expect(await end(ben, 'b', 0, 200)).toBe('noted');
      expect(await lastSeen.of([ann, cat, ben, ann])).toEqual(
        new Map([
          [ann, 100],
          [ben, 200],
        ]),
      );
      expect(await lastSeen.of([])).toEqual(new Map());
    });

    test('is noted once for devices that end together, and anew for one that came later', async () => {
      const { lastSeen } = fixture.ports;
      const ann = unique('ann');
      const ends = await Promise.all([end(ann, 'a', 10, 100), end(ann, 'b', 20, 101)]);
      expect(ends.toSorted()).toEqual(['known', 'noted']);
      expect(await end(ann, 'c', 102, 200)).toBe('noted');
      expect(await end(ann, 'd', 200, 201)).toBe('known');
      expect(await lastSeen.of([ann])).toEqual(new Map([[ann, 200]]));
    });

    test('may be noted again by the device that did before', async () => {
      const ann = unique('ann');
      for (let attempt = 1; attempt <= 2; attempt += 1) expect(await end(ann, 'a', 10, 100)).toBe('noted');
    });
  });
}
