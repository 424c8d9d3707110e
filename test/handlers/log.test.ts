import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { jsonLog } from '../../lambdas/handlers/log.ts';

/** Lambda's lines, and what a terminal shows. */
const lines: string[] = [];
const shown: string[] = [];

/**
 * What Lambda puts in place of the console's methods where logs are JSON: a single value becomes the line's `message`,
 * several are made one text (github.com/aws/aws-lambda-nodejs-runtime-interface-client, src/LogPatch.js).
 */
function lambdaConsole(level: string) {
  return (...values: readonly unknown[]) => {
    const message = values.length === 1 ? values[0] : values.map(String).join(' ');
    lines.push(JSON.stringify({ timestamp: 'T', level, requestId: 'r', message }));
    shown.push(values.map((value) => inspect(value)).join(' '));
  };
}

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(lambdaConsole('INFO'));
  vi.spyOn(console, 'error').mockImplementation(lambdaConsole('ERROR'));
});

afterEach(() => {
  vi.restoreAllMocks();
  lines.length = 0;
  shown.length = 0;
});

const logged = () => lines.map((line) => JSON.parse(line));

test('an event is one line, whose fields a query can look into', () => {
  jsonLog.info('push', { signals: ['typing'], delivered: 2 });
  expect(logged()).toEqual([
    expect.objectContaining({
      level: 'INFO',
      message: { event: 'push', signals: ['typing'], delivered: 2 },
    }),
  ]);
});

test('a failure has the level that the alarm counts, and all its causes with their stacks', () => {
  const cause = new RangeError('the deepest');
  jsonLog.error('frame', new Error('on top', { cause }), { connectionId: 'c' });
  const [{ level, message }] = logged();
  expect(level).toBe('ERROR');
  expect(message).toMatchObject({
    event: 'frame',
    connectionId: 'c',
    cause: { name: 'Error', message: 'on top', cause: { name: 'RangeError', message: 'the deepest' } },
  });
  expect(message.cause.stack).toMatch(/log\.test/);
  expect(message.cause.cause.stack).toMatch(/log\.test/);
});

test('what is thrown without being an error is logged as it is', () => {
  jsonLog.error('task', 'just a text');
  expect(logged()[0].message).toEqual({ event: 'task', cause: 'just a text' });
});

test('a terminal shows the fields, and every cause with its stack', () => {
  jsonLog.error('frame', new Error('on top', { cause: new Error('the deepest') }));
  expect(shown[0]).toMatch(/event: 'frame'/);
  expect(shown[0]).toMatch(/on top[\s\S]*at [\s\S]*log\.test[\s\S]*the deepest[\s\S]*at [\s\S]*log\.test/);
});
