import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../lambdas/core/fault.ts';
import { eventFrame, pingIn, readFrame, replyFrame } from '../../lambdas/wire/native.ts';

describe('a frame from a client', () => {
  test.each([
    ['{"action":"a"}', { event: 'a', args: [] }],
    ['{"action":"a","data":1}', { event: 'a', args: [1] }],
    ['{"action":"a","data":null}', { event: 'a', args: [null] }],
    ['{"action":"a","data":[1,2]}', { event: 'a', args: [[1, 2]] }],
    ['{"action":"a","args":[1,[2]]}', { event: 'a', args: [1, [2]] }],
    ['{"action":"a","args":[]}', { event: 'a', args: [] }],
    ['{"action":"a","args":[1],"data":2}', { event: 'a', args: [1] }],
    ['{"action":"a","id":0}', { event: 'a', args: [], id: 0 }],
    ['{"action":"a","id":9007199254740991}', { event: 'a', args: [], id: 9_007_199_254_740_991 }],
    [' \n{"action":"a","more":1} ', { event: 'a', args: [] }],
    ['{"data":1}', { event: '', args: [1] }],
    ['{"action":7}', { event: '', args: [] }],
    ['{"__proto__":{"action":"a","id":1}}', { event: '', args: [] }],
  ])('%s', (body, frame) => {
    expect(readFrame(body)).toStrictEqual(frame);
  });

  test.each([
    '',
    'x',
    '{',
    '[]',
    '"a"',
    '7',
    'null',
    'true',
    '{"id":-1}',
    '{"id":1.5}',
    '{"id":"1"}',
    '{"id":null}',
  ])('%s is refused', (body) => {
    expect(() => readFrame(body)).toThrow(Fault);
    expect(() => readFrame(body)).toThrow(/^Invalid payload: /);
  });

  test.each(['{"args":{}}', '{"args":null}', '{"args":"a"}'])('%s is refused', (body) => {
    expect(() => readFrame(body)).toThrow('args: must be a list');
  });

  test('whatever it is, is read or refused', () => {
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({ action: fc.jsonValue(), id: fc.jsonValue(), args: fc.jsonValue() })
        .map((frame) => JSON.stringify(frame)),
    );
    fc.assert(
      fc.property(body, (text) => {
        try {
          const { event, args } = readFrame(text);
          expect([typeof event, Array.isArray(args)]).toEqual(['string', true]);
        } catch (thrown) {
          expect(thrown).toHaveProperty('reason', 'payload-invalid');
        }
      }),
    );
  });
});

describe('a ping', () => {
  test('is known by its action', () => {
    expect(pingIn('{"action":"ping"}')).toEqual({ event: 'ping', args: [] });
    expect(pingIn('{"id":7,"action":"ping"}')).toMatchObject({ id: 7 });
  });

  test.each([
    '{"action":"Ping"}',
    '{"action":"ping","id":"7"}',
    '{"action":"typing","data":"ping"}',
    '"ping"',
    'ping',
    '2',
    `{"action":"ping","data":"${'x'.repeat(100)}"}`,
  ])('is not %s', (body) => {
    expect(pingIn(body)).toBeUndefined();
  });
});

describe('a frame to a client', () => {
  test('carries one argument as data, and several as args', () => {
    expect(eventFrame({ name: 'e', args: [{ a: 1 }] })).toBe('{"event":"e","data":{"a":1}}');
    expect(eventFrame({ name: 'e', args: [] })).toBe('{"event":"e"}');
    expect(eventFrame({ name: 'e', args: [1, 'b'] })).toBe('{"event":"e","args":[1,"b"]}');
  });

  test('answers a frame by its id', () => {
    expect(replyFrame(7, { ok: true })).toBe('{"reply":7,"data":{"ok":true}}');
    expect(replyFrame(0, undefined)).toBe('{"reply":0}');
  });

  test('says which place of a log it is about, to a client that counts along', () => {
    expect(eventFrame({ name: 'e', args: [1] }, 'c.7')).toBe('{"event":"e","data":1,"offset":"c.7"}');
    expect(eventFrame({ name: 'e', args: [1, 2] }, 'c.7')).toBe('{"event":"e","args":[1,2],"offset":"c.7"}');
    expect(replyFrame(7, { ok: true }, 'c.7')).toBe('{"reply":7,"data":{"ok":true},"offset":"c.7"}');
  });
});
