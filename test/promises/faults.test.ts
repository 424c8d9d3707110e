import fc from 'fast-check';
import { describe, test } from 'vitest';
import { type Fate, faultyPorts } from '../fakes/faulty-ports.ts';
import { Turns } from '../fakes/in-turn.ts';
import { memoryGateway } from '../fakes/memory-gateway.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';
import { Chat } from './chat.ts';
import { act, newWitness, plans, prepare } from './crowd.ts';
import { runs } from './runs.ts';
import { expectPromisesKept } from './verdict.ts';

/** Mostly things go well, or nobody would get far. */
const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 30, arbitrary: fc.constant('done' as const) },
  { weight: 3, arbitrary: fc.constantFrom<Fate>('not done', 'done unanswered', 'done late') },
);

describe('whatever call fails, is done without an answer, or is done when nobody waits any more', () => {
  test('every promise is kept', async () => {
    const headEntries = fc.integer({ min: 1, max: 10 });
    const property = fc.asyncProperty(
      fc.scheduler(),
      plans(5),
      headEntries,
      fc.infiniteStream(fate),
      async (scheduler, plan, headEntries, fates) => {
        const turns = new Turns();
        const { turn } = turns;
        const ground = memoryPorts({ headEntries, turn });
        const gateway = memoryGateway({ turn });
        const calm = new Chat(ground, gateway);
        await prepare(calm);
        const ports = faultyPorts(ground.ports, () => fates.next().value);
        const witness = newWitness();
        const decide = (call: string) => scheduler.schedule(Promise.resolve(), call);
        const acting = act(new Chat({ ...ground, ports }, gateway), plan, witness);
        await turns.during(decide, async () => {
          await scheduler.waitFor(acting);
          await scheduler.waitIdle();
        });
        await calm.work();
        await expectPromisesKept(calm, witness);
      },
    );
    await fc.assert(property, runs(300));
  });
});
