import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { within } from '../../lambdas/aws/within.ts';

/** Nothing in this process happens for so long. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** An answer that is there, but takes some turns until it has been looked at. */
async function answered(signal: AbortSignal): Promise<string> {
  for (let turns = 0; turns < 5; turns += 1) {
    await turn();
    signal.throwIfAborted();
  }
  return 'answer';
}

/** What is never answered. */
function hangs(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('given up'))));
}

test('what is not answered is given up', async () => {
  await expect(within(20, hangs)).rejects.toThrow('given up');
});

test('an answer that came while the process stood still is taken', async () => {
  const request = within(50, answered);
  standStill(200);
  expect(await request).toBe('answer');
});

test('what fails has failed', async () => {
  await expect(within(50, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
});
