import { expect } from 'vitest';
import type { Message } from '../../lambdas/core/conversation.ts';
import { conversationOfBooking, messageIdOf, type UserId } from '../../lambdas/core/ids.ts';
import { type Chat, callerOf } from './chat.ts';
import {
  BOOKING,
  BUSINESS,
  CLIENT,
  OTHER_BOOKING,
  OWNER,
  type Sent,
  STRANGER,
  type Witness,
} from './crowd.ts';
import { bookingIn } from './told-model.ts';

/** What must be true of a run, whatever happened in it: DESIGN §3, promises 1 to 4. */
export async function expectPromisesKept(chat: Chat, witness: Witness): Promise<void> {
  const history = await chat.history(callerOf(CLIENT), BOOKING, 7);
  expectInOrder(history);
  expect(await chat.history(callerOf(OWNER), BOOKING, 100)).toEqual(history);
  expectOnce(witness, history);
  expectNoHaste(history);
  expectHeard(chat, witness, history);
  expectNothingLeaked(chat);
  expectBrowsed(witness, history);
  expectCounts(witness);
  for (const userId of [CLIENT, OWNER]) await expectUnread(chat, witness, history, userId);
}

function expectInOrder(history: readonly Message[]): void {
  const id = conversationOfBooking(BOOKING);
  expect(history.map((message) => message.id)).toEqual(history.map((_, index) => messageIdOf(id, index + 1)));
  const times = history.map(({ createdAt }) => createdAt);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
}

/** Promise 1: what was acknowledged is there once; nothing is there that nobody sent. */
function expectOnce({ sends }: Witness, history: readonly Message[]): void {
  const byId = new Map(history.map((message) => [message.id, message]));
  for (const logical of logicalSends(sends)) {
    const acknowledged = new Set(logical.flatMap(({ message }) => message?.id ?? []));
    expect(acknowledged.size).toBeLessThanOrEqual(1);
    const stored = history.filter((message) => logical.some((sent) => isOf(message, sent)));
    const mayBeStored = logical.some(({ isDoubtful }) => isDoubtful) ? 1 : 0;
    expect(stored.length).toBeGreaterThanOrEqual(acknowledged.size);
    expect(stored.length).toBeLessThanOrEqual(Math.max(acknowledged.size, mayBeStored));
    for (const id of acknowledged) expect(byId.get(id)).toMatchObject({ id: stored[0]?.id });
  }
  const strangers = history.filter((message) => !sends.some((sent) => isOf(message, sent)));
  expect(strangers).toEqual([]);
}

/** Sends that mean the same message. */
function logicalSends(sends: readonly Sent[]): readonly (readonly Sent[])[] {
  const logical = new Map<string, Sent[]>();
  for (const sent of sends) {
    const name = JSON.stringify([sent.userId, sent.key ?? sent.content]);
    logical.set(name, [...(logical.get(name) ?? []), sent]);
  }
  return [...logical.values()];
}

function isOf(message: Message, { userId, key, content }: Sent): boolean {
  const isSame = key === undefined ? message.content === content : message.clientMessageId === key;
  return message.sender.userId === userId && isSame;
}

function expectNoHaste(history: readonly Message[]): void {
  for (const { sender, createdAt } of history) {
    const recent = history.filter(
      (other) =>
        other.sender.userId === sender.userId &&
        other.createdAt <= createdAt &&
        other.createdAt > createdAt - 10_000,
    );
    expect(recent.length).toBeLessThanOrEqual(10);
  }
}

/** Promise 3: after the history that a device loads once it has joined, it hears every message, and none twice. */
function expectHeard(chat: Chat, { sends, stays }: Witness, history: readonly Message[]): void {
  for (const { device, seen, until = Number.POSITIVE_INFINITY } of stays) {
    const heard = chat.heard(device).map(({ _id }) => _id);
    const due = history.filter((message) => {
      const tries = sends.filter((sent) => isOf(message, sent));
      const isClear = tries.every(({ isDoubtful }) => !isDoubtful);
      // What is told late, from the queue, finds nobody who has left meanwhile.
      const isInTime = until === Number.POSITIVE_INFINITY || !chat.toldLate.has(message.id);
      return message.seq > seen && isClear && isInTime && tries.every(({ to }) => to < until);
    });
    expect(heard).toEqual(expect.arrayContaining(due.map(({ id }) => id)));
  }
  for (const device of new Set(stays.map((stay) => stay.device))) {
    const heard = chat.heard(device);
    expect(new Set(heard.map(({ _id }) => _id)).size).toBe(heard.length);
    for (const { _id, content } of heard) {
      expect(history.find(({ id }) => id === _id)).toMatchObject({ content });
    }
    const inTime = heard.filter(({ _id }) => !chat.toldLate.has(_id));
    expectSendersOrder(inTime.map(({ content }) => content));
  }
}

