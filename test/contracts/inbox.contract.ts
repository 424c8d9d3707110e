import { beforeAll, describe, expect, test } from 'vitest';
import { notificationIdAt, type UserId } from '../../lambdas/core/ids.ts';
import type { Notification } from '../../lambdas/core/notification.ts';
import { type Fixture, type MakeFixture, unique } from './fixture.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const ALL = { unreadOnly: false };
const UNREAD = { unreadOnly: true };

/** What every inbox does. */
export function inboxContract(make: MakeFixture): void {
  describe('an inbox', () => {
    let fixture: Fixture;
    beforeAll(async () => {
      fixture = await make();
    });

    /** One that came so many ms from now. */
    const draft = (userId: UserId, inMs = 0, more: Partial<Notification> = {}): Notification => {
      const createdAt = fixture.clock.now() + inMs;
      const id = notificationIdAt(createdAt, unique('nonce'));
      return { id, userId, type: 'news', title: 'T', message: 'M', createdAt, isRead: false, ...more };
    };
    const added = async (userId: UserId, inMs = 0, more: Partial<Notification> = {}) => {
      const notification = draft(userId, inMs, more);
      await fixture.ports.inbox.add(notification);
      return notification;
    };
    const page = (userId: UserId, { number = 1, limit = 50, filter = ALL, inMs = 1_000 } = {}) =>
      fixture.ports.inbox.list(userId, { number, limit }, filter, fixture.clock.now() + inMs);
    const idsIn = async (...args: Parameters<typeof page>) =>
      (await page(...args)).notifications.map(({ id }) => id);

    test('is empty at first', async () => {
      expect(await page(unique('user'))).toEqual({ notifications: [], total: 0, unread: 0 });
    });

    test('gives back what was put into it, to its user alone', async () => {
      const [user, other] = [unique('user'), unique('user')];
      const deep = JSON.parse(`${'{"a":['.repeat(40)}1${']}'.repeat(40)}`);
      const data = { deep, '': null, ü: [1.5, '\ud800', ''], big: 1e300 };
      const notification = await added(user, 0, { link: '/orders/1', data });
      expect(await page(user)).toEqual({ notifications: [notification], total: 1, unread: 1 });
      const bare = await added(other);
      expect((await page(other)).notifications).toStrictEqual([bare]);
    });

    test('shows the newest first, page by page, and the later id first of the same moment', async () => {
      const user = unique('user');
      const times = [3, 1, 2, 0];
      const ids = new Map<number, string>();
      for (const time of times) ids.set(time, (await added(user, time)).id);
      const [early, late] = ['n', 'o'].map((letter) => `${letter}${unique('')}`);
      for (const id of [late, early]) await added(user, 9, { id: id ?? '' });
      const newest = [late, early, ...[3, 2, 1, 0].map((time) => ids.get(time))];
      expect(await idsIn(user)).toEqual(newest);
      const paged = [];
      for (const number of [1, 2, 3, 4]) paged.push(await idsIn(user, { number, limit: 2 }));
      expect(paged).toEqual([newest.slice(0, 2), newest.slice(2, 4), newest.slice(4), []]);
      expect(await page(user, { number: 9, limit: 2 })).toMatchObject({ total: 6, unread: 6 });
    });

    test('marks one as read, also again, and knows those that are unread', async () => {
      const { inbox } = fixture.ports;
      const user = unique('user');
      const notifications = [];
      for (const time of [1, 2, 3, 4, 5]) notifications.push(await added(user, time));
      const [one, , three, , five] = notifications.map(({ id }) => id);
      for (const id of [one, three, three]) {
        expect(await inbox.markRead(user, id ?? '', fixture.clock.now())).toBe('marked');
      }
      const all = await page(user);
      expect(all.notifications.map(({ isRead }) => isRead)).toEqual([false, false, true, false, true]);
      expect(all).toMatchObject({ total: 5, unread: 3 });
      expect(await page(user, { filter: UNREAD })).toMatchObject({ total: 3, unread: 3 });
      const [newest, second] = [1, 2].map((number) => ({ number, limit: 2, filter: UNREAD }));
      expect(await idsIn(user, newest)).toEqual([five, notifications[3]?.id]);
      expect(await idsIn(user, second)).toEqual([notifications[1]?.id]);
    });

    test('marks nothing that is not there, nor anything of somebody else’s', async () => {
      const { inbox } = fixture.ports;
      const [user, other] = [unique('user'), unique('user')];
      const { id } = await added(other);
      const now = fixture.clock.now();
      for (const strange of [id, unique('n'), notificationIdAt(now, 'x'), 'nzzzzzzzzz.', `${id}x`]) {
        expect(await inbox.markRead(user, strange, now), strange).toBe('absent');
      }
      expect(await page(other)).toMatchObject({ unread: 1 });
      expect(await page(user)).toMatchObject({ total: 0 });
    });

    test('marks all as read that came so far, and never takes that back', async () => {
      const { inbox } = fixture.ports;
      const user = unique('user');
      const now = fixture.clock.now();
      for (const time of [1, 2, 10]) await added(user, time);
      await inbox.markAllRead(user, now + 5);
      await inbox.markAllRead(user, now);
      const { notifications, unread } = await page(user);
      expect(notifications.map(({ isRead }) => isRead)).toEqual([false, true, true]);
      expect(unread).toBe(1);
      expect(await page(user, { filter: UNREAD })).toMatchObject({
        total: 1,
        notifications: [{ isRead: false }],
      });
      await inbox.markAllRead(user, now + 10);
      expect(await page(user, { filter: UNREAD })).toEqual({ notifications: [], total: 0, unread: 0 });
    });

    test('keeps one of an id that was chosen, as it came first, and finds it by that id', async () => {
      const { inbox } = fixture.ports;
      const [user, other] = [unique('user'), unique('user')];
      const id = unique('order#17/shipped');
      const first = draft(user, 0, { id, title: 'first' });
      expect(await inbox.addOnce(first, 'a')).toEqual({ notification: first, isNew: true });
      const again = draft(user, 7, { id, title: 'second' });
      expect(await inbox.addOnce(again, 'b')).toEqual({ notification: first, isNew: false });
      expect(await page(user)).toEqual({ notifications: [first], total: 1, unread: 1 });
      expect(await inbox.addOnce(draft(other, 0, { id }), 'c')).toMatchObject({ isNew: true });
      expect(await inbox.markRead(user, id, fixture.clock.now())).toBe('marked');
      expect(await inbox.addOnce(again, 'd')).toMatchObject({ notification: { isRead: true }, isNew: false });
      await inbox.markAllRead(other, fixture.clock.now() + 1);
      expect(await inbox.addOnce(draft(other, 0, { id }), 'e')).toMatchObject({
        notification: { isRead: true },
      });
    });

    test('keeps one of an id that was chosen although it looks like one that says its time', async () => {
      const { inbox } = fixture.ports;
      const user = unique('user');
      const id = notificationIdAt(fixture.clock.now() - DAY_MS, unique('x'));
      await inbox.addOnce(draft(user, 0, { id }), 'a');
      expect(await inbox.addOnce(draft(user, 1, { id }), 'b')).toMatchObject({ isNew: false });
      expect(await inbox.markRead(user, id, fixture.clock.now())).toBe('marked');
      expect(await page(user)).toMatchObject({ total: 1, unread: 0 });
    });

    test('takes its own attempt for new when its answer was lost and it asks again', async () => {
      const user = unique('user');
      const notification = draft(user, 0, { id: unique('id') });
      await fixture.ports.inbox.addOnce(notification, 'a');
      expect(await fixture.ports.inbox.addOnce(notification, 'a')).toEqual({ notification, isNew: true });
    });

    test('gives an id that was chosen to one of many who come at once', async () => {
      const user = unique('user');
      const id = unique('id');
      const kept = await Promise.all(
        ['a', 'b', 'c', 'd', 'e'].map((nonce, index) =>
          fixture.ports.inbox.addOnce(draft(user, index, { id, title: nonce }), nonce),
        ),
      );
      const [first, ...others] = kept.filter(({ isNew }) => isNew);
      expect(others).toEqual([]);
      expect(new Set(kept.map(({ notification }) => notification.title))).toEqual(
        new Set([first?.notification.title]),
      );
      expect(await page(user)).toMatchObject({ total: 1 });
    });

    test('forgets what is older than 180 days, although its rows may be there for longer', async () => {
      const { inbox } = fixture.ports;
      const user = unique('user');
      const id = unique('id');
      const now = fixture.clock.now();
      const own = await added(user);
      await inbox.addOnce(draft(user, 0, { id }), 'a');
      const inMs = 180 * DAY_MS;
      expect(await page(user, { inMs })).toMatchObject({ total: 2, unread: 2 });
      expect(await inbox.markRead(user, own.id, now + inMs)).toBe('marked');
      const later = inMs + 2_000;
      expect(await page(user, { inMs: later })).toEqual({ notifications: [], total: 0, unread: 0 });
      for (const gone of [own.id, id]) expect(await inbox.markRead(user, gone, now + later)).toBe('absent');
      expect(await inbox.addOnce(draft(user, later, { id }), 'b')).toMatchObject({ isNew: true });
    });

    test('counts and pages through more than fit into one request', { timeout: 60_000 }, async () => {
      const user = unique('user');
      const message = 'x'.repeat(20_000);
      const ids: string[] = [];
      for (let time = 0; time < 120; time += 1) ids.unshift((await added(user, time, { message })).id);
      await fixture.ports.inbox.markAllRead(user, fixture.clock.now() + 9);
      expect(await page(user, { filter: UNREAD, limit: 7 })).toMatchObject({ total: 110, unread: 110 });
      expect(await page(user, { limit: 7 })).toMatchObject({ total: 120, unread: 110 });
      expect(await idsIn(user, { number: 2, limit: 100 })).toEqual(ids.slice(100));
      expect(await idsIn(user, { number: 2, limit: 100, filter: UNREAD })).toEqual(ids.slice(100, 110));
    });
  });
}
