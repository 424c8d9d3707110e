import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toFault } from '../../lambdas/core/fault.ts';
import { Turns } from '../fakes/in-turn.ts';
import { memoryGateway } from '../fakes/memory-gateway.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';
import { Chat, callerOf } from './chat.ts';
import { BOOKING, CLIENT, OTHER_BOOKING, OWNER, prepare, STRANGER } from './crowd.ts';
import { runs } from './runs.ts';

const MOST = 10;
const WINDOW_MS = 10_000;

/** What came of a send: the message's id, or why it was refused. */
const outcomeOf = (sending: Promise<{ readonly id: string }>): Promise<string> =>
  sending.then(
    ({ id }) => id,
    (thrown: unknown) => toFault(thrown).reason,
  );

describe('a sender', () => {
  test('is refused the 11th message within 10 s, in each conversation by itself, however lively it is', async () => {
    const sends = fc.array(
      fc.record({
        after: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 900 }) }, fc.constant(4_000)),
        bookingId: fc.constantFrom(BOOKING, BOOKING, OTHER_BOOKING),
        isOwner: fc.boolean(),
      }),
      { minLength: 20, maxLength: 60, size: 'max' },
    );
    const property = fc.asyncProperty(fc.integer({ min: 1, max: 10 }), sends, async (headEntries, sends) => {
      const ground = memoryPorts({ headEntries });
      const chat = new Chat(ground);
      await prepare(chat);
      const said: { readonly by: string; readonly at: number }[] = [];
      for (const { after, bookingId, isOwner } of sends) {
        ground.clock.pass(after);
        const client = bookingId === BOOKING ? CLIENT : STRANGER;
        const userId = isOwner ? OWNER : client;
        const by = `${userId} in ${bookingId}`;
        const now = ground.clock.now();
        const recent = said.filter((one) => one.by === by && one.at > now - WINDOW_MS).length;
        const outcome = await outcomeOf(chat.send(callerOf(userId), bookingId, 'hello'));
        expect(outcome === 'rate-limited').toBe(recent >= MOST);
        if (recent < MOST) said.push({ by, at: now });
      }
    });
    await fc.assert(property, runs(60));
  });

  test('has exactly 10 of many messages stored that come at once, and only those are answered again', async () => {
    const counts = fc.record({
      mine: fc.integer({ min: 8, max: 14 }),
      others: fc.integer({ min: 0, max: 5 }),
    });
    const heads = fc.integer({ min: 1, max: 10 });
    const property = fc.asyncProperty(
      fc.scheduler(),
      heads,
      counts,
      async (scheduler, headEntries, counts) => {
        const { mine, others } = counts;
        const turns = new Turns();
        const chat = new Chat(
          memoryPorts({ turn: turns.turn, headEntries }),
          memoryGateway({ turn: turns.turn }),
        );
        await prepare(chat);
        const sendAs = (userId: string, key: string) =>
          outcomeOf(chat.send(callerOf(userId), BOOKING, key, key));
        const keys = Array.from({ length: mine }, (_, index) => `m${index}`);
        const decide = (call: string) => scheduler.schedule(Promise.resolve(), call);
        const all = Promise.all([
          Promise.all(keys.map((key) => sendAs(CLIENT, key))),
          ...Array.from({ length: others }, (_, index) => sendAs(OWNER, `o${index}`)),
        ]);
        const [outcomes] = await turns.during(decide, () => scheduler.waitFor(all));
        expect(outcomes.filter((outcome) => outcome === 'rate-limited')).toHaveLength(
          Math.max(0, mine - MOST),
        );
        expect((await chat.history(callerOf(CLIENT), BOOKING)).length).toBe(Math.min(mine, MOST) + others);
        const again: string[] = [];
        for (const key of keys) again.push(await sendAs(CLIENT, key));
        const isFull = mine >= MOST;
        if (isFull) expect(again).toEqual(outcomes);
        else expect(new Set(again)).toEqual(new Set(outcomes));
      },
    );
    await fc.assert(property, runs(60));
  });
});
