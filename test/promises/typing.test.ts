import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Caller } from '../../lambdas/core/connection.ts';
import { Turns } from '../fakes/in-turn.ts';
import { memoryGateway } from '../fakes/memory-gateway.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';
import { Chat } from './chat.ts';
import { BOOKING, BUSINESS, CLIENT, OTHER_BOOKING, OWNER } from './crowd.ts';
import { runs } from './runs.ts';

const AT_LEAST_MS = 8_000;
const AT_MOST_MS = 12_000;
const DEVICES = ['ann/1', 'ann/2'] as const;

type Deed = 'type' | 'stop' | 'send' | 'leave' | 'type elsewhere' | 'drop';
type Timed = { readonly after: number; readonly device: (typeof DEVICES)[number]; readonly deed: Deed };

const deeds: readonly Deed[] = ['type', 'type', 'type', 'stop', 'send', 'leave', 'type elsewhere', 'drop'];
const timed: fc.Arbitrary<Timed> = fc.record({
  after: fc.integer({ min: 0, max: 14_000 }),
  device: fc.constantFrom(...DEVICES),
  deed: fc.constantFrom(...deeds),
});

/** Two devices of Ann, and Ben, who watches her type. */
class Watch {
  readonly chat: Chat;
  readonly #callers = new Map<string, Caller>();

  constructor(chat: Chat) {
    this.chat = chat;
  }

  async begin(): Promise<this> {
    const salon = { businessId: BUSINESS, name: 'Salon', ownerId: OWNER };
    await this.chat.book({ bookingId: BOOKING, clientId: CLIENT, businessId: BUSINESS }, salon);
    await this.chat.book({ bookingId: OTHER_BOOKING, clientId: CLIENT, businessId: BUSINESS }, salon);
    const ben = await this.chat.connect(OWNER, 'ben/1');
    await this.chat.join(ben, BOOKING);
    for (const device of DEVICES) this.#callers.set(device, await this.chat.connect(CLIENT, device));
    return this;
  }

  /** What Ben was told of Ann's typing, in this order. */
  get told(): readonly boolean[] {
    return (this.chat.events('ben/1', 'typing') as { readonly isTyping: boolean }[]).map(
      ({ isTyping }) => isTyping,
    );
  }

  async do(device: string, deed: Deed): Promise<void> {
    const { chat } = this;
    const caller = this.#callers.get(device);
    if (!caller) throw new Error(`no such device: ${device}`);
    if (deed === 'type') await chat.type(caller, BOOKING);
    if (deed === 'stop') await chat.type(caller, BOOKING, false);
    if (deed === 'send') await chat.send(caller, BOOKING, 'hello').catch(() => undefined);
    if (deed === 'leave') await chat.leave(caller, BOOKING);
    if (deed === 'type elsewhere') await chat.type(caller, OTHER_BOOKING);
    if (deed === 'drop') {
      await chat.drop(caller);
      this.#callers.set(device, await chat.connect(CLIENT, device));
    }
  }

  /** Lets time pass, and does each task when it is due; tells of what Ben hears then. */
  async pass(ms: number, onTold: (isTyping: boolean, now: number) => void = () => undefined): Promise<void> {
    const { clock, queue } = this.chat.ground;
    const end = clock.now() + ms;
    for (;;) {
      const next = Math.min(...queue.map(({ dueAt }) => dueAt));
      if (next > end) break;
      clock.pass(Math.max(0, next - clock.now()));
      const before = this.told.length;
      await this.chat.work();
      for (const isTyping of this.told.slice(before)) onTold(isTyping, clock.now());
    }
    clock.pass(Math.max(0, end - clock.now()));
  }
}

describe('typing', () => {
  test('ends on the server’s word 8 to 12 s after the last refresh, never sooner, never later', async () => {
    const property = fc.asyncProperty(fc.array(timed, { maxLength: 25, size: 'max' }), async (plan) => {
      const watch = await new Watch(new Chat(memoryPorts())).begin();
      const { clock } = watch.chat.ground;
      const refreshed = new Map<string, number>();
      const latest = () => Math.max(...refreshed.values());
      const notTooSoon = (isTyping: boolean, now: number) => {
        expect(isTyping).toBe(false);
        expect(now - latest()).toBeGreaterThanOrEqual(AT_LEAST_MS);
      };
      for (const { after, device, deed } of plan) {
        await watch.pass(after, notTooSoon);
        if (clock.now() - latest() >= AT_MOST_MS) expect(watch.told.at(-1) ?? false).toBe(false);
        if (deed === 'type') refreshed.set(device, clock.now());
        else refreshed.delete(device);
        await watch.do(device, deed);
      }
      await watch.pass(AT_MOST_MS, notTooSoon);
      expect(watch.told.at(-1) ?? false).toBe(false);
    });
    await fc.assert(property, runs(150));
  });

  test('never gets stuck, however refreshes, sends and its end interleave', async () => {
    const actors = fc.array(fc.array(fc.constantFrom(...deeds), { minLength: 1, maxLength: 3 }), {
      maxLength: 3,
    });
    const waits = fc.constantFrom(0, 3_000, 8_000);
    const property = fc.asyncProperty(fc.scheduler(), actors, waits, async (scheduler, plan, wait) => {
      const turns = new Turns();
      const chat = new Chat(memoryPorts({ turn: turns.turn }), memoryGateway({ turn: turns.turn }));
      const watch = await new Watch(chat).begin();
      await watch.do('ann/1', 'type');
      chat.ground.clock.pass(wait);
      const crowd = plan.map(async (deeds, index) => {
        for (const deed of deeds) await watch.do(DEVICES[index % 2] ?? 'ann/1', deed);
      });
      const decide = (call: string) => scheduler.schedule(Promise.resolve(), call);
      await turns.during(decide, () => scheduler.waitFor(Promise.all([...crowd, chat.work()])));
      await watch.pass(AT_MOST_MS);
      expect(watch.told.at(-1)).toBe(false);
    });
    await fc.assert(property, runs(300));
  });

  test('is nothing that is written again and again: a steady typist costs one write in 4 s', async () => {
    const calls: string[] = [];
    const watch = await new Watch(
      new Chat(memoryPorts({ turn: async (call) => void calls.push(call) })),
    ).begin();
    for (let second = 0; second < 20; second += 1) {
      await watch.do('ann/1', 'type');
      await watch.pass(1_000);
    }
    expect(calls.filter((call) => call === 'connections.saveTyping')).toHaveLength(5);
    expect(watch.told.every(Boolean)).toBe(true);
  });
});
