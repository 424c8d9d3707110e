/** How much of everything, and for how long: so a connection is bounded, whatever comes. Times are in ms. */

/** An attempt to connect, or an answer. */
export const TIMEOUT_MS = 20_000;
/** Often enough to notice that the machine has slept, rare enough for a tab in the background. */
export const TICK_MS = 60_000;
/** API Gateway ends a connection on which nothing was said for 10 min. */
export const QUIET_MS = 540_000;
/** API Gateway ends a connection after 2 h; clients that came together need not go together: from 105 min to 115 min. */
export const REPLACE_MS = 6_300_000;
export const REPLACE_SPREAD_MS = 600_000;
export const REPLACE_AGAIN_MS = 60_000;
/** An answer may be on its way still to a link that is replaced, or an event that was not told to the new one. */
export const DRAIN_MS = 20_000;
/** So long before its end a token is renewed. */
export const RENEW_AHEAD_MS = 60_000;
/** Messages may be posted in another order than they were stored, within about a second. */
export const HOLE_MS = 1_000;
/** Longer timers fire at once: https://developer.mozilla.org/en-US/docs/Web/API/Window/setTimeout */
export const LONGEST_MS = 2_147_483_647;

/** What waits to be said. */
export const MOST_WAITING = 1_000;
/** API Gateway ends a connection at a frame of more than 32 KB, which would be sent again on the next one. */
export const MOST_BYTES = 31_000;
/** Events that nobody listens to yet. */
export const MOST_UNHEARD = 1_000;
/** Messages that wait for one that is missing. */
export const MOST_HELD = 500;
/** So far back a message may be told late, or twice; each may make several events. */
export const REMEMBERED = 64;
export const MOST_TOLD = 256;
/** Conversations of which something is known. */
export const MOST_LOGS = 1_000;
/** Texts by which two links are compared. */
export const MOST_TEXTS = 1_000;
/** Conversations that may be named at once when a device comes back. */
export const MOST_NAMED = 100;
/** Far more answers than it takes to tell all that is told of all the rooms that a device may be in. */
export const MOST_ANSWERS = 50;
