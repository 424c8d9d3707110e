/** How long to wait before the next attempt to connect, in ms. */
export type Backoff = {
  /** Before the first. @default 1_000 */
  readonly min: number;
  /** Before any. @default 5_000 */
  readonly max: number;
  /** By which part of it a pause may be shorter or longer, from 0 to 1. @default 0.5 */
  readonly jitter: number;
};

/** The pause before an attempt, the first being 1: growing, and different for each of many clients. */
export function pauseBefore(attempt: number, { min, max, jitter }: Backoff, random: () => number): number {
  const pause = Math.min(min * 2 ** (attempt - 1), max);
  return Math.min(pause * (1 + jitter * (2 * random() - 1)), max);
}
