import { beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, type MakeFixture, unique } from './fixture.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What every store of claims does. */
export function claimsContract(make: MakeFixture): void {
  describe('a store of claims', () => {
    let fixture: Fixture;
    beforeAll(async () => {
      fixture = await make();
    });
    const newClaim = () => ({
      userId: unique('user'),
      conversationId: unique('c'),
      clientMessageId: `m#${'x'.repeat(60)}`,
    });

    test('lets one attempt be the first and tells the others since when it stands', async () => {
      const { claims } = fixture.ports;
      const claim = newClaim();
      const now = fixture.clock.now();
      expect(await claims.claim(claim, 'a', now)).toEqual({});
      expect(await claims.claim(claim, 'b', now + 5)).toEqual({ since: now });
      expect(await claims.claim(claim, 'c', now + 6)).toEqual({ since: now });
    });

    test('keeps claims apart by user, by conversation and by name', async () => {
      const { claims } = fixture.ports;
      const claim = newClaim();
      const now = fixture.clock.now();
      await claims.claim(claim, 'a', now);
      expect(await claims.claim({ ...claim, userId: unique('user') }, 'b', now)).toEqual({});
      expect(await claims.claim({ ...claim, conversationId: unique('c') }, 'b', now)).toEqual({});
      expect(await claims.claim({ ...claim, clientMessageId: 'other' }, 'b', now)).toEqual({});
    });

    test('is given to one of many who come at once', async () => {
      const claim = newClaim();
      const now = fixture.clock.now();
      const answers = await Promise.all(
        ['a', 'b', 'c', 'd', 'e'].map((nonce) => fixture.ports.claims.claim(claim, nonce, now)),
      );
      expect(answers.filter(({ since }) => since === undefined)).toHaveLength(1);
    });

    test('still is the first attempt’s when its answer was lost and it asks again', async () => {
      const claim = newClaim();
      const now = fixture.clock.now();
      await fixture.ports.claims.claim(claim, 'a', now);
      expect(await fixture.ports.claims.claim(claim, 'a', now)).toEqual({});
    });

    test('is free again once the attempt that holds it gives it up, and only then', async () => {
      const { claims } = fixture.ports;
      const claim = newClaim();
      const now = fixture.clock.now();
      await claims.claim(claim, 'a', now);
      await claims.release(claim, 'b');
      expect(await claims.claim(claim, 'b', now)).toEqual({ since: now });
      await claims.release(claim, 'a');
      await claims.release(claim, 'a');
      expect(await claims.claim(claim, 'b', now)).toEqual({});
    });

    test('cannot be given up by an attempt from which it was taken over', async () => {
      const { claims } = fixture.ports;
      const claim = newClaim();
      const now = fixture.clock.now();
      await claims.claim(claim, 'a', now);
      await claims.takeOver(claim, 'b', now, now + 10);
      await claims.release(claim, 'a');
      expect(await claims.claim(claim, 'c', now + 20)).toEqual({ since: now });
    });

    test('can be taken over after it was given up, and dates from the earlier of both clocks', async () => {
      const { claims } = fixture.ports;
      const claim = newClaim();
      const now = fixture.clock.now();
      await claims.claim(claim, 'a', now);
      await claims.release(claim, 'a');
      await claims.takeOver(claim, 'b', now, now - 3);
      expect(await claims.claim(claim, 'c', now)).toEqual({ since: now - 3 });
    });

    test('stands for 30 days, and not longer although its row may', async () => {
      const { claims } = fixture.ports;
      const claim = newClaim();
      const now = fixture.clock.now();
      await claims.claim(claim, 'a', now);
      expect(await claims.claim(claim, 'b', now + 30 * DAY_MS)).toEqual({ since: now });
      expect(await claims.claim(claim, 'b', now + 30 * DAY_MS + 2_000)).toEqual({});
      expect(await claims.claim(claim, 'c', now + 31 * DAY_MS)).toEqual({ since: now + 30 * DAY_MS + 2_000 });
    });

    test('stands for another 30 days once it was taken over', async () => {
      const { claims } = fixture.ports;
      const claim = newClaim();
      const now = fixture.clock.now();
      await claims.claim(claim, 'a', now);
      await claims.takeOver(claim, 'b', now, now + 20 * DAY_MS);
      expect(await claims.claim(claim, 'c', now + 45 * DAY_MS)).toEqual({ since: now });
    });
  });
}
