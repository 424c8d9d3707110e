import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Notification } from '../../lambdas/core/notification.ts';
import { tablesForFile } from '../aws/table-ports.ts';
import { type Fate, faultyPorts } from '../fakes/faulty-ports.ts';
import { Turns } from '../fakes/in-turn.ts';
import { memoryGateway } from '../fakes/memory-gateway.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';
import { Chat } from './chat.ts';
import { type Deed, deed, Letterbox, SLOTS, USERS } from './letterbox.ts';
import { doAll, expectLettersKept, expectLettersTold } from './letters-verdict.ts';
import { runs } from './runs.ts';

const { newPorts } = tablesForFile();

/** Inboxes as plainly as can be, and what each device must have heard. */
class Model {
  readonly inboxes = new Map<string, Notification[]>(USERS.map((userId) => [userId, []]));
  readonly heard = new Map<string, string[]>(SLOTS.map((slot) => [slot, []]));

  inboxOf(userId: string): Notification[] {
    return this.inboxes.get(userId) ?? [];
  }

  /** Every device of a user hears a word, but the one that caused it. */
  tell(userId: string, word: string, by?: string): void {
    for (const [slot, words] of this.heard) {
      if (slot.startsWith(`${userId}/`) && !slot.endsWith('/rest') && slot !== by) words.push(word);
    }
  }

  read(userId: string, isIt: (id: string) => boolean): void {
    const read = this.inboxOf(userId).map((one) => (isIt(one.id) ? { ...one, isRead: true } : one));
    this.inboxes.set(userId, read);
  }
}

async function step(model: Model, letterbox: Letterbox, deed: Deed, title: string): Promise<void> {
  if (deed.kind === 'notify') {
    const { userId, id } = deed;
    const answer = await letterbox.notify(userId, title, id);
    const first = model.inboxOf(userId).find((one) => one.id === id);
    if (first) return expect(answer).toEqual(first);
    expect(answer).toMatchObject({ userId, title, isRead: false, ...(id !== undefined && { id }) });
    model.inboxOf(userId).unshift(answer);
    return model.tell(userId, `new ${answer.id}`);
  }
  const [userId = ''] = deed.slot.split('/');
  if (deed.kind === 'read-all') {
    await letterbox.readAll(deed.slot);
    model.read(userId, () => true);
    return model.tell(userId, 'all read', deed.slot);
  }
  const isKnown = model.inboxOf(userId).some(({ id }) => id === deed.id);
  const reading = letterbox.read(deed.slot, deed.id);
  if (!isKnown) return expect(reading).rejects.toMatchObject({ reason: 'notification-not-found' });
  await reading;
  model.read(userId, (id) => id === deed.id);
  model.tell(userId, `read ${deed.id}`, deed.slot);
}

async function expectAsModelled(model: Model, letterbox: Letterbox): Promise<void> {
  for (const userId of USERS) {
    const all = model.inboxOf(userId);
    const unread = all.filter(({ isRead }) => !isRead);
    const counts = { unread: unread.length };
    expect(await letterbox.list(userId)).toEqual({ notifications: all, total: all.length, ...counts });
    expect(await letterbox.list(userId, true)).toEqual({
      notifications: unread,
      total: unread.length,
      ...counts,
    });
  }
  for (const [slot, words] of model.heard) expect(letterbox.told(slot), slot).toEqual(words);
}

async function expectModelled(chat: Chat, deeds: readonly Deed[]): Promise<void> {
  const [model, letterbox] = [new Model(), await Letterbox.of(chat)];
  for (const [index, deed] of deeds.entries()) {
    await step(model, letterbox, deed, `title ${index}`);
    await expectAsModelled(model, letterbox);
  }
}

const deedsOf = (maxLength: number) => fc.array(deed, { maxLength, size: 'max' });
const parts = fc.array(deedsOf(3), { maxLength: 5, size: 'max' });

/** Mostly things go well, or nobody would get far. */
const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 12, arbitrary: fc.constant('done' as const) },
  { weight: 3, arbitrary: fc.constantFrom<Fate>('not done', 'done unanswered', 'done late') },
);

describe('notifications, one after the other', () => {
  test('are kept once, told once, read everywhere and counted as in a plain model', async () => {
    const property = fc.asyncProperty(deedsOf(25), (deeds) => expectModelled(new Chat(memoryPorts()), deeds));
    await fc.assert(property, runs(60));
  });

  test('so they are on DynamoDB', async () => {
    const property = fc.asyncProperty(deedsOf(20), async (deeds) =>
      expectModelled(new Chat(await newPorts()), deeds),
    );
    await fc.assert(property, runs(3));
  });
});

describe('notifications that are told and read at once', () => {
  test('are kept once and told once to each device, and so is that they are read', async () => {
    const property = fc.asyncProperty(fc.scheduler(), parts, async (scheduler, plan) => {
      const turns = new Turns();
      const { turn } = turns;
      const letterbox = await Letterbox.of(new Chat(memoryPorts({ turn }), memoryGateway({ turn })));
      const decide = (call: string) => scheduler.schedule(Promise.resolve(), call);
      const tried = await turns.during(decide, () => scheduler.waitFor(doAll(letterbox, plan)));
      await expectLettersKept(letterbox, tried);
      expectLettersTold(letterbox, tried);
    });
    await fc.assert(property, runs(80));
  });

  test('are kept once and told at most once, and stay read, whichever calls fail', async () => {
    const fates = fc.infiniteStream(fate);
    const property = fc.asyncProperty(fc.scheduler(), parts, fates, async (scheduler, plan, fates) => {
      const turns = new Turns();
      const { turn } = turns;
      const ground = memoryPorts({ turn });
      const gateway = memoryGateway({ turn });
      const calm = new Chat(ground, gateway);
      const letterbox = await Letterbox.of(calm);
      const ports = faultyPorts(ground.ports, () => fates.next().value ?? 'done');
      const decide = (call: string) => scheduler.schedule(Promise.resolve(), call);
      const doing = doAll(letterbox.by(new Chat({ ...ground, ports }, gateway)), plan);
      const tried = await turns.during(decide, async () => {
        const tried = await scheduler.waitFor(doing);
        await scheduler.waitIdle();
        return tried;
      });
      await calm.work();
      await expectLettersKept(letterbox, tried);
    });
    await fc.assert(property, runs(150));
  });
});
