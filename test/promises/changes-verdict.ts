import { expect } from 'vitest';
import type { Message } from '../../lambdas/core/conversation.ts';
import { AUTHORS, type Tried, WATCHERS } from './changing-crowd.ts';
import { type Chat, callerOf } from './chat.ts';
import { BOOKING, CLIENT, STRANGER } from './crowd.ts';
import { ADMIN } from './told-model.ts';
import { deletedWord, reactionsWord, wordsTo } from './words.ts';

/** What must be true of messages that many have changed at once. */
export async function expectChangesKept(chat: Chat, tried: readonly Tried[]): Promise<void> {
  const history = await chat.history(callerOf(CLIENT), BOOKING);
  expect(history.map(({ sender }) => sender.userId)).toEqual(AUTHORS);
  expect(tried.filter(({ userId, outcome }) => userId === STRANGER && outcome === 'done')).toEqual([]);
  for (const message of history) {
    const own = tried.filter(({ messageId }) => messageId === message.id);
    expectEntitled(message, own);
    expectGoneForEver(message, own);
    expectLastEdit(message, own);
    expectReactions(message, own);
  }
}

/** Nobody edits but the author, nobody deletes but the author or an admin; and whoever may see it reacts. */
function expectEntitled({ sender }: Message, tried: readonly Tried[]): void {
  for (const { change, userId, outcome } of tried.filter(({ userId }) => userId !== STRANGER)) {
    const isAuthor = userId === sender.userId;
    const isEntitled = change.kind === 'react' || isAuthor || (change.kind === 'delete' && userId === ADMIN);
    const expected = isEntitled ? ['done', 'doubtful', 'message-not-found'] : ['not-the-author', 'doubtful'];
    expect(expected).toContain(outcome);
  }
}

/** A deleted message keeps its place, has no text, and is changed no more. */
function expectGoneForEver({ deletedAt, content }: Message, tried: readonly Tried[]): void {
  const deletions = tried.filter(({ change }) => change.kind === 'delete');
  const done = deletions.filter(({ outcome }) => outcome === 'done');
  if (done.length > 0) expect(deletedAt).toBeDefined();
  if (deletedAt === undefined) {
    // Nothing was refused for its being gone.
    expect(tried.filter(({ outcome }) => outcome === 'message-not-found')).toEqual([]);
    return;
  }
  expect(deletions.filter(isPossible)).not.toEqual([]);
  expect(content).toBe('');
  const goneAt = Math.min(...done.map(({ to }) => to));
  const late = tried.filter(({ change, from }) => change.kind !== 'delete' && from > goneAt);
  expect(late.filter(({ outcome }) => outcome === 'done')).toEqual([]);
}

/** The text is that of an edit after which no other one was begun; its author's own as long as there was none. */
function expectLastEdit({ content, deletedAt }: Message, tried: readonly Tried[]): void {
  if (deletedAt !== undefined) return;
  const standing = standingOf(tried.filter(({ change }) => change.kind === 'edit'));
  const texts = standing.map((edit) => edit?.content ?? 'hello');
  expect(texts).toContain(content);
}

function expectReactions({ reactions }: Message, tried: readonly Tried[]): void {
  const names = new Set(reactions.map(({ userId, emoji }) => `${userId} ${emoji}`));
  expect(names.size).toBe(reactions.length);
  const tries = tried.map((one) => reactionIn(one)?.name ?? '').filter((name) => name !== '');
  expect(tries).toEqual(expect.arrayContaining([...names]));
  for (const name of tries) {
    const own = tried.filter((one) => reactionIn(one)?.name === name);
    const allowed = standingOf(own).map((one) => one !== undefined && reactionIn(one)?.isSet);
    expect(allowed).toContain(names.has(name));
  }
}

/** Whose reaction it is, and whether it was left or taken back. */
function reactionIn({
  change,
  userId,
}: Tried): { readonly name: string; readonly isSet: boolean } | undefined {
  if (change.kind !== 'react') return undefined;
  return { name: `${userId} ${change.emoji}`, isSet: change.isSet };
}

/** Of changes that undo each other, those that may have been the last; undefined where perhaps none was done. */
function standingOf(tried: readonly Tried[]): readonly (Tried | undefined)[] {
  const done = tried.filter(({ outcome }) => outcome === 'done');
  const last = tried.filter((one) => {
    const to = one.outcome === 'done' ? one.to : Number.POSITIVE_INFINITY;
    return isPossible(one) && done.every(({ from }) => from <= to);
  });
  return done.length > 0 ? last : [...last, undefined];
}

function isPossible({ outcome }: Tried): boolean {
  return outcome === 'done' || outcome === 'doubtful';
}

/** Every device of those who take part was told of each change that was made, and in the end of what the log says. */
export async function expectChangesTold(chat: Chat, tried: readonly Tried[]): Promise<void> {
  const history = await chat.history(callerOf(CLIENT), BOOKING);
  for (const device of WATCHERS) {
    const words = wordsTo(chat, device);
    for (const { content, change, outcome } of tried) {
      if (change.kind !== 'edit' || outcome !== 'done') continue;
      expect(words.filter((word) => word.includes(`now says ${content}`))).not.toEqual([]);
    }
    for (const message of history) expectToldAsItIs(words, message);
  }
  expect(wordsTo(chat, `${STRANGER}/1`)).toEqual([]);
}

/** What a device shows that believes the last word it heard. */
function expectToldAsItIs(words: readonly string[], { id, content, deletedAt, reactions }: Message): void {
  const own = words.filter((word) => word.startsWith(`${id} `));
  const text = own.findLast((word) => / (says|is gone)/.test(word)) ?? '';
  if (deletedAt === undefined) expect(text).toContain(` says ${content}`);
  else expect([deletedWord(id), `${id} now says  `]).toContain(text.replace(/\[.*/, ''));
  const marks = own.findLast((word) => word.endsWith(']'));
  if (deletedAt === undefined)
    expect(marks?.slice(marks.indexOf('[')) ?? '[]').toBe(reactionsWord(reactions));
}
