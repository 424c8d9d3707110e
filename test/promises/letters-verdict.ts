import { expect } from 'vitest';
import { type FaultReason, toFault } from '../../lambdas/core/fault.ts';
import type { UserId } from '../../lambdas/core/ids.ts';
import type { Notification } from '../../lambdas/core/notification.ts';
import { Breakdown } from '../fakes/faulty-ports.ts';
import { type Deed, type Letterbox, SLOTS, USERS } from './letterbox.ts';

/** What must be true of inboxes that many have written to, and read, at once. */

/** A deed that was tried, from one moment of the run to another. */
export type Tried = {
  readonly deed: Deed;
  readonly from: number;
  readonly to: number;
  readonly outcome: 'done' | 'doubtful' | FaultReason;
  /** What the platform was answered. */
  readonly notification?: Notification;
};

const TRIES = 3;

/** Lets everybody do their part, all at once; what ends in doubt is tried again where that is safe. */
export async function doAll(
  letterbox: Letterbox,
  plan: readonly (readonly Deed[])[],
): Promise<readonly Tried[]> {
  const tried: Tried[] = [];
  let moment = 0;
  const parts = plan.map(async (deeds, part) => {
    for (const [index, deed] of deeds.entries()) {
      const tries = deed.kind === 'notify' && deed.id === undefined ? 1 : TRIES;
      for (let left = tries; left > 0; left -= 1) {
        const from = ++moment;
        const came = await attempt(letterbox, deed, `${part} tells ${index}`);
        tried.push({ deed, from, to: ++moment, ...came });
        if (came.outcome !== 'doubtful') break;
      }
    }
  });
  await Promise.all(parts);
  return tried;
}

async function attempt(
  letterbox: Letterbox,
  deed: Deed,
  title: string,
): Promise<Pick<Tried, 'outcome' | 'notification'>> {
  try {
    if (deed.kind === 'read') await letterbox.read(deed.slot, deed.id);
    if (deed.kind === 'read-all') await letterbox.readAll(deed.slot);
    if (deed.kind !== 'notify') return { outcome: 'done' };
    return { outcome: 'done', notification: await letterbox.notify(deed.userId, title, deed.id) };
  } catch (thrown) {
    const { reason, cause } = toFault(thrown);
    if (reason !== 'internal') return { outcome: reason };
    if (!(cause instanceof Breakdown)) throw thrown;
    return { outcome: 'doubtful' };
  }
}

/** Whatever failed: kept once, told at most once, read by those alone who said so, and counted as it is. */
export async function expectLettersKept(letterbox: Letterbox, tried: readonly Tried[]): Promise<void> {
  for (const userId of USERS) {
    const { notifications, total, unread } = await letterbox.list(userId);
    const own = tried.filter((one) => isBy(one, userId));
    expect(new Set(notifications.map(({ id }) => id)).size).toBe(notifications.length);
    expect(total).toBe(notifications.length);
    expect(unread).toBe(notifications.filter(({ isRead }) => !isRead).length);
    expect((await letterbox.list(userId, true)).notifications).toEqual(
      notifications.filter(({ isRead }) => !isRead),
    );
    expectKept(notifications, own);
    for (const notification of notifications) expectRead(notification, own);
  }
  for (const slot of SLOTS) expectToldOnce(letterbox.told(slot), tried, slot);
}

/** Where nothing failed: told to each device of its user, and reading to each but the one that reads. */
export function expectLettersTold(letterbox: Letterbox, tried: readonly Tried[]): void {
  for (const slot of SLOTS.filter((one) => !one.endsWith('rest'))) {
    const words = letterbox.told(slot);
    const own = tried.filter((one) => isBy(one, userOf(slot)) && one.outcome === 'done');
    const sent = new Set(own.flatMap(({ notification }) => notification?.id ?? []));
    const news = words.filter((word) => word.startsWith('new '));
    expect(inOrder(news)).toEqual(inOrder([...sent].map((id) => `new ${id}`)));
    const reads = own.flatMap(({ deed }) => {
      if (deed.kind === 'notify' || deed.slot === slot) return [];
      return deed.kind === 'read' ? [`read ${deed.id}`] : ['all read'];
    });
    expect(inOrder(words.filter((word) => !word.startsWith('new ')))).toEqual(inOrder(reads));
  }
}

function inOrder(words: readonly string[]): readonly string[] {
  return words.toSorted((a, b) => (a < b ? -1 : 1));
}

function isBy({ deed }: Tried, userId: UserId): boolean {
  return (deed.kind === 'notify' ? deed.userId : userOf(deed.slot)) === userId;
}

function userOf(slot: string): UserId {
  return slot.split('/')[0] ?? '';
}

/** What was acknowledged is there, as it was answered; nothing is there that nobody told. */
function expectKept(notifications: readonly Notification[], own: readonly Tried[]): void {
  const byId = new Map(notifications.map((one) => [one.id, one]));
  for (const { notification } of own) {
    if (!notification) continue;
    const { isRead: _, ...kept } = byId.get(notification.id) ?? { isRead: false };
    expect(notification).toMatchObject(kept);
    expect(byId.has(notification.id)).toBe(true);
  }
  const told = own.filter(({ deed }) => deed.kind === 'notify');
  expect(notifications.length).toBeLessThanOrEqual(new Set(told.map(nameOf)).size);
}

/** By what the platform's tries at one notification are known: each is another where it has no id. */
function nameOf({ deed, from }: Tried): string {
  return deed.kind === 'notify' && deed.id !== undefined ? deed.id : `#${from}`;
}

function expectRead({ id, isRead }: Notification, own: readonly Tried[]): void {
  const sent = own.filter(({ deed, notification }) => notification?.id === id || isTry(deed, id));
  const [lastSent, firstSent] = [
    Math.min(...sent.map(({ to }) => to)),
    Math.min(...sent.map(({ from }) => from)),
  ];
  const isReading = ({ deed }: Tried) => (deed.kind === 'read' && deed.id === id) || deed.kind === 'read-all';
  const readings = own.filter((one) => isReading(one) && one.outcome !== 'notification-not-found');
  const surely = readings.filter(
    ({ outcome, deed, from }) => outcome === 'done' && (deed.kind === 'read' || from > lastSent),
  );
  if (surely.length > 0) expect(isRead).toBe(true);
  if (isRead)
    expect(readings.filter(({ to, outcome }) => to > firstSent || outcome === 'doubtful')).not.toEqual([]);
}

function isTry(deed: Deed, id: string): boolean {
  return deed.kind === 'notify' && deed.id === id;
}

/** No device is told of a notification twice; a refused reading is told to nobody. */
function expectToldOnce(words: readonly string[], tried: readonly Tried[], slot: string): void {
  const news = words.filter((word) => word.startsWith('new '));
  expect(new Set(news).size).toBe(news.length);
  const others = tried.filter(
    ({ deed }) => deed.kind !== 'notify' && deed.slot !== slot && userOf(deed.slot) === userOf(slot),
  );
  for (const word of words.filter((one) => one.startsWith('read '))) {
    expect(others.filter(({ deed }) => deed.kind === 'read' && word === `read ${deed.id}`)).not.toEqual([]);
  }
}
