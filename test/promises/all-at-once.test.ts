import fc from 'fast-check';
import { describe, test } from 'vitest';
import { sufferMishaps } from '../aws/mishaps.ts';
import { tablesForFile } from '../aws/table-ports.ts';
import { Turns } from '../fakes/in-turn.ts';
import { memoryGateway } from '../fakes/memory-gateway.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';
import { Chat } from './chat.ts';
import { act, newWitness, plans, prepare } from './crowd.ts';
import { runs } from './runs.ts';
import { expectPromisesKept } from './verdict.ts';

const { client, newPorts } = tablesForFile();
const suffering = sufferMishaps(client);
/** Real requests, many of which the SDK repeats after a while. */
const PATIENT = { timeout: 120_000 };

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

  test(
    'every promise is kept on DynamoDB too, though requests fail and answers are lost',
    PATIENT,
    async () => {
      const mishap = fc.oneof(
        { weight: 12, arbitrary: fc.constant(undefined) },
        { weight: 2, arbitrary: fc.constant('lost' as const) },
        { weight: 1, arbitrary: fc.constant('failed' as const) },
      );
      const property = fc.asyncProperty(plans(6), fc.infiniteStream(mishap), async (plan, mishaps) => {
        const chat = new Chat(await newPorts());
        await prepare(chat);
        const witness = newWitness();
        suffering.of = () => mishaps.next().value;
        await act(chat, plan, witness);
        suffering.of = () => undefined;
        await chat.work();
        await expectPromisesKept(chat, witness);
      });
      // Real requests do not fall out the same way twice: smaller cases would say nothing.
      await fc.assert(property, { ...runs(8), endOnFailure: true });
    },
  );
});
