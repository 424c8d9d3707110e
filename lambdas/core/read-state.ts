import type { Entry } from './conversation.ts';
import type { UserId } from './ids.ts';

/**
 * What a member has read: everything up to and including `upTo`, and the places above it in `also`, each with the time
 * it was read (ms). `version` counts the writes, so that two devices cannot overwrite each other's marks.
 */
export type ReadState = {
  readonly upTo: number;
  /** When `upTo` last moved, in ms; 0 while nothing has been read. */
  readonly at: number;
  readonly also: Readonly<Record<number, number>>;
  readonly version: number;
};

/** Nothing read yet. */
export const UNREAD: ReadState = { upTo: 0, at: 0, also: {}, version: 0 };

/** Whether a place in the log counts as read. */
export function hasRead(read: ReadState, seq: number): boolean {
  return seq <= read.upTo || read.also[seq] !== undefined;
}

/** When a place that counts as read was read at the latest, in ms. */
export function readAt(read: ReadState, seq: number): number {
  return read.also[seq] ?? read.at;
}

/** The state after everything up to `last` was read at `now`; saying the same again changes nothing. */
export function afterReadingAll(read: ReadState, last: number, now: number): ReadState {
  const also = Object.fromEntries(Object.entries(read.also).filter(([seq]) => Number(seq) > last));
  if (last <= read.upTo) return read;
  return { upTo: last, at: now, also, version: read.version + 1 };
}

/**
 * The state after these places were read at `now`. It never regresses, and saying the same again changes nothing.
 *
 * @param known entries of the log, any subset: the reader's own messages among them count as read when `upTo` steps
 *   over them, which keeps `also` short.
 */
export function afterReading(
  read: ReadState,
  seqs: readonly number[],
  reader: UserId,
  known: readonly Entry[],
  now: number,
): ReadState {
  const fresh = seqs.filter((seq) => !hasRead(read, seq));
  if (fresh.length === 0) return read;
  const also = new Map(Object.entries(read.also).map(([seq, at]) => [Number(seq), at]));
  for (const seq of fresh) also.set(seq, now);
  const own = new Set(known.filter((entry) => entry.senderId === reader).map((entry) => entry.seq));
  let upTo = read.upTo;
  while (also.delete(upTo + 1) || own.has(upTo + 1)) upTo += 1;
  return {
    upTo,
    at: upTo > read.upTo ? now : read.at,
    also: Object.fromEntries(also),
    version: read.version + 1,
  };
}
