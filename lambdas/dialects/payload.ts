import * as z from 'zod/mini';
import { Fault } from '../core/fault.ts';

/** The building blocks of every payload (RULINGS §1 “Content”). */

const ID_MAX = 128;
const CONTENT_MAX = 2000;
const CLIENT_MESSAGE_ID_MAX = 64;
const MESSAGE_IDS_MAX = 100;

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

/** A message's text: 1 to 2000 characters (code points) once trimmed, which is how it is kept. */
export const content = z.pipe(
  z.string({ error: 'must be a string' }).check(
    z.refine(isWellFormed, { error: 'must be well-formed Unicode' }),
    z.refine((text) => !CONTROL_IN_TEXT.test(text.replaceAll('\r\n', '\n').trim()), {
      error: 'must not contain control characters',
    }),
    z.refine(hasContentLength, { error: `must have 1 to ${CONTENT_MAX} characters` }),
  ),
  z.transform((text: string) => text.trim()),
);

/** The sender's own name for a message, by which a retry is recognised. */
export const clientMessageId = z.string({ error: 'must be a string' }).check(
  z.refine((text) => text.length > 0 && text.length <= CLIENT_MESSAGE_ID_MAX, {
    error: `must have 1 to ${CLIENT_MESSAGE_ID_MAX} characters`,
  }),
  z.refine((text) => isWellFormed(text) && !CONTROL.test(text), { error: 'must be plain Unicode text' }),
);

/** 1 to 100 message ids. */
export const messageIds = z.array(id, { error: 'must be a list of message ids' }).check(
  z.refine((ids) => ids.length > 0 && ids.length <= MESSAGE_IDS_MAX, {
    error: `must hold 1 to ${MESSAGE_IDS_MAX} ids`,
  }),
);

const token = z.string().check(z.minLength(1));
const authenticate = z.union([token, z.object({ token })]);

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

/** Lone surrogates would be stored as something else. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

function hasContentLength(text: string): boolean {
  const trimmed = text.trim();
  // A code point has at most two UTF-16 units: no need to count what is far too long.
  return trimmed.length > 0 && trimmed.length <= 2 * CONTENT_MAX && [...trimmed].length <= CONTENT_MAX;
}
