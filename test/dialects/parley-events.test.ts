import { describe, expect, test } from 'vitest';
import type { CaughtUp } from '../../lambdas/core/catch-up.ts';
import type { Message } from '../../lambdas/core/conversation.ts';
import { appointment } from '../../lambdas/dialects/appointment.ts';
import { booking } from '../../lambdas/dialects/booking.ts';
import { conversation } from '../../lambdas/dialects/conversation.ts';
import type { Dialect } from '../../lambdas/dialects/dialect.ts';
import { direct } from '../../lambdas/dialects/direct.ts';
import { parleyEvent } from '../../lambdas/dialects/parley-events.ts';
import { support } from '../../lambdas/dialects/support.ts';
import { message, pair } from './scene.ts';

const DIALECTS = [booking, conversation, direct, appointment, support];
const ID = pair.id;
const KIB = 1024;

const read = (dialect: Dialect, name: string, payload: unknown) => parleyEvent(dialect, name)?.([payload]);

/** What is told of the verb's reply. */
function tell(dialect: Dialect, name: string, payload: unknown, reply: unknown): unknown {
  const acknowledge = read(dialect, name, payload)?.acknowledge as ((reply: unknown) => unknown) | undefined;
  return acknowledge?.(reply);
}

const saying = (seq: number, content = 'hello'): Message => ({
  ...message,
  id: `${ID}.${seq}`,
  seq,
  content,
});
const several = (from: number, to: number, content?: string) =>
  Array.from({ length: to - from + 1 }, (_, index) => saying(from + index, content));

const device = { userId: 'ben', connectionId: 'x=', joined: [ID] };
const caughtUp = (more: Partial<CaughtUp> = {}): CaughtUp => ({
  rooms: [{ conversationId: ID, after: 1, messages: several(2, 3), upTo: 3, lastSeq: 3 }],
  isComplete: true,
  at: 0,
  device,
  ...more,
});

test('no dialect has an event of such a name', () => {
  for (const { events, emits } of DIALECTS)
    expect(
      [...Object.keys(events), ...emits].filter((name) => name.startsWith('parley:') || name === 'ping'),
    ).toEqual([]);
});

describe('parley:resume', () => {
  test('names places, and since when something may have been missed where that can be', () => {
    const payload = { joined: { [ID]: 7 }, heard: { [ID]: 0 }, since: '2026-01-01T00:00:00.000Z' };
    // What was on its way when it was there for the last time may be lost.
    const since = Date.parse(payload.since) - 30_000;
    expect(read(direct, 'parley:resume', payload)).toMatchObject({
      verb: 'catch-up',
      command: { joined: { [ID]: 7 }, heard: { [ID]: 0 }, since },
    });
    expect(read(direct, 'parley:resume', { since: 5 })?.command).toEqual({ joined: {}, heard: {}, since: 0 });
    expect(read(booking, 'parley:resume', payload)?.command).toEqual({
      joined: { [ID]: 7 },
      heard: { [ID]: 0 },
    });
    expect(read(booking, 'parley:resume', {})?.command).toEqual({ joined: {}, heard: {} });
  });

  test.each(DIALECTS.map((dialect) => [dialect.name, dialect] as const))(
    'tells of messages in the words of %s, each with its place',
    (_, dialect) => {
      const told = tell(dialect, 'parley:resume', {}, caughtUp()) as {
        events: { event: string; offset: string }[];
      };
      expect(told).toMatchObject({ ok: true, positions: { [ID]: 3 }, complete: true });
      expect(told).not.toHaveProperty('more');
      expect(new Set(told.events.map(({ event }) => event))).toEqual(new Set(HEARD[dialect.name]));
      expect([...new Set(told.events.map(({ offset }) => offset))]).toEqual([`${ID}.2`, `${ID}.3`]);
    },
  );

  test('tells whoever has not joined what is told outside', () => {
    const outside = { ...device, joined: [] };
    const told = tell(conversation, 'parley:resume', {}, caughtUp({ device: outside }));
    expect(told).toMatchObject({ events: [{ event: 'notification:new', data: {}, offset: `${ID}.2` }, {}] });
  });

  test('tells as much as a frame holds, and one message in any case', () => {
    const long = '€'.repeat(2_000);
    const room = { conversationId: ID, after: 0, messages: several(1, 50, long), upTo: 50, lastSeq: 50 };
    const told = tell(booking, 'parley:resume', {}, caughtUp({ rooms: [room] }));
    expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThan(100 * KIB);
    const { events, positions } = told as { events: unknown[]; positions: Record<string, number> };
    expect(told).toMatchObject({ more: true, positions: { [ID]: events.length } });
    expect(positions[ID]).toBeGreaterThan(10);
    const huge = { ...room, messages: several(1, 3, '€'.repeat(60_000)) };
    expect(tell(booking, 'parley:resume', {}, caughtUp({ rooms: [huge] }))).toMatchObject({
      events: [{ offset: `${ID}.1` }],
      positions: { [ID]: 1 },
      more: true,
    });
  });

  test('says that there is more where not all was read, and that there was too much', () => {
    const [room] = caughtUp().rooms;
    expect(
      tell(booking, 'parley:resume', {}, caughtUp({ rooms: [{ ...room, lastSeq: 9 } as never] })),
    ).toMatchObject({ more: true, positions: { [ID]: 3 } });
    expect(tell(booking, 'parley:resume', {}, caughtUp({ isComplete: false }))).toMatchObject({
      complete: false,
    });
  });

  test.each([
    [undefined],
    [null],
    [[]],
    [7],
    ['x'],
    [{ joined: [] }],
    [{ joined: null }],
    [{ joined: { nonsense: 1 } }],
    [{ joined: { [ID]: -1 } }],
    [{ joined: { [ID]: 1.5 } }],
    [{ joined: { [ID]: '1' } }],
    [{ joined: { [ID]: 1e300 } }],
    [{ joined: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [ID.slice(0, -3) + (100 + n), 1])) }],
    [{ heard: { x: 1 } }],
    [{ since: 'yesterday' }],
    [{ since: -1 }],
    [{ since: Number.NaN }],
    [{ since: {} }],
  ])('%j is refused', (payload) => {
    expect(() => read(direct, 'parley:resume', payload)).toThrow(/^Invalid payload: .{5,80}$/);
  });
});

