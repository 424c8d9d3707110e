import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault, toFault } from '../../lambdas/core/fault.ts';
import { conversationOfBooking, type UserId } from '../../lambdas/core/ids.ts';
import {
  forgetBooking,
  forgetBusiness,
  saveBooking,
  saveBusiness,
} from '../../lambdas/core/keep-directory.ts';
import { Turns } from '../fakes/in-turn.ts';
import { memoryGateway } from '../fakes/memory-gateway.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';
import { Chat } from './chat.ts';
import { BOOKING, BUSINESS, CLIENT, OWNER } from './crowd.ts';
import { runs } from './runs.ts';

type Removal = {
  /** Whose part in the conversation it ends. */
  readonly removed: typeof CLIENT | typeof OWNER;
  readonly act: (chat: Chat) => Promise<void>;
};

const booking = { bookingId: BOOKING, clientId: CLIENT, businessId: BUSINESS };
const salon = { businessId: BUSINESS, name: 'Salon', ownerId: OWNER };

const REMOVALS: Readonly<Record<string, Removal>> = {
  'the booking goes to another client': {
    removed: CLIENT,
    act: ({ ports }) => saveBooking(ports, { ...booking, clientId: 'cat' }),
  },
  'the booking goes to another business': {
    removed: OWNER,
    act: async (chat) => {
      await saveBusiness(chat.ports, { ...salon, businessId: 'next', ownerId: 'eve' });
      await saveBooking(chat.ports, { ...booking, businessId: 'next' });
    },
  },
  'the booking is forgotten': { removed: CLIENT, act: ({ ports }) => forgetBooking(ports, BOOKING) },
  'the business goes to another owner': {
    removed: OWNER,
    act: async (chat) => {
      await saveBusiness(chat.ports, { ...salon, ownerId: 'eve' });
      await chat.work();
    },
  },
  'the business is forgotten': {
    removed: OWNER,
    act: async (chat) => {
      await forgetBusiness(chat.ports, BUSINESS);
      await chat.work();
    },
  },
};

const PARTING = Object.entries(REMOVALS);

describe.each(PARTING)('after %s', (_, { removed, act }) => {
  test('the one who had a part hears of nothing that is said then, whatever was under way', async () => {
    const counts = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 });
    const property = fc.asyncProperty(fc.scheduler(), counts, async (scheduler, counts) => {
      const turns = new Turns();
      const ground = memoryPorts({ turn: turns.turn });
      const chat = new Chat(ground, memoryGateway({ turn: turns.turn }));
      await chat.book(booking, salon);
      const gone = await chat.connect(removed, 'gone');
      const others = await Promise.all(
        counts.map((_, index) => chat.connect(other(removed), `other/${index}`)),
      );
      for (const device of [gone, ...others]) await chat.join(device, BOOKING);
      let storedThen = 0;
      const parting = async () => {
        await act(chat);
        storedThen = ground.stored(conversationOfBooking(BOOKING)).length;
      };
      const talk = counts.map(async (count, index) => {
        const device = others[index];
        for (let said = 0; device && said < count; said += 1) {
          await chat.send(device, BOOKING, `${index} says ${said}`).catch(expectRefusal);
        }
      });
      const decide = (call: string) => scheduler.schedule(Promise.resolve(), call);
      await turns.during(decide, () => scheduler.waitFor(Promise.all([...talk, parting()])));
      const heard = chat.heard('gone').map(({ _id }) => Number(_id.split('.')[1]));
      expect(heard.filter((seq) => seq > storedThen)).toEqual([]);
      await expect(chat.page(gone, BOOKING, { number: 1, limit: 5 })).rejects.toBeInstanceOf(Fault);
    });
    await fc.assert(property, runs(150));
  });
});

function other(party: UserId): UserId {
  return party === CLIENT ? OWNER : CLIENT;
}

/** The booking may be gone by now, or so many may talk that one gives up. */
function expectRefusal(thrown: unknown): void {
  expect(toFault(thrown).reason).toMatch(/^(booking-not-found|not-a-party|busy)$/);
}
