import { beforeAll, describe, expect, it } from 'vitest';
import { type Counted, isWithinBudget } from '../../bench/counting/tally.ts';
import type { ConnectComparison } from '../../bench/socket-io/connect-time.ts';
import { countSockets, type SocketCounts } from '../../bench/socket-io/count-sockets.ts';
import { IDLE_BUDGET } from '../../bench/socket-io/idle-hour.ts';
import { socketIoText } from '../../bench/socket-io/socket-io-text.ts';
import { freshTable } from '../support/table.ts';

/* What Socket.IO's sessions cost, as counted with the unmodified client against a real engine. */

let counts: SocketCounts;

beforeAll(async () => {
  counts = await countSockets(await freshTable());
}, 120_000);

function cost(operation: string): Counted {
  const found = counts.operations.find((one) => one.operation === operation);
  if (!found) throw new Error(`'${operation}' was not counted.`);
  return found;
}

describe('the counts', () => {
  it('connecting and joining keep to their budget', () => {
    expect(cost('connect + join').budget).toEqual({ writeUnits: 5 });
    expect(isWithinBudget(cost('connect + join'))).toBe(true);
  });

  it.each(['send', 'upgraded: send'])('a warm one keeps to the budget of a send: %s', (operation) => {
    expect(cost(operation).budget).toEqual({ roundTripsBeforePush: 2, writeUnits: 1, readUnits: 2 });
    expect(isWithinBudget(cost(operation))).toBe(true);
  });

  it('a clientMessageId costs a write, and no round trip', () => {
    const { budget } = cost('send with clientMessageId');
    expect(budget).toEqual({ roundTripsBeforePush: 2, writeUnits: 2, readUnits: 2 });
    expect(isWithinBudget(cost('send with clientMessageId'))).toBe(true);
  });

  it('a function that does not know the session reads it first', () => {
    const { roundTripsBeforePush, readUnits } = cost('send: the first in a minute that this function hears');
    expect(roundTripsBeforePush).toBe(3);
    expect(readUnits).toBeGreaterThanOrEqual(cost('send').readUnits + 1);
  });

  it('an answer to a client that has upgraded takes no way round by its mailbox', () => {
    expect(cost('upgraded: an answer, and nothing else').writeUnits).toBe(0);
  });

  it('an idle connection keeps to its frames, half of which are pongs', () => {
    const { down, up } = counts.idle;
    expect(down).toBeGreaterThanOrEqual(6);
    expect(up).toBe(down);
    expect(down + up).toBeLessThanOrEqual(IDLE_BUDGET);
  });

  it('a sweep reads, and a ping with its pong writes once', () => {
    // Four for the sessions of the minute, and eight for the statistics.
    expect(cost('sweep: nobody is due')).toMatchObject({ requests: 12, writeUnits: 0, pushes: 0 });
    expect(cost('ping + pong, with the sweep of its minute')).toMatchObject({ writeUnits: 1, pushes: 1 });
  });

  it('a lost connection that comes back is told of three messages, and nothing of them is written', () => {
    const { pushes, writeUnits } = cost('recover: connect with 3 missed messages');
    expect(pushes).toBe(5);
    expect(writeUnits).toBeLessThanOrEqual(cost('connect').writeUnits + 6);
    // One of them so that its user is counted as online while the connection may come back.
    expect(cost('connection lost: kept for recovery').writeUnits).toBeLessThanOrEqual(4);
  });

  it('a poll that waits in vain writes twice, and looks less and less often', () => {
    const { writeUnits, readUnits } = cost('polling: 20 s without mail');
    expect(writeUnits).toBe(2);
    expect(readUnits).toBeLessThanOrEqual(60);
    expect(readUnits).toBeGreaterThan(20);
  });

  it('a frame for one on HTTP long-polling is one write more than for one on a WebSocket', () => {
    expect(cost('polling: somebody else sends').writeUnits).toBe(cost('send').writeUnits + 1);
    expect(cost('polling: a poll with mail')).toMatchObject({ writeUnits: 3, pushes: 0 });
  });

  it.each(['polling: connect', 'polling: join', 'polling: upgrade to a WebSocket', 'disconnect'])(
    'is counted: %s',
    (operation) => {
      expect(cost(operation).writeUnits).toBeGreaterThan(0);
    },
  );
});

describe('the text', () => {
  const connects: readonly ConnectComparison[] = [
    { kind: 'WebSocket alone: until connect', ours: 30, theirs: 10, ratio: 3 },
  ];
  const results = {
    connects,
    operations: [],
    stockHeartbeat: { pingIntervalMs: 25_000, frames: { down: 144, up: 144 } },
  };

  it('shows both systems and their ratio', () => {
    const text = socketIoText({ ...results, idle: { down: 7, up: 7 } });
    expect(text).toMatch(/WebSocket alone: until connect +30\.0 +10\.0 +3\.00/);
  });

  it.each([
    [7, 'ok'],
    [8, 'OVER'],
  ])('judges an idle hour of %i frames each way: %s', (frames, verdict) => {
    const text = socketIoText({ ...results, idle: { down: frames, up: frames } });
    expect(text).toMatch(new RegExp(`${frames} frames down \\+ ${frames} up \\(≤ 14 frames: ${verdict}\\)`));
    expect(text).toContain('every 25 s: 144 frames down + 144 up');
  });
});
