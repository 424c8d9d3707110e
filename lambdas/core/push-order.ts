import type { Entry } from './conversation.ts';

/**
 * A message that follows another closely is pushed this long after it, in ms: two functions push at once then, and API
 * Gateway does not promise to keep the order of their posts (docs/adr/0004).
 */
const APART_MS = 150;
/** So many messages before it may make a message wait; in a room more lively than that, they come as fast as said. */
export const LOOK_BACK = 10;

/** A push whose posts are not over then may be overtaken by the next: whoever pushes notes it, in ms. */
export const ON_TIME_MS = APART_MS;

/** No message is pushed later than this after it was stored, in ms. */
export const LONGEST_WAIT_MS = APART_MS * LOOK_BACK;
/** A push that takes longer than this, in ms, is one that the task queue makes up for. */
export const LONGEST_PUSH_MS = 20_000;

/**
 * When a message is pushed, in ms: when it is stored, or apart from those before it (newest first), which may have had
 * to wait themselves. Whoever knows the log knows this, and so it is kept nowhere.
 */
export function pushedAt({ createdAt }: Pick<Entry, 'createdAt'>, before: readonly Entry[]): number {
  const after = before.slice(0, LOOK_BACK).map((entry, index) => entry.createdAt + (index + 1) * APART_MS);
  return Math.max(createdAt, ...after);
}
