import fc from 'fast-check';
import type { BookingId } from '../../lambdas/core/ids.ts';
import type { Chat, Voice } from './chat.ts';
import { ADMIN, bookingOf, expectHeard, type Told, type ToldDevice } from './told-model.ts';

/** Who takes part in the model and on which devices, and what a step of theirs is. */

export const BOOKINGS = ['haircut', 'massage'] as const;
export const SLOTS = [
  'ann/phone',
  'ann/laptop',
  'ben/phone',
  'ben/laptop',
  'cat/phone',
  'dan/phone',
  'eve/phone',
];
/** An admin takes part only by joining, and by touching what others have said. */
export const DESK = `${ADMIN}/desk`;
/** Which of them speak otherwise than in the words of booking.md. */
export const VOICES: Readonly<Record<string, Voice>> = {
  'ann/laptop': { dialect: 'conversation' },
  'ben/laptop': { dialect: 'conversation' },
  [DESK]: { dialect: 'support', role: 'admin' },
};
export type Step = fc.AsyncCommand<Told, Chat>;
export type Act = (told: Told, chat: Chat, device: ToldDevice) => Promise<void>;

export const slot = fc.constantFrom(...SLOTS);
export const anySlot = fc.constantFrom(...SLOTS, DESK);
export const bookingId = fc.constantFrom(...BOOKINGS);

/** A step by the user of a device; afterwards every device has heard what it must. */
export function step(label: string, slotName: string, act: Act): Step {
  return {
    check: () => true,
    toString: () => label,
    run: async (told, chat) => {
      const device = told.devices.get(slotName);
      if (!device) throw new Error(`no such device in the model: ${slotName}`);
      await act(told, chat, device);
      await chat.work();
      expectHeard(told, chat);
    },
  };
}

/** A place in a conversation: mostly of a message that exists; now and then in the other one, or of none. */
export type Pick = { readonly strays: number; readonly nth: number };

export const pick: fc.Arbitrary<Pick> = fc.record({ strays: fc.nat({ max: 19 }), nth: fc.nat({ max: 60 }) });

/** Where that is, once it is known what has been said. */
export function placed(told: Told, mostly: BookingId, { strays, nth }: Pick): readonly [BookingId, number] {
  const [other = mostly] = BOOKINGS.filter((name) => name !== mostly);
  const bookingId = strays === 0 ? other : mostly;
  const count = bookingOf(told, bookingId).said.length;
  return [bookingId, strays === 1 ? count + 1 : 1 + (nth % Math.max(1, count))];
}
