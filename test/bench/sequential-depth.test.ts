import { expect, it } from 'vitest';
import { sequentialDepth } from '../../bench/counting/sequential-depth.ts';

const span = (begin: number, end: number) => ({ begin, end });

it.each([
  ['nothing is no depth', [], 0],
  ['one after the other count each', [span(1, 2), span(3, 4), span(5, 6)], 3],
  ['at the same time count once', [span(1, 4), span(2, 5), span(3, 6)], 1],
  ['two beside one long one are two', [span(1, 10), span(2, 3), span(4, 5)], 2],
  ['the order in which they are told does not matter', [span(5, 6), span(1, 2)], 2],
])('%s', (_, spans, depth) => {
  expect(sequentialDepth(spans)).toBe(depth);
});
