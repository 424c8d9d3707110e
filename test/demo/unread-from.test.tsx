// @vitest-environment jsdom

import { renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { ChatMessage } from '../../client/sdk/types.ts';
import { useUnreadFrom } from '../../local/demo/conversation/use-unread-from.ts';
import { message } from '../react/fake-client.ts';

const read = { readBy: [{ userId: 'ann', readAt: '2026-02-09T10:30:00.000Z' }] };

type Shown = { readonly messages: readonly ChatMessage[]; readonly areThere: boolean };

const NOTHING: Shown = { messages: [], areThere: false };

/** The first unread message as the hook has it, from one rendering to the next. */
function unreadFrom() {
  const { result, rerender } = renderHook(
    ({ messages, areThere }: Shown) => useUnreadFrom(messages, 'ann', areThere),
    { initialProps: NOTHING },
  );
  return (messages: readonly ChatMessage[], areThere = true) => {
    rerender({ messages, areThere });
    return result.current;
  };
}

test('the unread begin where they did when the conversation was opened, though they are read', () => {
  const from = unreadFrom();
  expect(from([message(1, read), message(2)])).toBe('c1.2');
  expect(from([message(1, read), message(2, read), message(3)])).toBe('c1.2');
});

test('they are looked for when what was said meanwhile is there, not before', () => {
  const from = unreadFrom();
  expect(from([message(1, read)], false)).toBeUndefined();
  expect(from([message(1, read), message(2)])).toBe('c1.2');
});

test('they begin further up where older messages turn out to be unread too', () => {
  const from = unreadFrom();
  expect(from([message(5), message(6)])).toBe('c1.5');
  expect(from([message(3), message(4), message(5), message(6)])).toBe('c1.3');
  expect(from([message(1, read), message(2), message(3), message(4)])).toBe('c1.2');
  expect(from([message(0, read), message(1, read), message(2), message(3)])).toBe('c1.2');
});
