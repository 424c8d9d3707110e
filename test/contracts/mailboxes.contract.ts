import { beforeAll, describe, expect, test } from 'vitest';
import { unique } from './fixture.ts';
import { NOW, newSession, type SessionsFixture } from './sessions.contract.ts';

/** What every store of mailboxes does. */
export function mailboxesContract(make: () => Promise<SessionsFixture>): void {
  describe('a mailbox', () => {
    let fixture: SessionsFixture;
    beforeAll(async () => {
      fixture = await make();
    });
    const begun = async () => {
      const { key } = newSession();
      await fixture.store.create(newSession({ key }), NOW);
      return { key, socket: unique('connection') };
    };

    test('keeps frames in order, and gives them to one of two callers', async () => {
      const { key } = await begun();
      const { mailboxes } = fixture;
      expect(await mailboxes.peek(key, NOW)).toBe('empty');
      expect(await mailboxes.mail(key, ['a', 'b'])).toEqual({ kind: 'queued' });
      expect(await mailboxes.mail(key, ['c'])).toEqual({ kind: 'queued' });
      expect(await mailboxes.peek(key, NOW)).toBe('mail');
      const taken = await Promise.all([mailboxes.collect(key), mailboxes.collect(key)]);
      expect(taken.toSorted((a, b) => a.length - b.length)).toEqual([[], ['a', 'b', 'c']]);
      expect(await mailboxes.peek(key, NOW)).toBe('empty');
    });

    test('is full with 500 frames', async () => {
      const { key } = await begun();
      const { mailboxes } = fixture;
      await mailboxes.mail(
        key,
        Array.from({ length: 500 }, () => 'x'),
      );
      expect(await mailboxes.mail(key, ['one more'])).toEqual({ kind: 'full' });
      expect(await mailboxes.collect(key)).toHaveLength(500);
    });

    test('of a session that has ended takes nothing and brings nothing back', async () => {
      const key = unique('ended');
      const { mailboxes, store } = fixture;
      expect(await mailboxes.peek(key, NOW)).toBe('gone');
      expect(await mailboxes.mail(key, ['a'])).toEqual({ kind: 'gone' });
      expect(await mailboxes.mailHeld(key, 'a')).toEqual({ kind: 'gone' });
      expect(await mailboxes.collect(key)).toEqual([]);
      expect(await mailboxes.enter(key, 'GET', NOW, NOW + 1)).toBe('gone');
      await mailboxes.leave(key, 'GET');
      await mailboxes.hold(key);
      expect(await mailboxes.letGo(key)).toBe('free');
      expect(await mailboxes.probe(key, 'w', NOW, NOW + 1)).toBe('other');
      expect(await mailboxes.beginMove(key, 'w')).toBe(false);
      expect(await mailboxes.endMove(key, 'w')).toBe('gone');
      expect(await store.find(key)).toBeUndefined();
    });

    test('lets one request of each kind in at a time, until it leaves or is overdue', async () => {
      const { key } = await begun();
      const { mailboxes } = fixture;
      expect(await mailboxes.enter(key, 'GET', NOW, NOW + 10)).toBe('free');
      expect(await mailboxes.enter(key, 'POST', NOW, NOW + 10)).toBe('free');
      expect(await mailboxes.enter(key, 'GET', NOW + 10, NOW + 20)).toBe('busy');
      expect(await mailboxes.enter(key, 'GET', NOW + 11, NOW + 20)).toBe('free');
      await mailboxes.leave(key, 'POST');
      expect(await mailboxes.enter(key, 'POST', NOW, NOW + 10)).toBe('free');
      expect((await fixture.store.find(key))?.seenAt).toBe(NOW);
    });

    test('holds frames back until nothing waits', async () => {
      const { key } = await begun();
      const { mailboxes } = fixture;
      expect(await mailboxes.mailHeld(key, 'not held')).toEqual({ kind: 'moved' });
      await mailboxes.hold(key);
      expect(await mailboxes.mailHeld(key, 'a')).toEqual({ kind: 'queued' });
      expect(await mailboxes.letGo(key)).toBe('mail');
      expect(await mailboxes.collectHeld(key)).toEqual(['a']);
      expect(await mailboxes.letGo(key)).toBe('free');
      expect(await mailboxes.mailHeld(key, 'b')).toEqual({ kind: 'moved' });
    });

    test('is handed over to one WebSocket, once it is empty', async () => {
      const { key, socket } = await begun();
      const { mailboxes, store } = fixture;
      await mailboxes.link(socket, key, NOW);
      expect((await store.find(socket))?.key).toBe(key);
      expect(await mailboxes.probe(key, socket, NOW, NOW + 10)).toBe('probing');
      expect(await mailboxes.probe(key, 'another', NOW, NOW + 10)).toBe('other');
      expect(await mailboxes.peek(key, NOW)).toBe('probed');
      expect(await mailboxes.peek(key, NOW + 10)).toBe('empty');
      expect(await mailboxes.beginMove(key, 'another')).toBe(false);
      const begins = await Promise.all([mailboxes.beginMove(key, socket), mailboxes.beginMove(key, socket)]);
      expect(begins.toSorted()).toEqual([false, true]);
      await mailboxes.mail(key, ['meanwhile']);
      expect(await mailboxes.endMove(key, socket)).toBe('mail');
      await mailboxes.collect(key);
      expect(await mailboxes.endMove(key, socket)).toBe('moved');
      expect(await mailboxes.mail(key, ['later'])).toEqual({ kind: 'moved', webSocket: socket });
      expect(await mailboxes.peek(key, NOW)).toBe('probed');
      expect(await mailboxes.beginMove(key, 'another')).toBe(false);
      expect(await store.find(key)).toMatchObject({ webSocket: socket });
      expect(await store.find(key)).not.toHaveProperty('probe');
    });

    test('is free for another probe when the first is overdue or has ended, but not while it moves', async () => {
      const { key, socket } = await begun();
      const { mailboxes, store } = fixture;
      await mailboxes.probe(key, 'first', NOW, NOW + 10);
      expect(await mailboxes.probe(key, 'second', NOW + 11, NOW + 20)).toBe('probing');
      await mailboxes.endProbe(key, 'first');
      expect(await store.find(key)).toMatchObject({ probe: 'second' });
      await mailboxes.endProbe(key, 'second');
      expect(await store.find(key)).not.toHaveProperty('probe');
      expect(await mailboxes.beginMove(key, socket)).toBe(true);
      await mailboxes.endProbe(key, socket);
      expect(await store.find(key)).toMatchObject({ probe: socket });
      expect(await mailboxes.probe(key, 'third', NOW + 30, NOW + 40)).toBe('other');
    });

    test('is not found by a WebSocket whose link was undone', async () => {
      const { key, socket } = await begun();
      const { mailboxes, store } = fixture;
      await mailboxes.link(socket, key, NOW);
      await mailboxes.unlink(socket);
      expect(await store.find(socket)).toBeUndefined();
      expect((await store.find(key))?.key).toBe(key);
    });
  });
}
