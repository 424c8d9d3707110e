import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeviceKey } from '../../lambdas/core/ports.ts';
import { readPresence } from '../../lambdas/core/read-presence.ts';
import { type Fate, faultyPorts } from '../fakes/faulty-ports.ts';
import { holdFirst, Turns } from '../fakes/in-turn.ts';
import { memoryGateway } from '../fakes/memory-gateway.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';
import { callerOf } from './chat.ts';
import { ANN, Company, GRACE_MS } from './company.ts';
import { runs } from './runs.ts';

type Deed = 'come' | 'leave' | 'lose';

const DEVICES = 3;

/** Ends that follow a beginning within a second may be told twice. */
const steps = {
  after: fc.integer({ min: 1_001, max: 14_000 }),
  device: fc.nat({ max: DEVICES - 1 }),
  deed: fc.constantFrom<Deed>('come', 'come', 'leave', 'lose'),
};

/** Ann's devices by what has become of them: the truth. */
class Devices {
  readonly #company: Company;
  readonly #there = new Map<number, DeviceKey>();
  #graceUntil = 0;

  constructor(company: Company) {
    this.#company = company;
  }

  get areOnline(): boolean {
    return this.#there.size > 0 || this.#graceUntil > this.#company.ground.clock.now();
  }

  async do(place: number, deed: Deed): Promise<void> {
    const device = this.#there.get(place);
    if (deed === 'come' && !device) this.#there.set(place, await this.#company.come(ANN));
    if (deed === 'come' || !device) return;
    this.#there.delete(place);
    if (deed === 'lose') this.#graceUntil = this.#company.ground.clock.now() + GRACE_MS;
    await this.#company.go(device, deed === 'lose' ? 'lost' : 'left');
  }
}

const lastWord = (words: readonly string[]) => words.at(-1) ?? 'offline';

/** What those who may know are told is so, and nobody else was told anything. */
function expectTold(company: Company, isOnline: boolean): void {
  for (const watcher of ['ben', 'dora']) {
    expect({ watcher, word: lastWord(company.told(watcher)) }).toEqual({
      watcher,
      word: isOnline ? 'online' : 'offline',
    });
  }
  expect(company.told('cat')).toEqual([]);
}

