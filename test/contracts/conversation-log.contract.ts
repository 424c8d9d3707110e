import { beforeAll, describe, expect, test } from 'vitest';
import { UNREAD } from '../../lambdas/core/read-state.ts';
import { entryAt, type Fixture, fill, headOf, type MakeFixture, openedBy, unique } from './fixture.ts';

/** What every conversation log does. */
export function conversationLogContract(make: MakeFixture): void {
  describe('a conversation log', () => {
    let fixture: Fixture;
    beforeAll(async () => {
      fixture = await make();
    });

    test('has no head for a conversation that was never opened', async () => {
      expect(await fixture.ports.log.head(unique('c'))).toBeUndefined();
    });

    test('shows a new conversation with its members, who have read nothing, and no messages', async () => {
      const { id, booking, client, owner } = await openedBy(fixture);
      const head = await headOf(fixture, id);
      const now = fixture.clock.now();
      expect(head.conversation).toStrictEqual({
        id,
        kind: 'booking',
        bookingId: booking.bookingId,
        businessId: booking.businessId,
        createdAt: now,
        touchedAt: now,
      });
      expect(new Set(head.members)).toEqual(
        new Set([
          { userId: client, role: 'client', joinedAt: now, read: UNREAD },
          { userId: owner, role: 'business', joinedAt: now, read: UNREAD },
        ]),
      );
      expect(head.entries).toEqual([]);
      expect(head.knock).toBeUndefined();
    });

    test('gives back an entry exactly as it was appended', async () => {
      const { id, client } = await openedBy(fixture);
      const plain = entryAt(1, client);
      const full = entryAt(2, client, {
        clientMessageId: 'm#1',
        joinedAt: 5,
        unheardBy: 'phone=',
        content: 'zwei\n\t€ 👋',
      });
      expect(await fixture.ports.log.append(id, plain, undefined)).toBe('appended');
      expect(await fixture.ports.log.append(id, full, undefined)).toBe('appended');
      expect((await headOf(fixture, id)).entries).toStrictEqual([full, plain]);
      expect(await fixture.ports.log.range(id, 1, 2)).toStrictEqual([plain, full]);
      expect(await fixture.ports.log.entriesAt(id, [2])).toStrictEqual([full]);
    });

    test('notes until when an entry was being pushed, the latest time of all, and only where there is one', async () => {
      const { id, client } = await openedBy(fixture);
      const { log } = fixture.ports;
      const entry = entryAt(1, client);
      await log.append(id, entry, undefined);
      await log.knock(id, 2, { token: 'knock', at: 3 });
      for (const until of [7, 9, 8]) await log.noteLate(id, 1, until);
      for (const seq of [2, 3]) await log.noteLate(id, seq, 7);
      const head = await headOf(fixture, id);
      expect(head.entries).toStrictEqual([{ ...entry, lateUntil: 9 }]);
      expect(head.knock).toStrictEqual({ token: 'knock', at: 3 });
      expect(await log.range(id, 1, 3)).toStrictEqual([{ ...entry, lateUntil: 9 }]);
    });

    test('holds the newest entries in its head, newest first and without gaps, all of them while they are few', async () => {
      const { id, client, owner } = await openedBy(fixture);
      const entries = await fill(fixture, id, 10, [client, owner]);
      expect((await headOf(fixture, id)).entries).toStrictEqual(entries.toReversed());
      const more = entryAt(11, client);
      await fixture.ports.log.append(id, more, undefined);
      const head = await headOf(fixture, id);
      expect(head.entries.length).toBeGreaterThanOrEqual(10);
      expect(head.entries).toStrictEqual([...entries, more].toReversed().slice(0, head.entries.length));
    });

    test('takes each place once, whoever comes first', async () => {
      const { id, client, owner } = await openedBy(fixture);
      const rivals = Array.from({ length: 8 }, (_, index) => entryAt(1, index % 2 ? client : owner));
      const outcomes = await Promise.all(
        rivals.map((rival) => fixture.ports.log.append(id, rival, undefined)),
      );
      expect(outcomes.filter((outcome) => outcome === 'appended')).toHaveLength(1);
      const winner = rivals[outcomes.indexOf('appended')];
      expect((await headOf(fixture, id)).entries).toStrictEqual([winner]);
    });

    test('counts an entry that turns out to be our own as appended', async () => {
      const { id, client } = await openedBy(fixture);
      const entry = entryAt(1, client);
      await fixture.ports.log.append(id, entry, undefined);
      expect(await fixture.ports.log.append(id, entry, undefined)).toBe('appended');
      expect(await fixture.ports.log.append(id, { ...entry, nonce: 'another' }, undefined)).toBe('taken');
      expect(await fixture.ports.log.range(id, 1, 9)).toStrictEqual([entry]);
    });

    test('lets nobody take a knocked place who has not seen the last knock on it', async () => {
      const { id, client } = await openedBy(fixture);
      const { log } = fixture.ports;
      const first = { token: 'first', at: 1 };
      const last = { token: 'last', at: 2 };
      expect(await log.knock(id, 1, first)).toBe('knocked');
      expect((await headOf(fixture, id)).knock).toStrictEqual(first);
      expect(await log.append(id, entryAt(1, client), undefined)).toBe('taken');
      expect(await log.knock(id, 1, last)).toBe('knocked');
      expect(await log.append(id, entryAt(1, client), first)).toBe('taken');
      const entry = entryAt(1, client);
      expect(await log.append(id, entry, last)).toBe('appended');
      expect(await log.append(id, entry, last)).toBe('appended');
      const head = await headOf(fixture, id);
      expect(head.knock).toBeUndefined();
      expect(head.entries).toStrictEqual([entry]);
    });

    test('refuses a knock on a place where a message stands, and a seen knock that is not there', async () => {
      const { id, client } = await openedBy(fixture);
      const [entry] = await fill(fixture, id, 1, [client]);
      expect(await fixture.ports.log.knock(id, 1, { token: 't', at: 1 })).toBe('taken');
      expect(await fixture.ports.log.append(id, entryAt(2, client), { token: 't', at: 1 })).toBe('taken');
      expect((await headOf(fixture, id)).entries).toStrictEqual([entry]);
    });

    test('shows a knock to nobody who reads messages', async () => {
      const { id, client, owner } = await openedBy(fixture);
      const entries = await fill(fixture, id, 12, [client]);
      await fixture.ports.log.knock(id, 13, { token: 't', at: 1 });
      const { log } = fixture.ports;
      expect(await log.range(id, 12, 20)).toStrictEqual(entries.slice(11));
      expect(await log.entriesAt(id, [13])).toEqual([]);
      expect(await log.countFromOthers(id, owner, { from: 1, to: 13, except: [] })).toBe(12);
      expect((await headOf(fixture, id)).entries.length).toBeGreaterThanOrEqual(10);
    });

    test('reads a range oldest first and leaves out what does not exist', async () => {
      const { id, client } = await openedBy(fixture);
      const entries = await fill(fixture, id, 25, [client]);
      const { log } = fixture.ports;
      expect(await log.range(id, 3, 7)).toStrictEqual(entries.slice(2, 7));
      expect(await log.range(id, 24, 99)).toStrictEqual(entries.slice(23));
      expect(await log.range(id, 5, 4)).toEqual([]);
      expect(await log.range(id, 0, 1)).toStrictEqual(entries.slice(0, 1));
    });

    test('finds single entries and leaves out what does not exist', async () => {
      const { id, client } = await openedBy(fixture);
      const entries = await fill(fixture, id, 5, [client]);
      const found = await fixture.ports.log.entriesAt(id, [5, 2, 77]);
      expect(found.toSorted((a, b) => a.seq - b.seq)).toStrictEqual([entries[1], entries[4]]);
    });

    test('counts what others said in a range, but for what is known to be read', async () => {
      const { id, client, owner } = await openedBy(fixture);
      await fill(fixture, id, 9, [client, owner]);
      const { log } = fixture.ports;
      expect(await log.countFromOthers(id, client, { from: 1, to: 9, except: [] })).toBe(5);
      expect(await log.countFromOthers(id, owner, { from: 1, to: 9, except: [] })).toBe(4);
      expect(await log.countFromOthers(id, client, { from: 2, to: 8, except: [3, 5, 9] })).toBe(1);
      expect(await log.countFromOthers(id, unique('stranger'), { from: 4, to: 4, except: [] })).toBe(1);
    });

    test('saves a read state only over the version it was made from', async () => {
      const { id, client, owner } = await openedBy(fixture);
      const { log } = fixture.ports;
      const first = { upTo: 1, at: 10, also: {}, version: 1 };
      const second = { upTo: 1, at: 10, also: { 3: 11 }, version: 2 };
      expect(await log.saveRead(id, client, first)).toBe('saved');
      expect(await log.saveRead(id, client, { ...first, upTo: 9 })).toBe('stale');
      expect(await log.saveRead(id, client, second)).toBe('saved');
      expect(await log.saveRead(id, client, first)).toBe('stale');
      expect(await log.saveRead(id, client, { ...second, version: 4 })).toBe('stale');
      const { members } = await headOf(fixture, id);
      expect(members.find(({ userId }) => userId === client)?.read).toStrictEqual(second);
      expect(members.find(({ userId }) => userId === owner)?.read).toStrictEqual(UNREAD);
    });

    test('counts a read state that stands exactly so already as saved', async () => {
      const { id, client } = await openedBy(fixture);
      const read = { upTo: 2, at: 10, also: { 4: 11, 7: 12 }, version: 1 };
      await fixture.ports.log.saveRead(id, client, read);
      expect(await fixture.ports.log.saveRead(id, client, { ...read })).toBe('saved');
      for (const other of [{ upTo: 3 }, { at: 9 }, { also: { 4: 11 } }, { also: { 4: 11, 7: 13 } }]) {
        expect(await fixture.ports.log.saveRead(id, client, { ...read, ...other })).toBe('stale');
      }
    });

    test('saves no read state for somebody who never was a member', async () => {
      const { id } = await openedBy(fixture);
      const read = { upTo: 1, at: 1, also: {}, version: 1 };
      expect(await fixture.ports.log.saveRead(id, unique('stranger'), read)).toBe('stale');
      expect((await headOf(fixture, id)).members).toHaveLength(2);
    });

    test('lets one of many writers of a read state win each version', async () => {
      const { id, client } = await openedBy(fixture);
      const writes = Array.from({ length: 6 }, (_, index) => ({ upTo: 1, at: index, also: {}, version: 1 }));
      const outcomes = await Promise.all(writes.map((read) => fixture.ports.log.saveRead(id, client, read)));
      expect(outcomes.filter((outcome) => outcome === 'saved')).toHaveLength(1);
    });
  });
}
