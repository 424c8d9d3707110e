import { describe, expect, test } from 'vitest';
import { conversationOfBooking } from '../../lambdas/core/ids.ts';
import { forgetBusiness, saveBusiness } from '../../lambdas/core/keep-directory.ts';
import { Breakdown, faultyPorts } from '../fakes/faulty-ports.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';
import { Chat } from '../promises/chat.ts';

const SALON = { businessId: 'salon', name: 'Salon', ownerId: 'ben' };
const BOOKINGS = ['one', 'two', 'three', 'four', 'five'];
/** Longer than any index lags behind its table. */
const SETTLED_MS = 60_000;

/** A salon of Ben's with conversations that its client has opened. */
async function salon() {
  const chat = new Chat(memoryPorts());
  const ann = await chat.connect('ann', 'ann/1');
  for (const bookingId of BOOKINGS) {
    await chat.book({ bookingId, clientId: 'ann', businessId: SALON.businessId }, SALON);
    await chat.join(ann, bookingId);
  }
  await chat.work();
  const owners = async () => {
    const heads = await Promise.all(BOOKINGS.map((id) => chat.ports.log.head(conversationOfBooking(id))));
    return heads.flatMap((head) =>
      (head?.members ?? []).filter(({ role }) => role === 'business').map(({ userId }) => userId),
    );
  };
  return { chat, owners };
}

describe('a business that changes hands', () => {
  test('takes all its conversations along, run by run', async () => {
    const { chat, owners } = await salon();
    await saveBusiness(chat.ports, { ...SALON, ownerId: 'eve' });
    await chat.work();
    expect(await owners()).toEqual(BOOKINGS.map(() => 'eve'));
  });

  test('leaves its conversations without an owner when it is forgotten, and has them back with the next', async () => {
    const { chat, owners } = await salon();
    await forgetBusiness(chat.ports, SALON.businessId);
    await chat.work();
    expect(await owners()).toEqual([]);
    await saveBusiness(chat.ports, { ...SALON, ownerId: 'eve' });
    await chat.work();
    expect(await owners()).toEqual(BOOKINGS.map(() => 'eve'));
  });

  test('takes them along although the function that was told of it died right after storing it', async () => {
    const { chat, owners } = await salon();
    const sold = { ...SALON, ownerId: 'eve' };
    let hasDied = false;
    const dying = faultyPorts(chat.ports, (call) => {
      if (hasDied) return 'not done';
      hasDied = call === 'directory.saveBusiness';
      return 'done';
    });
    await expect(saveBusiness(dying, sold)).rejects.toBeInstanceOf(Breakdown);
    await saveBusiness(chat.ports, sold);
    chat.ground.clock.pass(SETTLED_MS);
    await chat.work();
    expect(await owners()).toEqual(BOOKINGS.map(() => 'eve'));
  });

  test.each([
    [
      'sold',
      (chat: Chat) => saveBusiness(chat.ports, { ...SALON, ownerId: 'eve' }),
      BOOKINGS.map(() => 'eve'),
    ],
    ['forgotten', (chat: Chat) => forgetBusiness(chat.ports, SALON.businessId), []],
  ] as const)('%s, also takes along what its index did not show yet', async (_, act, expected) => {
    const { chat, owners } = await salon();
    const { conversations } = chat.ports;
    const lagging = { ...conversations, sweepBusiness: async () => ({ conversationIds: [] }) };
    await act(chat);
    await new Chat({ ...chat.ground, ports: { ...chat.ports, conversations: lagging } }).work();
    expect(await owners()).toEqual(BOOKINGS.map(() => 'ben'));
    chat.ground.clock.pass(SETTLED_MS);
    await chat.work();
    expect(await owners()).toEqual(expected);
  });
});
