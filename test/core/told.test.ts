import { expect, test } from 'vitest';
import type { Message } from '../../lambdas/core/conversation.ts';
import { conversationOfBooking, messageIdOf } from '../../lambdas/core/ids.ts';
import { isTold, toldOf } from '../../lambdas/core/told.ts';

const NOW = Date.UTC(2040, 0, 1);
const MINUTE_MS = 60_000;
const [here, there, elsewhere] = [
  conversationOfBooking('here'),
  conversationOfBooking('there'),
  conversationOfBooking('elsewhere'),
];

function message(id: string, seq: number, minutesAgo = 0): Message {
  return { conversation: { id }, seq, createdAt: NOW - minutesAgo * MINUTE_MS } as Message;
}

test('the messages that were told are known again, and no others', () => {
  const told = toldOf([message(here, 3), message(there, 9), message(here, 4), message(here, 5)], NOW);
  const known = (id: string) => [2, 3, 4, 5, 6, 9].filter((seq) => isTold(told, messageIdOf(id, seq)));
  expect([here, there, elsewhere].map(known)).toEqual([[3, 4, 5], [9], []]);
  expect(isTold(told, 'no message')).toBe(false);
});

test('so is the one that was known, where they follow it', () => {
  expect(toldOf([message(here, 3), message(here, 4)], NOW, messageIdOf(here, 2))).toEqual({
    [here]: { from: 2, to: 4 },
  });
  expect(toldOf([message(here, 3)], NOW, messageIdOf(there, 7))).toEqual({
    [here]: { from: 3, to: 3 },
    [there]: { from: 7, to: 7 },
  });
  expect(toldOf([message(here, 3)], NOW, messageIdOf(here, 1))).toEqual({ [here]: { from: 3, to: 3 } });
  expect(toldOf([], NOW, 'no message')).toEqual({});
});

test('messages that no push can be on its way with any more are not remembered', () => {
  expect(toldOf([message(there, 1, 16), message(here, 3, 16), message(here, 4, 14)], NOW)).toEqual({
    [here]: { from: 4, to: 4 },
  });
});
