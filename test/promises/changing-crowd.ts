import fc from 'fast-check';
import { deleteMessage, editMessage, reactToMessage } from '../../lambdas/core/amend-message.ts';
import type { Caller } from '../../lambdas/core/connection.ts';
import { type FaultReason, toFault } from '../../lambdas/core/fault.ts';
import { conversationOfBooking, type MessageId, messageIdOf, type UserId } from '../../lambdas/core/ids.ts';
import { Breakdown } from '../fakes/faulty-ports.ts';
import type { Chat, Voice } from './chat.ts';
import { BOOKING, CLIENT, OWNER, prepare, STRANGER } from './crowd.ts';
import { ADMIN } from './told-model.ts';

/** Devices that all change what has been said, at once, each doing one thing after the other, and what came of it. */

/** Who said what is changed: by the places of a conversation. */
export const AUTHORS: readonly UserId[] = [CLIENT, OWNER];
export const WATCHERS = ['ann/1', 'ann/2', 'ben/1', 'ben/2'] as const;

export type Change =
  | { readonly kind: 'edit'; readonly seq: number }
  | { readonly kind: 'delete'; readonly seq: number }
  | { readonly kind: 'react'; readonly seq: number; readonly emoji: string; readonly isSet: boolean };

/** A change that was tried, from one moment of the run to another. */
export type Tried = {
  readonly change: Change;
  readonly userId: UserId;
  readonly messageId: MessageId;
  /** Of an edit alone. */
  readonly content: string;
  readonly from: number;
  readonly to: number;
  /** `doubtful`: nobody knows what came of it, or will. */
  readonly outcome: 'done' | 'doubtful' | FaultReason;
};

const VOICES: Readonly<Record<string, Voice>> = { [ADMIN]: { dialect: 'support', role: 'admin' } };

const seq = fc.integer({ min: 1, max: AUTHORS.length });
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('edit' as const), seq }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), seq }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('react' as const),
      emoji: fc.constantFrom('👍', '🎉'),
      isSet: fc.boolean(),
      seq,
    }),
  },
);
const changes = fc.array(change, { maxLength: 3, size: 'max' });

/** What each device does, by its name. */
export const changing = fc.record({
  ...Object.fromEntries(WATCHERS.map((device) => [device, changes])),
  [`${ADMIN}/1`]: changes,
  [`${STRANGER}/1`]: changes,
}) as fc.Arbitrary<Readonly<Record<string, readonly Change[]>>>;

/** Both sides have said something, and are there with two devices each. */
export async function gather(chat: Chat): Promise<Readonly<Record<string, Caller>>> {
  await prepare(chat);
  const names = [...WATCHERS, `${ADMIN}/1`, `${STRANGER}/1`];
  const callers = names.map(async (name) => {
    const [userId = ''] = name.split('/');
    return [name, await chat.connect(userId, name, VOICES[userId] ?? { dialect: 'conversation' })] as const;
  });
  const byName = Object.fromEntries(await Promise.all(callers));
  for (const name of WATCHERS) await chat.join(callerNamed(byName, name), BOOKING);
  for (const userId of AUTHORS) await chat.send(callerNamed(byName, `${userId}/1`), BOOKING, 'hello');
  return byName;
}

/** Lets every device carry out its part of the plan, all at once. */
export async function changeAll(
  chat: Chat,
  callers: Readonly<Record<string, Caller>>,
  plan: Readonly<Record<string, readonly Change[]>>,
): Promise<readonly Tried[]> {
  const tried: Tried[] = [];
  let moment = 0;
  const parts = Object.entries(plan).map(async ([name, own]) => {
    for (const [index, change] of own.entries()) {
      const caller = callerNamed(callers, name);
      const messageId = messageIdOf(conversationOfBooking(BOOKING), change.seq);
      const attempt = { change, messageId, userId: caller.userId, content: `${name} writes ${index}` };
      const from = ++moment;
      const outcome = await outcomeOf(() => carryOut(chat, caller, attempt));
      tried.push({ ...attempt, from, to: ++moment, outcome });
    }
  });
  await Promise.all(parts);
  return tried;
}

function carryOut(
  chat: Chat,
  caller: Caller,
  { change, messageId, content }: Pick<Tried, 'change' | 'messageId' | 'content'>,
): Promise<unknown> {
  if (change.kind === 'edit') return chat.do(editMessage, caller, { messageId, content });
  if (change.kind === 'delete') return chat.do(deleteMessage, caller, { messageId });
  const { emoji, isSet } = change;
  return chat.do(reactToMessage, caller, { messageId, emoji, isSet });
}

async function outcomeOf(attempt: () => Promise<unknown>): Promise<Tried['outcome']> {
  try {
    await attempt();
    return 'done';
  } catch (thrown) {
    const { reason, cause } = toFault(thrown);
    if (reason !== 'internal') return reason;
    if (!(cause instanceof Breakdown)) throw thrown;
    return 'doubtful';
  }
}

function callerNamed(callers: Readonly<Record<string, Caller>>, name: string): Caller {
  const caller = callers[name];
  if (!caller) throw new Error(`no such device: ${name}`);
  return caller;
}
