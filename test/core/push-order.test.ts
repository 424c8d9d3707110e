import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LONGEST_WAIT_MS, pushedAt } from '../../lambdas/core/push-order.ts';
import { entryAt } from '../contracts/fixture.ts';

/** When the messages of a log are pushed that were stored so long after each other. */
function pushesOf(gaps: readonly number[]): readonly number[] {
  let createdAt = 0;
  const entries = gaps.map((gap, index) => {
    createdAt += gap;
    return entryAt(index + 1, 'ann', { createdAt });
  });
  return entries.map((entry, index) => pushedAt(entry, entries.slice(0, index).toReversed()));
}

describe('a message', () => {
  test('that follows no other closely is pushed when it is stored', () => {
    expect(pushesOf([1_000])).toEqual([1_000]);
    expect(pushesOf([0, 150, 150])).toEqual([0, 150, 300]);
  });

  test('is pushed apart from the one before it, though that had to wait itself', () => {
    expect(pushesOf([0, 5, 5, 5])).toEqual([0, 150, 300, 450]);
  });

  test('is never pushed before the one that it follows, nor longer after it was stored than a burst of ten takes', () => {
    const property = fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 60 }), (gaps) => {
      const pushes = pushesOf(gaps);
      const stored = gaps.map((_, index) => gaps.slice(0, index + 1).reduce((sum, gap) => sum + gap, 0));
      for (const [index, at] of pushes.entries()) {
        expect(at).toBeGreaterThanOrEqual(pushes[index - 1] ?? 0);
        expect(at - (stored[index] ?? 0)).toBeGreaterThanOrEqual(0);
        expect(at - (stored[index] ?? 0)).toBeLessThanOrEqual(LONGEST_WAIT_MS);
      }
    });
    fc.assert(property);
  });

  test.each([1, 5, 10])('of a burst of %s stays apart from all that were said with it', (others) => {
    const pushes = pushesOf([1_000, ...Array.from({ length: others }, () => 1)]);
    const gaps = pushes.slice(1).map((at, index) => at - (pushes[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(150);
  });
});
