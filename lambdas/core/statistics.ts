/** How much there is: conversations, those that were withdrawn too, and messages, those that were deleted too. */
export type Totals = { readonly conversations: number; readonly messages: number };

/**
 * The books on how much there is. Nothing is written for a message: a conversation is noted when it is opened, and when the
 * lists are told of its activity, and what it has grown by is entered some time after.
 */
export interface Statistics {
  /** What there is, what is not entered yet included; that of the 1,000 conversations that come first, if there are more. */
  totals(): Promise<Totals>;
  /** Enters what the conversations that were last noted by then (ms) have grown by. Safe to repeat, and to be done by two. */
  settle(until: number): Promise<void>;
}

/**
 * How long after a conversation was noted its growth is entered, in ms: by then every message that did not have it noted
 * anew is stored. That is a minute, and as long as a function may take.
 */
export const SETTLES_AFTER_MS = 90_000;
