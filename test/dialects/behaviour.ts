import { describe, expect, test } from 'vitest';
import { jsonSchemaOf } from '../../docs/reference/json-schema.ts';
import { Fault, toFault } from '../../lambdas/core/fault.ts';
import { type Dialect, type EventReader, readerOf, render } from '../../lambdas/dialects/dialect.ts';
import { dialectNamed } from '../../lambdas/dialects/registry.ts';
import { FORGED } from '../support/bad-payloads.ts';
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
      const request = readerOf(dialect, event)?.(args);
      expect(request).toMatchObject({ verb });
      expect(request?.command).toStrictEqual(command);
      const tell = <Said>(how: unknown) => (how as ((reply: unknown) => Said) | undefined)?.(reply);
      expect(tell(request?.acknowledge)).toStrictEqual(acknowledgement);
      expect(tell(request?.answer)).toStrictEqual(answer);
    });

    test('is every event there is a vector for, and no other', () => {
      expect(new Set(Object.keys(dialect.events))).toEqual(new Set(inbound.map(({ event }) => event)));
    });

    test('refuses what has something wrong, and says what', () => {
      for (const { action, data, what } of bad) {
        const read = () => readerOf(dialect, action)?.([data]);
        expect(read, what).toThrow(Fault);
        expect(read, what).toThrow(/^Invalid payload: .{5,80}$/);
      }
    });
  });

  describe('what may be wrong', () => {
    const payloads = Object.entries(dialect.events).map(([event, { schema }]) => ({
      event,
      fields: fieldsOf(schema),
    }));

    test.each(payloads.filter(({ fields }) => fields.length > 0))(
      'is tried in every field of $event',
      ({ event, fields }) => {
        const tried = bad.filter(({ action }) => action === event).flatMap(({ data }) => keysOf(data));
        // What reads the inbox is the same in every dialect, and tried in one.
        if (event !== 'notification:read') expect(tried).toEqual(expect.arrayContaining([...fields]));
      },
    );

    test('is not taken from a client where it is the server’s to say', () => {
      for (const { name, event, args, command } of inbound) {
        const [payload] = args;
        if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) continue;
        const forged = readerOf(dialect, event)?.([{ ...FORGED, ...payload }]);
        expect(forged?.command, name).toStrictEqual(command);
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

/** The fields of a payload: of its object, where it may be one. */
function fieldsOf(schema: EventReader['schema']): readonly string[] {
  const { properties, anyOf = [] } = jsonSchemaOf(schema) as Shape;
  const shapes = [{ properties }, ...anyOf];
  return shapes.flatMap((shape) => Object.keys(shape.properties ?? {}));
}

type Shape = { readonly properties?: object; readonly anyOf?: readonly Shape[] };

function keysOf(data: unknown): readonly string[] {
  return typeof data === 'object' && data !== null ? Object.keys(data) : [];
}