/** A device's own words are heard in the order in which it had them acknowledged, but for those told from the queue. */
function expectSendersOrder(contents: readonly string[]): void {
  const counts = new Map<string, number>();
  for (const content of contents) {
    const [device = '', count = ''] = content.split(' says ');
    expect(Number(count)).toBeGreaterThan(counts.get(device) ?? 0);
    counts.set(device, Number(count));
  }
}

/** Promise 4. */
function expectNothingLeaked(chat: Chat): void {
  for (const device of ['cat/1']) {
    expect(chat.gateway.framesOf(device).filter((frame) => frame.includes(BOOKING))).toEqual([]);
    expect(chat.heard(device).filter(({ booking }) => booking !== OTHER_BOOKING)).toEqual([]);
  }
}

/** Every read of the history was gap-free, held all that was acknowledged before, and never took a receipt back. */
function expectBrowsed({ browsed, sends }: Witness, history: readonly Message[]): void {
  for (const { messages, from, to } of browsed) {
    const [first] = messages;
    const acknowledged = sends
      .filter(({ message, to }) => message && to < from)
      .map(({ message }) => message?.seq ?? 0);
    const newest = Math.max(0, ...acknowledged);
    expect(messages.at(-1)?.seq ?? 0).toBeGreaterThanOrEqual(newest);
    const expected = first ? history.slice(first.seq - 1, first.seq - 1 + messages.length) : [];
    expect(messages.map(({ id, content }) => ({ id, content }))).toEqual(
      expected.map(({ id, content }) => ({ id, content })),
    );
    const later = browsed.filter((other) => other.from > to).flatMap((other) => other.messages);
    const readBefore = new Set(messages.filter(({ isRead }) => isRead).map(({ id }) => id));
    expect(later.filter(({ id, isRead }) => readBefore.has(id) && !isRead)).toEqual([]);
  }
}

/** Promise 2, at every moment: between what must and what may have been said and read by then. */
function expectCounts({ counts, sends, reads }: Witness): void {
  for (const { userId, unread, from, to } of counts) {
    const others = logicalSends(sends).filter(([sent]) => sent?.userId !== userId);
    const readBefore = idsRead(
      reads.filter((read) => read.userId === userId && read.isDone && read.to < from),
    );
    const readPerhaps = idsRead(reads.filter((read) => read.userId === userId && read.from < to));
    const idOf = (logical: readonly Sent[]) => logical.find(({ message }) => message)?.message?.id;
    const least = others.filter(
      (logical) =>
        logical.some((sent) => sent.message && sent.to < from) && !readPerhaps.has(idOf(logical) ?? ''),
    );
    const most = others.filter(
      (logical) => logical.some((sent) => sent.from < to) && !readBefore.has(idOf(logical) ?? ''),
    );
    expect(unread).toBeGreaterThanOrEqual(least.length);
    expect(unread).toBeLessThanOrEqual(most.length);
  }
}

/** Promise 2, in the end: exactly what nobody has marked. */
async function expectUnread(
  chat: Chat,
  { reads }: Witness,
  history: readonly Message[],
  userId: UserId,
): Promise<void> {
  const listed = await chat.list(callerOf(userId), userId === OWNER ? [BUSINESS] : []);
  const found = listed.find(({ conversation }) => bookingIn(conversation) === BOOKING);
  const own = reads.filter((read) => read.userId === userId);
  const done = idsRead(own.filter(({ isDone }) => isDone));
  const perhaps = idsRead(own);
  const others = history.filter(({ sender }) => sender.userId !== userId);
  const most = others.filter(({ id }) => !done.has(id)).length;
  const least = others.filter(({ id }) => !perhaps.has(id)).length;
  expect(found?.unreadCount ?? 0).toBeLessThanOrEqual(most);
  expect(found?.unreadCount ?? 0).toBeGreaterThanOrEqual(least);
  const [reader] = [CLIENT, OWNER].filter((party) => party === userId);
  expect(reader).not.toBe(STRANGER);
}

function idsRead(reads: Witness['reads']): ReadonlySet<string> {
  return new Set(reads.flatMap(({ ids }) => ids));
}