describe('presence, as others are told of it', () => {
  test('is the truth at every moment, and each change of it is told once', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.record(steps), { maxLength: 25, size: 'max' }),
      async (plan) => {
        const company = await new Company(memoryPorts()).begin();
        const devices = new Devices(company);
        let changes = 0;
        let last = false;
        const look = () => {
          expectTold(company, devices.areOnline);
          if (devices.areOnline !== last) changes += 1;
          last = devices.areOnline;
          expect(company.told('ben')).toHaveLength(changes);
          expect(company.told('dora')).toHaveLength(changes);
        };
        for (const { after, device, deed } of plan) {
          // Where a grace ends in between, that is a change too.
          for (let left = after; left > 0; left -= 1_000) {
            await company.pass(Math.min(left, 1_000));
            look();
          }
          await devices.do(device, deed);
          await company.work();
          look();
        }
      },
    );
    await fc.assert(property, runs(12));
  });

  test('is told once of two devices that end at once', async () => {
    const company = await new Company(memoryPorts()).begin();
    const devices = [await company.come(ANN), await company.come(ANN)];
    await company.pass(1_001);
    for (const device of devices) await company.go(device, 'left');
    await company.work();
    for (const watcher of ['ben', 'dora']) expect(company.told(watcher)).toEqual(['online', 'offline']);
  });

  test('comes true though an older word is on its way while a newer one is told', async () => {
    const held = holdFirst('gateway.post');
    const turns = new Turns();
    const gateway = memoryGateway({ turn: turns.turn });
    const company = await new Company(memoryPorts(), gateway).begin();
    await turns.during(held.turn, async () => {
      const device = await company.come(ANN);
      const working = company.work();
      await held.reached;
      await company.go(device, 'left');
      await company.work();
      expect(company.told('ben')).toEqual(['offline']);
      held.letGo();
      await working;
    });
    expect(company.told('ben')).toEqual(['offline', 'online', 'offline']);
    expect(lastWord(company.told('dora'))).toBe('offline');
  });

  test('is the truth in the end, in whatever order tasks are done, and however often', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.record({ ...steps, tasks: fc.nat({ max: 2 }) }), { maxLength: 25, size: 'max' }),
      fc.infiniteStream(fc.nat()),
      async (plan, numbers) => {
        const number = () => numbers.next().value ?? 0;
        const chance = {
          pick: (count: number) => number() % Math.max(1, count),
          isTwice: () => number() % 3 === 0,
        };
        const company = await new Company(memoryPorts()).begin();
        const devices = new Devices(company);
        for (const { after, device, deed, tasks } of plan) {
          company.ground.clock.pass(after % 2_000);
          await devices.do(device, deed);
          for (let done = 0; done < tasks; done += 1) await company.workOnce(chance);
        }
        await company.pass(GRACE_MS, chance);
        expectTold(company, devices.areOnline);
      },
    );
    await fc.assert(property, runs(50));
  });

  test('comes true however comings, goings and their tasks interleave, and whichever of their calls fail', async () => {
    const actors = fc.array(fc.array(fc.record(steps), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: DEVICES,
    });
    const fate: fc.Arbitrary<Fate> = fc.oneof(
      { weight: 20, arbitrary: fc.constant('done' as const) },
      { weight: 1, arbitrary: fc.constantFrom<Fate>('not done', 'done unanswered', 'done late') },
    );
    const property = fc.asyncProperty(
      fc.scheduler(),
      actors,
      fc.infiniteStream(fate),
      async (scheduler, plan, fates) => {
        const turns = new Turns();
        const { turn } = turns;
        const company = await new Company(memoryPorts({ turn }), memoryGateway({ turn })).begin();
        company.workPorts = faultyPorts(company.ground.ports, () => fates.next().value ?? 'done');
        const devices = new Devices(company);
        const decide = (call: string) => scheduler.schedule(Promise.resolve(), call);
        const working: Promise<void>[] = [];
        const acting = plan.map(async (deeds, place) => {
          for (const { deed } of deeds) {
            await devices.do(place, deed);
            working.push(company.work());
          }
        });
        await turns.during(decide, async () => {
          await scheduler.waitFor(Promise.all(acting));
          await scheduler.waitIdle();
          await Promise.all(working);
        });
        await company.pass(GRACE_MS);
        expectTold(company, devices.areOnline);
      },
    );
    await fc.assert(property, runs(50));
  });
});

describe('presence, as it is asked for', () => {
  test('is the truth, with when somebody was last there', async () => {
    const company = await new Company(memoryPorts()).begin();
    const { ports, clock } = company.ground;
    const asked = async () => {
      const { reply } = await readPresence(ports, callerOf('ben'), { userIds: [ANN, 'cat', 'nobody'] });
      return reply.statuses;
    };
    const others = ['cat', 'nobody'].map((userId) => ({ userId, isOnline: false }));
    expect(await asked()).toEqual([{ userId: ANN, isOnline: false }, ...others]);
    const device = await company.come(ANN);
    expect(await asked()).toEqual([{ userId: ANN, isOnline: true }, ...others]);
    await company.go(device, 'lost');
    await company.pass(GRACE_MS - 1);
    expect(await asked()).toEqual([{ userId: ANN, isOnline: true }, ...others]);
    await company.pass(1);
    expect(await asked()).toEqual([{ userId: ANN, isOnline: false, lastSeen: clock.now() }, ...others]);
  });

  test('ends by itself, where nobody has noticed the end of a connection', async () => {
    const company = await new Company(memoryPorts()).begin();
    const { ports } = company.ground;
    await company.come(ANN);
    await company.come('ben', 'direct');
    const asked = async () =>
      (await readPresence(ports, { ...callerOf('ben'), dialect: 'direct' }, { userIds: [ANN] })).reply
        .statuses[0]?.isOnline;
    expect(await asked()).toBe(true);
    await company.pass(3 * 60 * 60_000);
    expect(await asked()).toBe(false);
  });
});
