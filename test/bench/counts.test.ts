import { beforeAll, expect, it } from 'vitest';
import { type Counts, countOperations } from '../../bench/counting/count-operations.ts';
import { type Counted, isWithinBudget } from '../../bench/counting/tally.ts';
import type { DialectName } from '../../lambdas/core/connection.ts';
import { dialectNamed } from '../../lambdas/dialects/registry.ts';
import { freshTable } from '../support/table.ts';

/* The budgets of every operation, as counted against a real engine. */

/** Booking's events have rows of their own. */
const DIALECTS: readonly DialectName[] = ['conversation', 'direct', 'appointment', 'support'];

let counts: Counts;

beforeAll(async () => {
  counts = await countOperations(await freshTable());
}, 300_000);

function cost(operation: string): Counted {
  const found = counts.operations.find((one) => one.operation === operation);
  if (!found) throw new Error(`'${operation}' was not counted.`);
  return found;
}

it('every operation that has a budget keeps to it', () => {
  const over = counts.operations.filter((one) => isWithinBudget(one) === false);
  expect(over).toEqual([]);
});

it.each(['connect + join', 'send', 'send with clientMessageId', 'receipt for one message'])(
  'there is a budget for: %s',
  (operation) => {
    expect(isWithinBudget(cost(operation))).toBe(true);
  },
);

it('a send is one Query of the head, one put and the devices beside it, then the pushes', () => {
  expect(cost('send')).toMatchObject({ requests: 4, roundTrips: 2, writeUnits: 1, readUnits: 2, pushes: 3 });
});

it('a clientMessageId costs a write, and no round trip', () => {
  expect(cost('send with clientMessageId')).toMatchObject({ requests: 5, roundTrips: 2, writeUnits: 2 });
});

it('a repeat is answered after one round trip, and only to its sender', () => {
  expect(cost('send: a repeat')).toMatchObject({ roundTrips: 1, pushes: 1 });
});

it('the lists are told of activity only after the push', () => {
  const { roundTripsBeforePush, roundTrips } = cost(
    'send: the first in a minute, which the lists are told of',
  );
  expect(roundTripsBeforePush).toBe(2);
  expect(roundTrips).toBeGreaterThan(2);
});

it('a page deep in the history costs what the first does', () => {
  const { requests, readUnits } = cost('history, page 1 of 50 messages');
  expect(cost('history, page 50')).toMatchObject({ requests, readUnits });
});

it('a list of twenty reads each conversation once', () => {
  expect(cost('list of 20 own conversations').requests).toBeLessThanOrEqual(20 + 4);
});

it('the head of ten short messages is one read unit', () => {
  expect(counts.head.rows).toBe(14);
  expect(counts.head.bytes).toBeLessThanOrEqual(4096);
});

it.each(DIALECTS)('every event of %s is counted', (dialect) => {
  const events = Object.keys(dialectNamed(dialect).events).map((event) => `${dialect}: ${event}`);
  const counted = counts.operations.map(({ operation }) => operation);
  expect(events.filter((event) => !counted.includes(event))).toEqual([]);
});

it.each(['conversation: message:send', 'direct: send_message', 'appointment: message:send'])(
  'a message costs what it does in booking: %s',
  (operation) => {
    expect(cost(operation)).toMatchObject({ roundTripsBeforePush: 2, writeUnits: 1 });
  },
);

it('a message that lists are told of costs them one look more, once it was told', () => {
  expect(cost('support: send_message')).toMatchObject({ roundTripsBeforePush: 2, writeUnits: 1 });
  expect(cost('support: send_message').pushes).toBe(5);
});

it('a page of an inbox costs the same however long the inbox is', () => {
  const short = cost('list of a business’s 20 conversations');
  const long = cost('a business’s inbox of 5,000: 20 latest');
  expect(long.requests).toBeLessThanOrEqual(short.requests + 1);
  expect(long.readUnits).toBeLessThanOrEqual(short.readUnits + 1);
  const deep = cost('a business’s inbox of 5,000: page 10');
  expect(deep.requests).toBeLessThanOrEqual(short.requests + 1);
});

it('an unread count reads each conversation’s head, fifty at a time', () => {
  const { requests, roundTrips, readUnits } = cost('unread count in 500 conversations');
  expect(requests).toBeLessThanOrEqual(500 + 5);
  expect(roundTrips).toBeLessThanOrEqual(15);
  expect(readUnits).toBeLessThanOrEqual(520);
});
