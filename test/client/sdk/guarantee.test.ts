import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Client } from '../../../client/index.ts';
import { memoryStorage } from '../../../client/sdk/outbox-storage.ts';
import { runs } from '../../promises/runs.ts';
import { bookingOf, Street, watch } from './device.ts';
import { CALM, type Weather } from './fake-backend.ts';

type Move =
  | { readonly kind: 'say'; readonly who: 'ann' | 'ben' }
  | { readonly kind: 'cut'; readonly who: 'ann' | 'ben' | undefined }
  | { readonly kind: 'reload' }
  | { readonly kind: 'wait'; readonly ms: number };

const who = fc.constantFrom('ann' as const, 'ben' as const);
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('say' as const), who }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('cut' as const), who: fc.option(who, { nil: undefined }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'reload' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 3_000 }) }),
  },
);
const weather = fc.record({
  delayMs: fc.integer({ min: 0, max: 1_500 }),
  doubled: fc.constantFrom(0, 0.3, 1),
});

/** Longer than any repetition waits. */
const HEALED_MS = 150_000;

/** Ann, who may reload her page, and Ben, whose listener hears all that comes. */
async function play(seed: number, sky: Weather, moves: readonly Move[]) {
  const street = new Street(seed);
  const storage = memoryStorage();
  const sayings: Record<'ann' | 'ben', string[]> = { ann: [], ben: [] };
  const heard: string[] = [];
  const come = (name: 'ann' | 'ben'): Client<'booking'> => {
    const client = street.client(name, name === 'ann' ? { storage } : {});
    watch(bookingOf(client));
    return client;
  };
  let ann = come('ann');
  const ben = come('ben');
  ben.on('newMessage', ({ _id }) => heard.push(_id));
  // From the moment when he has joined, all is told to him.
  await street.pass(2_000);
  street.backend.weather = sky;
  for (const one of moves) {
    if (one.kind === 'say') {
      const content = `${one.who}-${sayings[one.who].length}`;
      sayings[one.who].push(content);
      void bookingOf(one.who === 'ann' ? ann : ben)
        .send({ content })
        .catch(() => undefined);
    } else if (one.kind === 'cut') street.backend.cut(one.who);
    else if (one.kind === 'wait') await street.pass(one.ms);
    else {
      // What was said in this moment has been kept.
      await street.pass(1);
      ann.close();
      ann = come('ann');
    }
  }
  street.backend.weather = CALM;
  await street.pass(HEALED_MS);
  return { street, sayings, heard, views: [ann, ben].map((client) => bookingOf(client).getSnapshot()) };
}

test('whatever the network does, each message is stored once, and seen once, in order, by all', async () => {
  const property = fc.asyncProperty(
    fc.integer(),
    weather,
    fc.array(move, { minLength: 3, maxLength: 24 }),
    async (seed, sky, moves) => {
      const { street, sayings, heard, views } = await play(seed, sky, moves);
      const { log } = street.backend;
      for (const name of ['ann', 'ben'] as const) {
        const stored = log.filter(({ sender }) => sender._id === name).map(({ content }) => content);
        expect(stored).toEqual(sayings[name]);
      }
      for (const { messages, error } of views) {
        expect(error).toBeUndefined();
        expect(messages.map(({ id }) => id)).toEqual(log.slice(-messages.length).map(({ _id }) => _id));
        expect(messages.length).toBeGreaterThanOrEqual(Math.min(log.length, 20));
        expect(messages.every(({ status }) => status === 'sent')).toBe(true);
      }
      expect(heard).toEqual(log.map(({ _id }) => _id));
      expect(street.errors).toEqual([]);
    },
  );
  await fc.assert(property, runs(40));
});
