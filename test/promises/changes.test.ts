import fc from 'fast-check';
import { describe, test } from 'vitest';
import { type Fate, faultyPorts } from '../fakes/faulty-ports.ts';
import { Turns } from '../fakes/in-turn.ts';
import { memoryGateway } from '../fakes/memory-gateway.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';
import { expectChangesKept, expectChangesTold } from './changes-verdict.ts';
import { changeAll, changing, gather } from './changing-crowd.ts';
import { Chat } from './chat.ts';
import { runs } from './runs.ts';

/** Mostly things go well, or nobody would get far. */
const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 20, arbitrary: fc.constant('done' as const) },
  { weight: 3, arbitrary: fc.constantFrom<Fate>('not done', 'done unanswered', 'done late') },
);

describe('whoever edits, deletes and reacts at once', () => {
  test('what stands is what was done last, and every device is told so in the end', async () => {
    const property = fc.asyncProperty(fc.scheduler(), changing, async (scheduler, plan) => {
      const turns = new Turns();
      const { turn } = turns;
      const chat = new Chat(memoryPorts({ turn }), memoryGateway({ turn }));
      const callers = await gather(chat);
      const decide = (call: string) => scheduler.schedule(Promise.resolve(), call);
      const tried = await turns.during(decide, () => scheduler.waitFor(changeAll(chat, callers, plan)));
      await expectChangesKept(chat, tried);
      await expectChangesTold(chat, tried);
    });
    await fc.assert(property, runs(60));
  });

  test('what is gone is gone, and nobody changes what is not theirs, whichever calls fail', async () => {
    const fates = fc.infiniteStream(fate);
    const property = fc.asyncProperty(fc.scheduler(), changing, fates, async (scheduler, plan, fates) => {
      const turns = new Turns();
      const { turn } = turns;
      const ground = memoryPorts({ turn });
      const gateway = memoryGateway({ turn });
      const calm = new Chat(ground, gateway);
      const callers = await gather(calm);
      const ports = faultyPorts(ground.ports, () => fates.next().value ?? 'done');
      const decide = (call: string) => scheduler.schedule(Promise.resolve(), call);
      const changing = changeAll(new Chat({ ...ground, ports }, gateway), callers, plan);
      const tried = await turns.during(decide, async () => {
        const tried = await scheduler.waitFor(changing);
        await scheduler.waitIdle();
        return tried;
      });
      await calm.work();
      await expectChangesKept(calm, tried);
    });
    await fc.assert(property, runs(100));
  });
});
