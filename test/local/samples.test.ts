import { expect, test } from 'vitest';
import { listConversations } from '../../lambdas/core/list-conversations.ts';
import { saveSamples } from '../../local/samples.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';

async function started() {
  const memory = memoryPorts();
  const start = () => saveSamples(memory.ports);
  const inbox = async (userId: string) => {
    const caller = { userId, name: userId, dialect: 'support', expiresAt: Number.POSITIVE_INFINITY } as const;
    const { conversations } = await listConversations(memory.ports, caller, { number: 1, limit: 20 });
    return conversations.map(({ conversation, unreadCount }) => [conversation.title, unreadCount]);
  };
  await start();
  return { ...memory, start, inbox };
}

test('the sample people have talked: the client’s inbox and the business owner’s have something unread', async () => {
  const { inbox } = await started();
  expect(await inbox('ann')).toEqual([
    ['Haircut and beard trim', 2],
    ['Physiotherapy, second session', 0],
    ['A question about an invoice', 0],
    ['Colour consultation', 0],
  ]);
  expect(await inbox('ben')).toEqual([
    ['Haircut and beard trim', 0],
    ['Wedding styling', 1],
    ['Colour consultation', 0],
  ]);
  expect(await inbox('tess')).toEqual([
    ['Physiotherapy, second session', 1],
    ['First examination', 2],
  ]);
  expect(await inbox('ada')).toEqual([['A question about an invoice', 0]]);
});

test('nothing of it lies in the future, and each log is in order', async () => {
  const { ports, stored, clock } = await started();
  const lists = await ports.conversations.ofUser('ann', undefined, { number: 1, limit: 20 });
  for (const { conversationId } of lists) {
    const times = stored(conversationId).map(({ createdAt }) => createdAt);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(-1)).toBeLessThan(clock.now());
  }
});

test('an appointment starts soon enough for its reminder to come while one looks', async () => {
  const { ports, clock } = await started();
  const booking = await ports.directory.booking('booking-2');
  const minutesLeft = (Date.parse(booking?.startTime ?? '') - clock.now()) / 60_000;
  expect(minutesLeft).toBeGreaterThan(15);
  expect(minutesLeft).toBeLessThan(16);
});

test('another start says nothing again, and moves no appointment', async () => {
  const { ports, clock, start, inbox } = await started();
  const before = [await inbox('ann'), await ports.directory.booking('booking-2')];
  clock.pass(86_400_000);
  await start();
  expect([await inbox('ann'), await ports.directory.booking('booking-2')]).toEqual(before);
});
