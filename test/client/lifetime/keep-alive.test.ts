import { expect, test } from 'vitest';
import { shakyBackend } from '../../recovery/shaky-backend.ts';
import { connect, newScene } from '../../support/booking-scene.ts';
import { lastingToken, MINUTE_MS, openDevice, passTime } from './device.ts';

/* API Gateway ends a connection on which nothing was said for ten minutes. */

const backend = await shakyBackend();

test('connections on which nobody says anything go on, where one that does nothing about it is cut', async () => {
  const { bookingId, client, owner } = await newScene(backend);
  const [ann, ben] = [await openDevice(backend, client), await openDevice(backend, owner)];
  for (const device of [ann, ben])
    expect(await device.request('joinBooking', bookingId)).toMatchObject({ ok: true });
  const idle = await connect(backend, { token: await lastingToken(backend, client.userId) });
  await passTime(backend, 60 * MINUTE_MS, ann, ben);
  expect(await idle.closed).toEqual({ code: 1001, reason: 'Going away' });
  expect(await ann.request('sendMessage', { bookingId, content: 'Are you there?' })).toMatchObject({
    ok: true,
  });
  await expect
    .poll(() => ben.heard)
    .toMatchObject([{ name: 'newMessage', args: [{ content: 'Are you there?' }] }]);
  for (const device of [ann, ben]) {
    expect(device.sockets).toHaveLength(1);
    expect(device.changes.map(({ kind }) => kind)).toEqual(['open']);
  }
});
