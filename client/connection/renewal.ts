import type { Timers } from './timers.ts';

/** So long before its end a token is renewed. */
const AHEAD_MS = 60_000;
const LEAST_PAUSE_MS = 1_000;

/**
 * Renews a token before it expires, and tries again, more and more often, as long as the old one holds.
 *
 * @param holdsMs how long the token holds still.
 * @param renew tells how long the new token holds (ms); undefined where there is none, or it was refused.
 */
export function keepRenewed(timers: Timers, holdsMs: number, renew: () => Promise<number | undefined>): void {
  const pauseMs = holdsMs > 2 * AHEAD_MS ? holdsMs - AHEAD_MS : holdsMs / 2;
  if (pauseMs < LEAST_PAUSE_MS) return;
  const again = (renewedMs?: number) => keepRenewed(timers, renewedMs ?? holdsMs - pauseMs, renew);
  timers.set('renew', pauseMs, () => void renew().then(again, () => again()));
}
