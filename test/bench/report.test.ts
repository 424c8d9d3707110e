import { expect, it } from 'vitest';
import { bundlesText, clientsText, countsText, startText } from '../../bench/report/sections.ts';
import { table } from '../../bench/report/table.ts';

const COST = { requests: 1, roundTrips: 1, writeUnits: 2, readUnits: 0.5, pushes: 0 };
const HEAD = { rows: 14, bytes: 2_700 };

it('columns are as wide as they need to be, numbers to the right', () => {
  expect(
    table(
      ['what', 'n'],
      [
        ['one', '1'],
        ['thirteen', '1300'],
      ],
    ),
  ).toBe(['what         n', '──────────────', 'one          1', 'thirteen  1300'].join('\n'));
});

it('what is over its budget is marked, and what has none is not', () => {
  const operations = [
    { operation: 'dear', ...COST, budget: { writeUnits: 1 } },
    { operation: 'cheap', ...COST, budget: { writeUnits: 2, readUnits: 1 } },
    { operation: 'free', ...COST },
  ];
  const [, , dear, cheap, free] = countsText(operations, HEAD).split('\n');
  expect(dear).toMatch(/^dear .*≤ 1 WRU +OVER$/);
  expect(cheap).toMatch(/^cheap .*≤ 2 WRU, 1 RRU +ok$/);
  expect(free).toMatch(/^free [ \d.]+$/);
});

it('a budget of round trips counts those before the push', () => {
  const late = { operation: 'late', ...COST, roundTripsBeforePush: 3, budget: { roundTripsBeforePush: 2 } };
  expect(countsText([late], HEAD)).toMatch(/OVER/);
});

it('a bundle shows its size, what it carries in vain and what dominates it', () => {
  const shares = [{ name: 'big', bytes: 300 * 1024 }];
  const text = bundlesText([{ entry: 'send', bytes: 401 * 1024, shares, foreign: ['jose'] }]);
  expect(text).toMatch(/send +401 +OVER +jose +big 300/);
});

it('a client shows what it is to load, beside the stock one', () => {
  const text = clientsText([
    { name: 'ours', bytes: 5_100 },
    { name: 'theirs', bytes: 13_100 },
  ]);
  expect(text).toMatch(/ours +5.1 +OVER\s+theirs +13.1/);
});

it('starting is judged by its median', () => {
  expect(startText({ times: [1_000, 2_000, 9_000], median: 2_000 })).toMatch(/2000 ms .*ok/);
  expect(startText({ times: [4_000], median: 4_000 })).toMatch(/OVER/);
});
