import fc from 'fast-check';
import { describe, test } from 'vitest';
import { Turns } from '../fakes/in-turn.ts';
import { memoryGateway } from '../fakes/memory-gateway.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';
import { Chat } from './chat.ts';
import { act, newWitness, plans, prepare } from './crowd.ts';
import { runs } from './runs.ts';
import { expectPromisesKept } from './verdict.ts';

describe('whatever devices do at once, and however their steps interleave', () => {
  test('every promise is kept', async () => {
    const headEntries = fc.integer({ min: 1, max: 10 });
    const lags = fc.infiniteStream(fc.integer({ min: 0, max: 9_000 }));
    const property = fc.asyncProperty(
      fc.scheduler(),
      plans(6),
      headEntries,
      lags,
      async (scheduler, plan, headEntries, lags) => {
        const turns = new Turns();
        const { turn } = turns;
        const ground = memoryPorts({ headEntries, lag: () => lags.next().value, turn });
        const chat = new Chat(ground, memoryGateway({ turn }));
        await prepare(chat);
        const witness = newWitness();
        const decide = (call: string) => scheduler.schedule(Promise.resolve(), call);
        await turns.during(decide, () => scheduler.waitFor(act(chat, plan, witness)));
        await expectPromisesKept(chat, witness);
      },
    );
    await fc.assert(property, runs(300));
  });
});
