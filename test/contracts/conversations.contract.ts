import { beforeAll, describe, expect, test } from 'vitest';
import { conversationOfPair } from '../../lambdas/core/ids.ts';
import type { Listed } from '../../lambdas/core/ports.ts';
import { bookedBy, type Fixture, headOf, type MakeFixture, openedBy, unique } from './fixture.ts';

const FIRST = { number: 1, limit: 10 } as const;

/** What every store of conversations does. */
export function conversationsContract(make: MakeFixture): void {
  describe('a store of conversations', () => {
    let fixture: Fixture;
    beforeAll(async () => {
      fixture = await make();
    });
    const usersIn = async (id: string) =>
      new Set((await headOf(fixture, id)).members.map(({ userId }) => userId));

    test('opens a conversation once, however many come at once', async () => {
      const { id, booking, business, client, owner } = await bookedBy(fixture);
      const { conversations } = fixture.ports;
      const open = () => conversations.open(booking, business, fixture.clock.now());
      expect(await Promise.all([open(), open(), open()])).toEqual(['open', 'open', 'open']);
      expect(await usersIn(id)).toEqual(new Set([client, owner]));
    });

    test('keeps an open conversation as it is when it is opened again', async () => {
      const { id, booking, business, client } = await openedBy(fixture);
      await fixture.ports.log.saveRead(id, client, { upTo: 3, at: 1, also: {}, version: 1 });
      const before = await headOf(fixture, id);
      fixture.clock.pass(5_000);
      const other = { ...booking, clientId: unique('usurper'), title: 'New' };
      expect(await fixture.ports.conversations.open(other, business, fixture.clock.now())).toBe('open');
      expect(await headOf(fixture, id)).toStrictEqual(before);
    });

    test('gives one who books at their own business one place, as its client', async () => {
      const self = unique('self');
      const { id } = await openedBy(fixture, { client: self, owner: self });
      expect((await headOf(fixture, id)).members).toMatchObject([{ userId: self, role: 'client' }]);
    });

    test.each(['client', 'business', 'owner', 'booking gone', 'business gone'])(
      'opens nothing when the platform has changed the %s since',
      async (change) => {
        const { id, booking, business } = await bookedBy(fixture);
        const { directory, conversations } = fixture.ports;
        if (change === 'client') await directory.saveBooking({ ...booking, clientId: unique('other') });
        if (change === 'business') await directory.saveBooking({ ...booking, businessId: unique('other') });
        if (change === 'owner') await directory.saveBusiness({ ...business, ownerId: unique('other') });
        if (change === 'booking gone') await directory.forgetBooking(booking.bookingId);
        if (change === 'business gone') await directory.forgetBusiness(business.businessId);
        expect(await conversations.open(booking, business, fixture.clock.now())).toBe('stale');
        expect(await fixture.ports.log.head(id)).toBeUndefined();
      },
    );

    test('reconciles an open conversation with its new client and title', async () => {
      const { id, booking, business, client, owner } = await openedBy(fixture);
      const moved = { ...booking, clientId: unique('new-client'), title: 'Beard trim' };
      await fixture.ports.directory.saveBooking(moved);
      await fixture.ports.conversations.reconcile(moved, business, fixture.clock.now());
      expect(await usersIn(id)).toEqual(new Set([moved.clientId, owner]));
      expect((await headOf(fixture, id)).conversation.title).toBe('Beard trim');
      expect(await fixture.ports.conversations.ofUser(client, 'client', FIRST)).toEqual([]);
      await fixture.ports.directory.saveBooking(booking);
      await fixture.ports.conversations.reconcile(booking, business, fixture.clock.now());
      expect(await usersIn(id)).toEqual(new Set([client, owner]));
      expect((await headOf(fixture, id)).conversation.title).toBeUndefined();
    });

    test('reconciles to the client alone when the business is gone, and to another business', async () => {
      const { id, booking, business, client } = await openedBy(fixture);
      const { directory, conversations } = fixture.ports;
      await directory.forgetBusiness(business.businessId);
      await conversations.reconcile(booking, undefined, fixture.clock.now());
      expect(await usersIn(id)).toEqual(new Set([client]));
      const next = { businessId: unique('business'), name: 'Next', ownerId: unique('next-owner') };
      const moved = { ...booking, businessId: next.businessId };
      await Promise.all([directory.saveBusiness(next), directory.saveBooking(moved)]);
      await conversations.reconcile(moved, next, fixture.clock.now());
      expect(await usersIn(id)).toEqual(new Set([client, next.ownerId]));
      expect(await conversations.ofBusiness(business.businessId, FIRST)).toEqual([]);
      expect(await conversations.ofBusiness(next.businessId, FIRST)).toHaveLength(1);
    });

    test('reconciles nothing by a word that the platform has taken back since', async () => {
      const { id, booking, business, client, owner } = await openedBy(fixture);
      const old = { ...booking, clientId: unique('old-word') };
      await fixture.ports.conversations.reconcile(old, business, fixture.clock.now());
      const stranger = { ...business, ownerId: unique('old-owner') };
      await fixture.ports.conversations.reconcile(booking, stranger, fixture.clock.now());
      await fixture.ports.conversations.reconcile(booking, undefined, fixture.clock.now());
      expect(await usersIn(id)).toEqual(new Set([client, owner]));
    });

    test('reconciles no conversation into being', async () => {
      const { id, booking, business } = await bookedBy(fixture);
      await fixture.ports.conversations.reconcile(booking, business, fixture.clock.now());
      expect(await fixture.ports.log.head(id)).toBeUndefined();
    });

    test('keeps what a member has read while they are away', async () => {
      const { id, booking, business, client } = await openedBy(fixture);
      const { directory, conversations, log } = fixture.ports;
      const read = { upTo: 4, at: 9, also: { 6: 10 }, version: 1 };
      await log.saveRead(id, client, read);
      const moved = { ...booking, clientId: unique('other') };
      await directory.saveBooking(moved);
      await conversations.reconcile(moved, business, fixture.clock.now());
      await directory.saveBooking(booking);
      await conversations.reconcile(booking, business, fixture.clock.now());
      const { members } = await headOf(fixture, id);
      expect(members.find(({ userId }) => userId === client)?.read).toStrictEqual(read);
    });

    test('lets nobody into a withdrawn conversation, nor lists it, until it is opened again', async () => {
      const { id, booking, business, client, owner } = await openedBy(fixture);
      const { directory, conversations, log } = fixture.ports;
      await log.saveRead(id, client, { upTo: 2, at: 1, also: {}, version: 1 });
      await directory.forgetBooking(booking.bookingId);
      await conversations.withdraw(id);
      await conversations.withdraw(id);
      expect(await log.head(id)).toBeUndefined();
      expect(await conversations.ofUser(client, 'client', FIRST)).toEqual([]);
      expect(await conversations.ofUser(owner, 'business', FIRST)).toEqual([]);
      expect(await conversations.ofBusiness(business.businessId, FIRST)).toEqual([]);
      await conversations.reconcile(booking, business, fixture.clock.now());
      expect(await log.head(id)).toBeUndefined();
      const other = { ...booking, clientId: unique('next-client') };
      await directory.saveBooking(other);
      expect(await conversations.open(other, business, fixture.clock.now())).toBe('open');
      expect(await usersIn(id)).toEqual(new Set([other.clientId, owner]));
    });

    test('opens a withdrawn conversation again when it is reconciled with a booking that is back', async () => {
      const { id, booking, business, client, owner } = await openedBy(fixture);
      const { directory, conversations, log } = fixture.ports;
      await log.saveRead(id, client, { upTo: 2, at: 1, also: {}, version: 1 });
      await directory.forgetBooking(booking.bookingId);
      await conversations.withdraw(id);
      await directory.saveBooking(booking);
      await conversations.reconcile(booking, undefined, fixture.clock.now());
      expect(await log.head(id)).toBeUndefined();
      await conversations.reconcile(booking, business, fixture.clock.now());
      expect(await usersIn(id)).toEqual(new Set([client, owner]));
      const { members } = await headOf(fixture, id);
      expect(members.find(({ userId }) => userId === client)?.read.upTo).toBe(2);
      expect(await conversations.ofBusiness(business.businessId, FIRST)).toHaveLength(1);
    });

    test('withdraws nothing when the platform has told of the booking again', async () => {
      const { id, client, owner } = await openedBy(fixture);
      await fixture.ports.conversations.withdraw(id);
      expect(await usersIn(id)).toEqual(new Set([client, owner]));
      expect(await fixture.ports.conversations.ofUser(client, 'client', FIRST)).toHaveLength(1);
    });

    test('withdraws nothing that does not exist', async () => {
      const id = unique('c');
      await fixture.ports.conversations.withdraw(id);
      expect(await fixture.ports.log.head(id)).toBeUndefined();
    });

    test('lists by latest activity, page by page, with one row more to show that there is a next', async () => {
      const client = unique('client');
      const businessId = unique('business');
      const owner = unique('owner');
      const opened: string[] = [];
      for (let index = 0; index < 5; index += 1) {
        fixture.clock.pass(1_000);
        opened.push((await openedBy(fixture, { client, owner, businessId })).id);
      }
      const newest = opened.toReversed();
      const { conversations } = fixture.ports;
      const lists = [
        (page: { number: number; limit: number }) => conversations.ofUser(client, 'client', page),
        (page: { number: number; limit: number }) => conversations.ofBusiness(businessId, page),
      ];
      for (const list of lists) {
        expect(idsIn(await list({ number: 1, limit: 2 }))).toEqual(newest.slice(0, 3));
        expect(idsIn(await list({ number: 2, limit: 2 }))).toEqual(newest.slice(2, 5));
        expect(idsIn(await list({ number: 3, limit: 2 }))).toEqual(newest.slice(4));
        expect(idsIn(await list({ number: 4, limit: 2 }))).toEqual([]);
      }
      expect(await conversations.ofUser(client, 'business', FIRST)).toEqual([]);
      expect(await conversations.ofUser(owner, 'business', FIRST)).toHaveLength(5);
    });

    test('finds what was active since, in whatever role, and no more than is asked for', async () => {
      const { conversations, directory } = fixture.ports;
      const [user, other] = [unique('user'), unique('other')];
      const old = await openedBy(fixture, { client: user });
      fixture.clock.pass(1_000);
      const since = fixture.clock.now();
      const booked = await openedBy(fixture, { owner: user });
      const role = 'member';
      const pair = [
        { userId: user, role },
        { userId: other, role },
      ] as const;
      await conversations.openDirect(pair, since + 1);
      const direct = conversationOfPair(user, other);
      expect(await conversations.activeSince(user, since, 9)).toEqual([direct, booked.id]);
      expect(await conversations.activeSince(user, since, 1)).toEqual([direct]);
      expect(await conversations.activeSince(user, since + 2, 9)).toEqual([]);
      const { conversation, members } = await headOf(fixture, old.id);
      await conversations.touch(conversation, members, since + 2);
      expect(await conversations.activeSince(user, since, 9)).toEqual([old.id, direct, booked.id]);
      await directory.forgetBooking(booked.booking.bookingId);
      await conversations.withdraw(booked.id);
      expect(await conversations.activeSince(user, since, 9)).toEqual([old.id, direct]);
    });

    test('moves a touched conversation to the front, once for all who saw the same state', async () => {
      const client = unique('client');
      const first = await openedBy(fixture, { client });
      fixture.clock.pass(1_000);
      const second = await openedBy(fixture, { client });
      const { conversations } = fixture.ports;
      const { conversation, members } = await headOf(fixture, first.id);
      const at = fixture.clock.now() + 60_000;
      await conversations.touch(conversation, members, at);
      await conversations.touch(conversation, members, at + 1);
      const listed = await conversations.ofUser(client, 'client', FIRST);
      expect(listed).toEqual([
        { conversationId: first.id, touchedAt: at },
        { conversationId: second.id, touchedAt: fixture.clock.now() },
      ]);
      expect((await headOf(fixture, first.id)).conversation.touchedAt).toBe(at);
    });

    test('does not list a withdrawn conversation again because it was touched', async () => {
      const { id, booking, client } = await openedBy(fixture);
      const { conversation, members } = await headOf(fixture, id);
      await fixture.ports.directory.forgetBooking(booking.bookingId);
      await fixture.ports.conversations.withdraw(id);
      await fixture.ports.conversations.touch(conversation, members, fixture.clock.now() + 60_000);
      expect(await fixture.ports.conversations.ofUser(client, 'client', FIRST)).toEqual([]);
      expect(await fixture.ports.log.head(id)).toBeUndefined();
    });

    test('sweeps all conversations of a business, each once, in runs', async () => {
      const businessId = unique('business');
      const owner = unique('owner');
      const opened = new Set<string>();
      for (let index = 0; index < 27; index += 1) {
        opened.add((await openedBy(fixture, { owner, businessId })).id);
      }
      const swept: string[] = [];
      let next: string | undefined;
      do {
        const run = await fixture.ports.conversations.sweepBusiness(businessId, next);
        swept.push(...run.conversationIds);
        next = run.next;
      } while (next !== undefined);
      expect(swept).toHaveLength(27);
      expect(new Set(swept)).toEqual(opened);
    });
  });
}

function idsIn(listed: readonly Listed[]): readonly string[] {
  return listed.map(({ conversationId }) => conversationId);
}
