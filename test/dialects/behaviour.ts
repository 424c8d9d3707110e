import { describe, expect, test } from 'vitest';
import { Fault, toFault } from '../../lambdas/core/fault.ts';
import { type Dialect, render } from '../../lambdas/dialects/dialect.ts';
import { dialectNamed } from '../../lambdas/dialects/registry.ts';
import type { Vectors } from './vectors.ts';

/** What is true of a dialect by its vectors. */
export function speaks(dialect: Dialect, vectors: Vectors): void {
  const { greeting, inbound, outbound, refusals, connectErrors, bad } = vectors;

  test('the registry knows the dialect by its name', () => {
    expect(dialectNamed(dialect.name)).toBe(dialect);
  });

  test('a device that has connected is told what it is to be told then', () => {
    if (greeting) expect(dialect.greeting?.(greeting.greeting)).toStrictEqual(greeting.events);
    else expect(dialect.greeting).toBeUndefined();
  });

  describe('inbound', () => {
    test.each(inbound)('$name', ({ event, args, verb, command, reply, acknowledgement, answer }) => {
      const request = dialect.events.get(event)?.(args);
      expect(request).toMatchObject({ verb });
      expect(request?.command).toStrictEqual(command);
      const tell = <Said>(how: unknown) => (how as ((reply: unknown) => Said) | undefined)?.(reply);
      expect(tell(request?.acknowledge)).toStrictEqual(acknowledgement);
      expect(tell(request?.answer)).toStrictEqual(answer);
    });

    test('is every event there is a vector for, and no other', () => {
      expect(new Set(dialect.events.keys())).toEqual(new Set(inbound.map(({ event }) => event)));
    });

    test('refuses what has something wrong, and says what', () => {
      for (const { action, data, what } of bad) {
        const read = () => dialect.events.get(action)?.([data]);
        expect(read, what).toThrow(Fault);
        expect(read, what).toThrow(/^Invalid payload: .{5,80}$/);
      }
    });
  });

  describe('outbound', () => {
    test.each(outbound)('$name', ({ signal, viewer, events }) => {
      const { userId, connectionId = 'x=', joined = [], rooms = [] } = viewer;
      const seen = {
        ...{ userId, connectionId },
        hasJoined: (id: string) => joined.includes(id),
        isIn: (room: string) => rooms.includes(room),
      };
      expect(render(dialect, signal, seen)).toStrictEqual(events);
    });

    test('is every kind of signal there is a vector for', () => {
      const spoken = new Set(outbound.map(({ signal }) => signal.kind));
      expect(new Set(Object.keys(dialect.signals))).toEqual(spoken);
    });

    test('says nothing but what it says that it emits', () => {
      const own = outbound.filter(({ signal }) => signal.kind !== 'custom-event');
      const answers = [...(greeting?.events ?? []), ...inbound.flatMap(({ answer = [] }) => answer)];
      const said = new Set([...own.flatMap(({ events }) => events), ...answers].map(({ name }) => name));
      expect(dialect.emits).toEqual(expect.arrayContaining([...said]));
    });
  });

  describe('refusals', () => {
    test.each(refusals)('$reason', ({ reason, event = 'some event', refusal }) => {
      expect(dialect.refusal(new Fault(reason), event)).toStrictEqual(refusal);
    });

    test('never show what went wrong inside', () => {
      const { message } = dialect.refusal(toFault(new Error('the table is on fire')), 'some event');
      expect(message).toBe('Internal error');
    });

    test.each(connectErrors)('of a connection: %s', (reason, message) => {
      expect(dialect.connectError(new Fault(reason))).toBe(message);
    });
  });
}
