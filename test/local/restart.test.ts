import { randomUUID } from 'node:crypto';
import { expect, inject, onTestFinished, test } from 'vitest';
import { readSettings } from '../../local/settings.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import { LeapingClock } from '../support/leaping-clock.ts';
import { call } from '../support/rest.ts';
import { signToken } from '../support/tokens.ts';

const HOUR_MS = 3_600_000;
const secret = 'a secret of the tests, long enough for HS256';

test('a stack that is started again reminds of what it was told before', async () => {
  const clock = new LeapingClock();
  const tableName = `parley-${randomUUID()}`;
  const log = { info: () => undefined, error: () => undefined };
  const start = async (): Promise<Stack> => {
    const settings = { JWT_SECRET: secret, PORT: '0', DYNAMODB_ENDPOINT: inject('engineEndpoint') };
    const stack = await startStack(readSettings({ ...settings, REMINDER_MINUTES: '120' }), {
      log,
      tableName,
      clock,
      hasSamples: true,
    });
    onTestFinished(stack.stop);
    return stack;
  };
  const token = await signToken({ sub: 'platform', role: 'service' }, { secret, now: clock.now() });
  const startTime = new Date(clock.now() + 3 * HOUR_MS).toISOString();
  // The sample booking: its own start must not be lost to the sample.
  const body = { clientId: 'ann', businessId: 'salon-1', startTime };
  const first = await start();
  const told = await call(first.gateway, 'PUT', '/api/server/bookings/booking-1', { token, body });
  expect(told.status).toBe(200);
  await first.stop();
  const second = await start();
  clock.leap(HOUR_MS);
  await second.functions.tasks.settled();
  const ann = await signToken({ sub: 'ann' }, { secret, now: clock.now() });
  const inbox = await call(second.gateway, 'GET', '/api/notifications', { token: ann });
  expect(inbox.body.data).toMatchObject({
    notifications: expect.arrayContaining([
      expect.objectContaining({ data: expect.objectContaining({ startTime, minutesUntil: 120 }) }),
    ]),
  });
});
