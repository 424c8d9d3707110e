import { describe, expect, test } from 'vitest';
import { Fault, toFault } from '../../lambdas/core/fault.ts';
import { booking } from '../../lambdas/dialects/booking.ts';
import { render } from '../../lambdas/dialects/dialect.ts';
import { dialectNamed } from '../../lambdas/dialects/registry.ts';
import { badEvents } from '../support/bad-payloads.ts';
import { inbound, outbound, refusals } from './booking.vectors.ts';

test('the registry knows the dialect by its name', () => {
  expect(dialectNamed('booking')).toBe(booking);
});

describe('inbound', () => {
  test.each(inbound)('$name', ({ event, args, verb, command, reply, acknowledgement }) => {
    const request = booking.events.get(event)?.(args);
    expect(request).toMatchObject({ verb });
    expect(request?.command).toStrictEqual(command);
    const acknowledge = request?.acknowledge as ((reply: unknown) => unknown) | undefined;
    expect(acknowledge?.(reply)).toStrictEqual(acknowledgement);
  });

  test('is every event there is a vector for, and no other', () => {
    expect(new Set(booking.events.keys())).toEqual(new Set(inbound.map(({ event }) => event)));
  });

  test('refuses what has something wrong, and says what', () => {
    for (const { action, data, what } of badEvents({ bookingId: 'b', messageId: 'm' })) {
      const read = () => booking.events.get(action)?.([data]);
      expect(read, what).toThrow(Fault);
      expect(read, what).toThrow(/^Invalid payload: .{5,80}$/);
    }
  });
});

describe('outbound', () => {
  test.each(outbound)('$name', ({ signal, viewer: { userId, joined }, events }) => {
    const viewer = {
      userId,
      connectionId: 'x=',
      hasJoined: (id: string) => joined.includes(id),
      isIn: () => false,
    };
    expect(render(booking, signal, viewer)).toStrictEqual(events);
  });

  test('is every kind of signal there is a vector for', () => {
    const spoken = new Set(outbound.map(({ signal }) => signal.kind));
    expect(new Set(Object.keys(booking.signals))).toEqual(spoken);
  });
});

describe('refusals', () => {
  test.each(refusals)('%s', (reason, payload) => {
    expect(booking.refusal(new Fault(reason), undefined)).toStrictEqual(payload);
  });

  test('never show what went wrong inside', () => {
    const fault = toFault(new Error('the table is on fire'));
    expect(booking.refusal(fault, 'sendMessage')).toStrictEqual({
      code: 'INTERNAL',
      message: 'Internal error',
    });
  });
});
