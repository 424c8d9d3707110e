import * as z from 'zod/mini';
import type { CaughtUp } from '../core/catch-up.ts';
import type { ConversationRef, ReplyOf } from '../core/commands.ts';
import type { Message } from '../core/conversation.ts';
import { isConversationId } from '../core/ids.ts';
import { type Dialect, type EventReader, event, render } from './dialect.ts';
import { bookingRefOf, id, isSeq, limit, OBJECT, seq, userRefOf } from './payload.ts';
import { isoTime } from './shared-signals.ts';

/**
 * Events that every dialect hears alike, by which a client that counts along misses nothing (docs/protocol/native.md).
 * What they tell, they tell in the words of the caller's dialect.
 */
const EVENTS: ReadonlyMap<string, (dialect: Dialect) => EventReader> = new Map([
  ['parley:resume', resume],
  ['parley:history', history],
]);

/** An event that has nothing to do with the dialect. */
export function parleyEvent(dialect: Dialect, name: string): EventReader | undefined {
  return EVENTS.get(name)?.(dialect);
}

/** An answer is one frame, which API Gateway delivers up to 128 KB; this much of it may be messages. */
const MOST_BYTES = 96 * 1024;
/** Conversations that may be named at once. */
const MOST_ROOMS = 100;
const PAGE = 50;

const PLACES = `must be at most ${MOST_ROOMS} conversation ids, each with a place`;
const places = z.optional(z.custom<Readonly<Record<string, number>>>(arePlaces, { error: PLACES }));

function arePlaces(given: unknown): boolean {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return false;
  const all = Object.entries(given);
  return all.length <= MOST_ROOMS && all.every(([room, place]) => isConversationId(room) && isSeq(place));
}

const TIME = 'must be a time';
/** A time as a number of ms, or as `Date` reads it. */
const time = z.pipe(
  z.custom<number | string>((given) => ['number', 'string'].includes(typeof given) && toMs(given) >= 0, {
    error: TIME,
  }),
  z.transform((given: number | string) => toMs(given)),
);

function toMs(given: unknown): number {
  return new Date(given as number | string).getTime();
}

/** What was being delivered when a connection broke may be lost with it. */
const DOUBTFUL_MS = 30_000;

const resumption = z.object({ joined: places, heard: places, since: z.optional(time) }, { error: OBJECT });

function resume(dialect: Dialect): EventReader {
  return event(resumption, ({ joined = {}, heard = {}, since }) => ({
    verb: 'catch-up',
    // Who hears only what it has joined has missed nothing elsewhere.
    command: { joined, heard, ...(dialect.hears !== 'joined' && doubtfulFrom(since)) },
    acknowledge: (reply) => caughtUp(dialect, reply),
  }));
}

function doubtfulFrom(surelyThere: number | undefined): { readonly since?: number } {
  return surelyThere === undefined ? {} : { since: Math.max(0, surelyThere - DOUBTFUL_MS) };
}

/** As much as a frame holds; whoever is told of more asks again from the positions. */
function caughtUp(dialect: Dialect, { rooms, isComplete, at, device }: CaughtUp) {
  const events: Told[] = [];
  const positions: Record<string, number> = {};
  let [left, isAll] = [MOST_BYTES, true];
  for (const room of rooms) {
    const told = room.messages.map((message) => eventsOf(dialect, message, device));
    const { count, bytes } = thatFit(told, left, events.length === 0);
    const reached = count < told.length ? room.after + count : room.upTo;
    events.push(...told.slice(0, count).flat());
    positions[room.conversationId] = reached;
    left -= bytes;
    isAll &&= reached === room.lastSeq;
  }
  return {
    ok: true,
    events,
    positions,
    complete: isComplete,
    ...(!isAll && { more: true }),
    at: isoTime(at),
  };
}

/** An event as its frame has it. */
type Told = { readonly event: string; readonly offset: string } & (
  | { readonly data: unknown }
  | { readonly args: readonly unknown[] }
);

function eventsOf(dialect: Dialect, message: Message, device: CaughtUp['device']): readonly Told[] {
  const hasJoined = (room: string) => device.joined.includes(room);
  const viewer = { ...device, hasJoined, isIn: () => false };
  const events = render(dialect, { kind: 'message-published', message }, viewer);
  return events.map(({ name, args }) => {
    const said = args.length > 1 ? { args } : { data: args[0] };
    return { event: name, ...said, offset: message.id };
  });
}

const page = z
  .object(
    {
      conversationId: z.optional(id),
      bookingId: z.optional(id),
      userId: z.optional(id),
      before: z.optional(seq),
      limit: z.optional(limit),
    },
    { error: OBJECT },
  )
  .check(
    z.refine((given) => refsIn(given).length === 1, {
      error: 'must name one of conversationId, bookingId and userId',
    }),
  );

function history(dialect: Dialect): EventReader {
  return event(page, ({ before, limit: rows = PAGE, ...named }) => ({
    verb: 'read-before',
    command: { to: refIn(named), limit: rows, ...(before !== undefined && { before }) },
    acknowledge: (reply) => pagePayload(dialect, reply),
  }));
}

type Named = Pick<z.output<typeof page>, 'conversationId' | 'bookingId' | 'userId'>;

function refsIn({ conversationId, bookingId, userId }: Named): readonly string[] {
  return [conversationId, bookingId, userId].filter((one) => one !== undefined);
}

function refIn({ conversationId, bookingId = '', userId }: Named): ConversationRef {
  if (conversationId !== undefined) return { conversationId };
  return userId === undefined ? bookingRefOf(bookingId) : userRefOf(userId);
}

/** The newest of the page, as many as a frame holds. */
function pagePayload(dialect: Dialect, { messages, lastSeq, ...names }: ReplyOf<'read-before'>) {
  const shown = messages.map((message) => shownIn(dialect, message));
  const { count } = thatFit(shown.toReversed(), MOST_BYTES, true);
  const oldest = messages[messages.length - count]?.seq ?? 1;
  return { ok: true, ...names, messages: shown.slice(-count), lastSeq, hasMore: oldest > 1 };
}

/** A message as the dialect has it, and who has read it where the dialect does not say. */
function shownIn(dialect: Dialect, message: Message) {
  const data = dialect.message(message);
  const readBy = message.readBy.map(({ userId, readAt }) => ({ userId, readAt: isoTime(readAt) }));
  return { data, offset: message.id, ...('readBy' in Object(data) ? {} : { readBy }) };
}

/** How many of these, from the first on, fit into so many bytes; the first in any case, where one must. */
function thatFit(items: readonly unknown[], most: number, mustOne: boolean) {
  let [count, bytes] = [0, 0];
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item));
    if (bytes + size > most && (count > 0 || !mustOne)) break;
    count += 1;
    bytes += size;
  }
  return { count, bytes };
}
