import { beforeAll, describe, expect, test } from 'vitest';
import { entryAt, type Fixture, fill, headOf, type MakeFixture, openedBy, unique } from './fixture.ts';

/** What every implementation of the statistics does. */
export function statisticsContract(make: MakeFixture): void {
  describe('statistics', () => {
    let fixture: Fixture;
    beforeAll(async () => {
      fixture = await make();
    });
    const settle = () => fixture.statistics.settle(fixture.clock.now());
    const totals = () => fixture.statistics.totals();
    const touch = async (id: string) => {
      fixture.clock.pass(60_000);
      const { conversation, members } = await headOf(fixture, id);
      await fixture.ports.conversations.touch(conversation, members, fixture.clock.now());
    };

    test('count conversations of every kind once, with what was said, before and after it is entered', async () => {
      expect(await totals()).toEqual({ conversations: 0, messages: 0 });
      const { conversations } = fixture.ports;
      const now = fixture.clock.now();
      const { id, booking, business, client, owner } = await openedBy(fixture);
      await conversations.open(booking, business, now);
      const [one, other] = [unique('user'), unique('user')].map((userId) => ({
        userId,
        role: 'member' as const,
      }));
      if (!one || !other) throw new Error('unreachable');
      for (let time = 1; time <= 2; time += 1) {
        await conversations.openDirect([one, other], now);
        await conversations.openGroup({ id: `c${'g'.repeat(22)}`, members: [one, other] }, now);
      }
      await fill(fixture, id, 12, [client, owner]);
      for (let time = 1; time <= 3; time += 1) {
        expect(await totals()).toEqual({ conversations: 3, messages: 12 });
        await settle();
      }
    });

    test('go on where activity is noted, and take what was said meanwhile along', async () => {
      const { id, client } = await openedBy(fixture);
      await settle();
      const before = await totals();
      const grown = (by: number) => ({ ...before, messages: before.messages + by });
      await fixture.ports.log.append(id, entryAt(1, client), undefined);
      await touch(id);
      await fixture.ports.log.append(id, entryAt(2, client), undefined);
      // Somebody has joined since: the place is no message.
      await fixture.ports.log.knock(id, 3, { token: 'knock', at: 1 });
      expect(await totals()).toEqual(grown(2));
      await settle();
      expect(await totals()).toEqual(grown(2));
      await fixture.ports.log.append(id, entryAt(3, client), { token: 'knock', at: 1 });
      await touch(id);
      for (let time = 1; time <= 2; time += 1) {
        expect(await totals()).toEqual(grown(3));
        await Promise.all([settle(), settle()]);
      }
    });

    test('count what is withdrawn, put back or deleted, and leave for later what was noted since', async () => {
      const opened = await openedBy(fixture);
      const { id, booking, business, client } = opened;
      await fill(fixture, id, 2, [client]);
      const before = await totals();
      await fixture.statistics.settle(fixture.clock.now() - 1);
      expect(await totals()).toEqual(before);
      await settle();
      await fixture.ports.log.amend(id, 1, { kind: 'delete', at: 1 });
      await fixture.ports.directory.forgetBooking(booking.bookingId);
      await fixture.ports.conversations.withdraw(id);
      expect(await totals()).toEqual(before);
      await fixture.ports.directory.saveBooking(booking);
      await fixture.ports.conversations.open(booking, business, fixture.clock.now());
      expect(await totals()).toEqual(before);
      await settle();
      expect(await totals()).toEqual(before);
    });

    test('enter more conversations than fit into one transaction', async () => {
      const before = await totals();
      const opened = await Promise.all(Array.from({ length: 120 }, () => openedBy(fixture)));
      for (const { id, client } of opened.slice(0, 3)) await fill(fixture, id, 1, [client]);
      const expected = { conversations: before.conversations + 120, messages: before.messages + 3 };
      expect(await totals()).toEqual(expected);
      await settle();
      expect(await totals()).toEqual(expected);
    });
  });
}
