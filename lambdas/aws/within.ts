/** A request is given up after so many looks at the clock. */
const LOOKS = 10;

/**
 * Gives a request up that takes longer than `ms` of the time in which this process runs. A function is frozen between
 * two invocations, and a busy machine stands still for seconds: a single timer that fell due meanwhile would go off
 * before an answer that has long been there is looked at.
 */
export async function within<Result>(
  ms: number,
  request: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const giveUp = new AbortController();
  let left = LOOKS;
  const looking = setInterval(() => {
    left -= 1;
    if (left === 0) giveUp.abort();
  }, ms / LOOKS);
  try {
    return await request(giveUp.signal);
  } finally {
    clearInterval(looking);
  }
}