const HEARD: Readonly<Record<string, readonly string[]>> = {
  booking: ['newMessage'],
  conversation: ['message:new'],
  direct: ['receive_message', 'message_notification'],
  appointment: ['message:received'],
  support: ['new_message'],
};

describe('parley:history', () => {
  test('names a conversation in one of three ways, and a page of it', () => {
    const commandOf = (payload: unknown) => read(booking, 'parley:history', payload)?.command;
    expect(commandOf({ conversationId: ID })).toEqual({ to: { conversationId: ID }, limit: 50 });
    expect(commandOf({ bookingId: 'b', before: 9, limit: 100 })).toEqual({
      to: { bookingId: 'b' },
      before: 9,
      limit: 100,
    });
    expect(commandOf({ userId: ID })).toEqual({ to: { userId: ID, conversationId: ID }, limit: 50 });
  });

  test.each(DIALECTS.map((dialect) => [dialect.name, dialect] as const))(
    'shows messages as %s does, and who has read them',
    (_, dialect) => {
      const readBy = [{ userId: 'ben', readAt: 1 }];
      const messages = several(2, 3).map((one) => ({ ...one, readBy }));
      const saysReaders = dialect === conversation || dialect === support;
      const beside = saysReaders ? {} : { readBy: [{ userId: 'ben', readAt: '1970-01-01T00:00:00.001Z' }] };
      const reply = { conversationId: ID, messages, lastSeq: 5 };
      expect(tell(dialect, 'parley:history', { userId: 'ann' }, reply)).toEqual({
        ok: true,
        conversationId: ID,
        messages: messages.map((one) => ({ data: dialect.message(one), offset: one.id, ...beside })),
        lastSeq: 5,
        hasMore: true,
      });
    },
  );

  test('shows the newest that a frame holds, and says whether there are older ones', () => {
    const page = (messages: readonly Message[]) =>
      tell(booking, 'parley:history', { bookingId: 'b' }, { conversationId: ID, messages, lastSeq: 100 }) as {
        messages: { offset: string }[];
        hasMore: boolean;
      };
    const long = page(several(1, 100, '€'.repeat(2_000)));
    expect(Buffer.byteLength(JSON.stringify(long))).toBeLessThan(100 * KIB);
    expect(long.messages.at(-1)?.offset).toBe(`${ID}.100`);
    expect(long.hasMore).toBe(true);
    expect(page(several(1, 9))).toMatchObject({ hasMore: false });
    expect(page([])).toMatchObject({ messages: [], hasMore: false });
    expect(page(several(1, 2, '€'.repeat(60_000))).messages).toHaveLength(1);
  });

  test.each([
    [undefined],
    [{}],
    ['x'],
    [{ conversationId: 'x', bookingId: 'x' }],
    [{ conversationId: '' }],
    [{ userId: 7 }],
    [{ bookingId: 'b', before: -1 }],
    [{ bookingId: 'b', before: '1' }],
    [{ bookingId: 'b', limit: 0 }],
    [{ bookingId: 'b', limit: 101 }],
  ])('%j is refused', (payload) => {
    expect(() => read(booking, 'parley:history', payload)).toThrow(/^Invalid payload: .{5,80}$/);
  });
});
