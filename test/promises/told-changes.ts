import fc from 'fast-check';
import { expect } from 'vitest';
import { deleteMessage, editMessage, reactToMessage } from '../../lambdas/core/amend-message.ts';
import type { Message } from '../../lambdas/core/conversation.ts';
import type { FaultReason } from '../../lambdas/core/fault.ts';
import { type BookingId, conversationOfBooking, messageIdOf } from '../../lambdas/core/ids.ts';
import {
  ADMIN,
  bookingOf,
  noteHeard,
  refusalAt,
  type Said,
  seenAs,
  shownAs,
  type Told,
  type ToldDevice,
} from './told-model.ts';
import { type Act, anySlot, bookingId, pick, placed, type Step, step } from './told-step.ts';
import { deletedWord, editedWord, reactedWord } from './words.ts';

/** What becomes of messages after they were said: edits, deletions, reactions. */

const EMOJIS = ['👍', '❤️'] as const;

/** A change of a message, and when it is refused of those who may see the message. */
type Change = {
  readonly ask: (id: string) => Promise<{ readonly message: Message }>;
  readonly refusal: (said: Said) => FaultReason | undefined;
  /** Changes the model; returns what joined devices hear of it, if it is any news. */
  readonly note: (said: Said) => string | undefined;
};

/** Tries a change where the model says what comes of it; an admin who may look in takes part from then on. */
async function tryChange(
  told: Told,
  { userId }: ToldDevice,
  [bookingId, seq]: readonly [BookingId, number],
  { ask, refusal, note }: Change,
): Promise<void> {
  const booking = bookingOf(told, bookingId);
  if (userId === ADMIN && booking.isOpen) booking.admins.add(ADMIN);
  const said = booking.said[seq - 1];
  const reason = refusalAt(told, userId, bookingId, seq) ?? (said && refusal(said));
  const answer = ask(messageIdOf(conversationOfBooking(bookingId), seq));
  if (reason || !said) return expect(answer).rejects.toMatchObject({ reason });
  const { message } = await answer;
  const word = note(said);
  expect(shownAs(message)).toEqual(seenAs(told, bookingId, said));
  if (word !== undefined) noteHeard(told, bookingId, word, true);
}

const target = { slot: anySlot, bookingId, pick };

export const edit: fc.Arbitrary<Step> = fc.record(target).map(({ slot, bookingId, pick }) => {
  const act: Act = async (told, chat, device) => {
    const { userId, caller } = device;
    told.count += 1;
    const content = `edited ${told.count}`;
    await tryChange(told, device, placed(told, bookingId, pick), {
      ask: (messageId) => chat.do(editMessage, caller, { messageId, content }),
      refusal: ({ sender, isDeleted }) => {
        if (sender !== userId) return 'not-the-author';
        return isDeleted ? 'message-not-found' : undefined;
      },
      note: (said) => {
        said.content = content;
        return editedWord(said.id, content, said.reactions);
      },
    });
  };
  return step(`${slot} edits in ${bookingId} (${pick.nth})`, slot, act);
});

export const remove: fc.Arbitrary<Step> = fc.record(target).map(({ slot, bookingId, pick }) => {
  const act: Act = async (told, chat, device) => {
    const { userId, caller } = device;
    await tryChange(told, device, placed(told, bookingId, pick), {
      ask: (messageId) => chat.do(deleteMessage, caller, { messageId }),
      refusal: ({ sender }) => (sender === userId || userId === ADMIN ? undefined : 'not-the-author'),
      note: (said) => {
        const isNews = !said.isDeleted;
        Object.assign(said, { content: '', isDeleted: true });
        return isNews ? deletedWord(said.id) : undefined;
      },
    });
  };
  return step(`${slot} deletes in ${bookingId} (${pick.nth})`, slot, act);
});

export const react: fc.Arbitrary<Step> = fc
  .record({ ...target, emoji: fc.constantFrom(...EMOJIS), isSet: fc.boolean() })
  .map(({ slot, bookingId, pick, emoji, isSet }) => {
    const act: Act = async (told, chat, device) => {
      const { userId, caller } = device;
      await tryChange(told, device, placed(told, bookingId, pick), {
        ask: (messageId) => chat.do(reactToMessage, caller, { messageId, emoji, isSet }),
        refusal: ({ isDeleted }) => (isDeleted ? 'message-not-found' : undefined),
        note: (said) => {
          const others = said.reactions.filter((one) => one.userId !== userId || one.emoji !== emoji);
          const isNews = isSet === (others.length === said.reactions.length);
          said.reactions = isSet ? [...others, { userId, emoji }] : others;
          return isNews ? reactedWord(said.id, said.reactions) : undefined;
        },
      });
    };
    return step(
      `${slot} ${isSet ? 'leaves' : 'takes back'} ${emoji} in ${bookingId} (${pick.nth})`,
      slot,
      act,
    );
  });
