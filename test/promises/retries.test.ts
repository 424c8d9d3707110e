import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toFault } from '../../lambdas/core/fault.ts';
import { type Fate, faultyPorts } from '../fakes/faulty-ports.ts';
import { Turns } from '../fakes/in-turn.ts';
import { memoryGateway } from '../fakes/memory-gateway.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';
import { Chat, callerOf } from './chat.ts';
import { BOOKING, CLIENT, OWNER, prepare } from './crowd.ts';
import { runs } from './runs.ts';

const KEY = 'the one';
const MANY = 12;
const HOUR_MS = 60 * 60 * 1000;

const ann = callerOf(CLIENT);
const ben = callerOf(OWNER);

/** Sends so many messages that what was said before is in nobody's head any more. */
async function bury(chat: Chat): Promise<void> {
  for (let said = 0; said < MANY; said += 1) {
    chat.ground.clock.pass(2_000);
    await chat.send(ben, BOOKING, `${said}`);
  }
}

async function idsStored(chat: Chat): Promise<readonly string[]> {
  const history = await chat.history(ann, BOOKING);
  return history.filter(({ clientMessageId }) => clientMessageId === KEY).map(({ id }) => id);
}

describe('a message that is sent again by its clientMessageId', () => {
  test('is stored once, however its tries cross with each other, with refusals and with time', async () => {
    const said = fc.integer({ min: 8, max: 10 });
    const tries = fc.integer({ min: 2, max: 4 });
    const property = fc.asyncProperty(fc.scheduler(), said, tries, async (scheduler, said, tries) => {
      const turns = new Turns();
      const { turn } = turns;
      const chat = new Chat(memoryPorts({ turn, headEntries: 2 }), memoryGateway({ turn }));
      await prepare(chat);
      for (let count = 0; count < said; count += 1) await chat.send(ann, BOOKING, `${count}`);
      const one = () => chat.send(ann, BOOKING, KEY, KEY).catch((thrown: unknown) => toFault(thrown).reason);
      const haste = () => chat.send(ann, BOOKING, 'haste').catch(() => undefined);
      const time = async () => {
        for (let step = 0; step < 2; step += 1) {
          await turn('time');
          chat.ground.clock.pass(6_000);
        }
      };
      const all = Promise.all([time(), haste(), bury(chat), ...Array.from({ length: tries }, one)]);
      const decide = (call: string) => scheduler.schedule(Promise.resolve(), call);
      await turns.during(decide, () => scheduler.waitFor(all));
      await bury(chat);
      const { id } = await chat.send(ann, BOOKING, KEY, KEY);
      expect(await idsStored(chat)).toEqual([id]);
    });
    await fc.assert(property, runs(150));
  });

  test.each([
    'claims.claim',
    'claims.takeOver',
    'claims.release',
    'log.head',
    'log.append',
    'connections.devicesOf',
  ])(
    'is stored once when %s has failed, been done without an answer, or late, in any of its tries',
    async (broken) => {
      const fates = fc.array(fc.constantFrom<Fate>('done', 'not done', 'done unanswered', 'done late'), {
        minLength: 1,
        maxLength: 4,
      });
      const property = fc.asyncProperty(
        fc.scheduler(),
        fates,
        fc.boolean(),
        async (scheduler, fates, isHasty) => {
          const turns = new Turns();
          const { turn } = turns;
          const ground = memoryPorts({ turn, headEntries: 2 });
          const chat = new Chat(ground, memoryGateway({ turn }));
          await prepare(chat);
          for (let count = 0; isHasty && count < 10; count += 1) await chat.send(ann, BOOKING, `${count}`);
          const left = [...fates];
          const ports = faultyPorts(ground.ports, (call) =>
            call === broken ? (left.shift() ?? 'done') : 'done',
          );
          const shaky = new Chat({ ...ground, ports }, memoryGateway({ turn }));
          const one = () => shaky.send(ann, BOOKING, KEY, KEY).catch(() => undefined);
          const decide = (call: string) => scheduler.schedule(Promise.resolve(), call);
          for (let round = 0; round < 3; round += 1) {
            await turns.during(decide, () => scheduler.waitFor(Promise.all([one(), one()])));
            await bury(chat);
          }
          await turns.during(decide, () => scheduler.waitIdle());
          const { id } = await chat.send(ann, BOOKING, KEY, KEY);
          expect(await idsStored(chat)).toEqual([id]);
        },
      );
      await fc.assert(property, runs(40));
    },
  );

  test('is known again for 30 days, and a new message after that', async () => {
    const chat = new Chat(memoryPorts());
    await prepare(chat);
    const first = await chat.send(ann, BOOKING, KEY, KEY);
    await bury(chat);
    chat.ground.clock.pass(30 * 24 * HOUR_MS - HOUR_MS);
    expect((await chat.send(ann, BOOKING, KEY, KEY)).id).toBe(first.id);
    chat.ground.clock.pass(2 * HOUR_MS);
    expect((await chat.send(ann, BOOKING, KEY, KEY)).id).not.toBe(first.id);
  });

  test('is another one for another sender and in another conversation', async () => {
    const chat = new Chat(memoryPorts());
    await prepare(chat);
    const first = await chat.send(ann, BOOKING, KEY, KEY);
    const others = await chat.send(ben, BOOKING, KEY, KEY);
    expect(others.id).not.toBe(first.id);
    expect((await chat.history(ann, BOOKING)).map(({ id }) => id)).toEqual([first.id, others.id]);
  });
});
