import * as z from 'zod/mini';
import type { ConversationRef } from '../core/commands.ts';
import { Fault } from '../core/fault.ts';
import { isConversationId } from '../core/ids.ts';

/** The building blocks of every payload (RULINGS §1 “Content”). */

const ID_MAX = 128;
const CONTENT_MAX = 2000;
const CLIENT_MESSAGE_ID_MAX = 64;
const MESSAGE_IDS_MAX = 100;
const USER_IDS_MAX = 100;
const EMOJI_MAX = 32;
const TITLE_MAX = 256;
const PAGE_MAX = 1_000_000;
const LIMIT_MAX = 100;

/** What is said of a payload that is none. */
export const OBJECT = 'must be an object';

/** What is said of a text that is too short or too long. */
export const CONTENT_LENGTH = `must have 1 to ${CONTENT_MAX} characters`;

// Control characters (Cc), without tab and newline where text may hold them.
const CONTROL = /\p{Cc}/u;
const CONTROL_IN_TEXT = /(?![\t\n])\p{Cc}/u;

/** An opaque id: 1 to 128 characters, well-formed, no control characters. */
export const id = z.string({ error: 'must be a string' }).check(
  z.refine((text) => text.length > 0 && text.length <= ID_MAX, {
    error: `must have 1 to ${ID_MAX} characters`,
  }),
  z.refine((text) => isWellFormed(text) && !CONTROL.test(text), { error: 'must be plain Unicode text' }),
);

/** Text of at most 2000 characters (code points) once trimmed. */
const text = z.string({ error: 'must be a string' }).check(
  z.refine(isWellFormed, { error: 'must be well-formed Unicode' }),
  z.refine((given) => !CONTROL_IN_TEXT.test(given.replaceAll('\r\n', '\n').trim()), {
    error: 'must not contain control characters',
  }),
  z.refine(isShortEnough, { error: CONTENT_LENGTH }),
);

/** A message's text: 1 to 2000 characters (code points) once trimmed, which is how it is kept. */
export const content = z.pipe(
  text.check(z.refine((given) => given.trim() !== '', { error: CONTENT_LENGTH })),
  z.transform((given: string) => given.trim()),
);

/** The sender's own name for a message, by which a retry is recognised. */
export const clientMessageId = z.string({ error: 'must be a string' }).check(
  z.refine((text) => text.length > 0 && text.length <= CLIENT_MESSAGE_ID_MAX, {
    error: `must have 1 to ${CLIENT_MESSAGE_ID_MAX} characters`,
  }),
  z.refine((text) => isWellFormed(text) && !CONTROL.test(text), { error: 'must be plain Unicode text' }),
);

/** The same, or nothing: what stands beside attachments. */
export const optionalContent = z.pipe(
  z.optional(text),
  z.transform((given: string | undefined) => given?.trim() ?? ''),
);

/** One line of at most so many characters. */
export function line(most: number) {
  return z.string({ error: 'must be a string' }).check(
    z.refine((text) => text.trim() !== '' && text.length <= most, {
      error: `must have 1 to ${most} characters`,
    }),
    z.refine((text) => isWellFormed(text) && !CONTROL.test(text), { error: 'must be plain Unicode text' }),
  );
}

export const title = line(TITLE_MAX);
export const status = z.enum(['active', 'archived', 'closed'], {
  error: "must be 'active', 'archived' or 'closed'",
});

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** The same without the optional fields that are not there. */
export function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}

/** Any JSON that takes at most so many bytes. */
export function json(mostBytes: number) {
  return z.unknown().check(
    z.refine((value) => value === undefined || bytesOf(value) <= mostBytes, {
      error: `must take at most ${mostBytes} bytes as JSON`,
    }),
  );
}

/** What a user reacts with: an emoji, or a short word in its place. */
export const emoji = line(EMOJI_MAX);

/** A boolean, and nothing that may be taken for one. */
export const flag = z.boolean({ error: 'must be true or false' });

const SEQ_MAX = 999_999_999_999;

/** A place in a conversation's log, or the one before the first. */
export const seq = z
  .number({ error: 'must be a place' })
  .check(z.refine(isSeq, { error: 'must be a place' }));

/** Whether it is such a place. */
export function isSeq(given: unknown): boolean {
  return Number.isInteger(given) && Number(given) >= 0 && Number(given) <= SEQ_MAX;
}

/** From 1. */
export const page = wholeNumber(PAGE_MAX);
/** Rows of a page: 1 to 100. */
export const limit = wholeNumber(LIMIT_MAX);

function wholeNumber(most: number) {
  const error = `must be 1 to ${most}`;
  return z
    .number({ error })
    .check(z.refine((number) => Number.isInteger(number) && number >= 1 && number <= most, { error }));
}

/**
 * A booking's id, or that of a conversation that may have no booking: an id in the form of a conversation's is first
 * taken for one.
 */
export function bookingRefOf(text: string): ConversationRef {
  return isConversationId(text) ? { conversationId: text, bookingId: text } : { bookingId: text };
}

/** A user's id, or in its place that of a conversation with more than that user in it, in the same way. */
export function userRefOf(text: string): ConversationRef {
  return isConversationId(text) ? { conversationId: text, userId: text } : { userId: text };
}

/** One id as the whole payload: as it is, or in an object under its name (RULINGS §1 “Unknown events”). */
export function idOrObject<Name extends string>(name: Name, what: string) {
  type Named = Readonly<Record<Name, string>>;
  const object = z.object({ [name]: id }) as z.ZodMiniType as z.ZodMiniType<Named, Named>;
  return z.pipe(
    z.union([id, object], { error: `must be a ${what} id` }),
    z.transform((given: string | Named) => (typeof given === 'string' ? given : given[name])),
  );
}

/** There is no payload: what comes along is passed over. */
export const nothing = z.custom<undefined>();

/** 1 to 100 message ids. */
export const messageIds = z.array(id, { error: 'must be a list of message ids' }).check(
  z.refine((ids) => ids.length > 0 && ids.length <= MESSAGE_IDS_MAX, {
    error: `must hold 1 to ${MESSAGE_IDS_MAX} ids`,
  }),
);

/** At most 100 users. */
export const userIds = z
  .array(id, { error: 'must be a list of user ids' })
  .check(z.refine((ids) => ids.length <= USER_IDS_MAX, { error: `must hold at most ${USER_IDS_MAX} ids` }));

const token = z.string().check(z.minLength(1));
/** What `authenticate` carries. */
export const authenticate = z.union([token, z.object({ token })]);

/**
 * The token of an `authenticate` event, which every dialect speaks: a string or `{token}`.
 *
 * @throws Fault `payload-invalid`.
 */
export function tokenPayload([payload]: readonly unknown[]): string {
  const parsed = authenticate.safeParse(payload);
  if (!parsed.success) throw new Fault('payload-invalid', 'must be a token');
  return typeof parsed.data === 'string' ? parsed.data : parsed.data.token;
}

function bytesOf(value: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(value));
  } catch {
    // Nested so deeply that it cannot be written as it was read.
    return Number.POSITIVE_INFINITY;
  }
}

/** Lone surrogates would be stored as something else. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

function isShortEnough(text: string): boolean {
  const trimmed = text.trim();
  // A code point has at most two UTF-16 units: no need to count what is far too long.
  return trimmed.length <= 2 * CONTENT_MAX && [...trimmed].length <= CONTENT_MAX;
}
