import { expect, onTestFinished, test } from 'vitest';
import { layLine } from '../../recovery/network.ts';
import { shakyBackend } from '../../recovery/shaky-backend.ts';
import { newScene } from '../../support/booking-scene.ts';
import { openApp } from './app.ts';
import { lastingToken, MINUTE_MS, openDevice, passTime } from './device.ts';

const backend = await shakyBackend();

/* API Gateway ends every connection after two hours, also one that nothing could replace. */

test('who cannot replace a connection in time is cut off, and comes back for what was missed', async () => {
  const { bookingId, client, owner } = await newScene(backend);
  const line = await layLine(backend.url);
  onTestFinished(() => line.close());
  const url = new URL('/ws', line.url.replace('http', 'ws')).href;
  const token = await lastingToken(backend, client.userId);
  const app = await openApp(backend, { token }, { bookingId, url });
  const [device, ben] = [await openDevice(backend, client, { url }), await openDevice(backend, owner)];
  for (const each of [device, ben])
    expect(await each.request('joinBooking', bookingId)).toMatchObject({ ok: true });
  const say = async (content: string) =>
    expect(await ben.request('sendMessage', { bookingId, content })).toMatchObject({ ok: true });
  await passTime(backend, 100 * MINUTE_MS, app, device, ben);
  line.isDown = true;
  await passTime(backend, 19 * MINUTE_MS, app, device, ben);
  for (const { sockets } of [app, device]) expect(sockets.length).toBeGreaterThan(2);
  await say('one');
  await expect.poll(app.shown).toEqual(['one']);
  expect(app.statuses).toEqual(['online']);
  await passTime(backend, 2 * MINUTE_MS, app, device, ben);
  await expect.poll(() => app.statuses).toEqual(['online', 'offline']);
  await expect.poll(() => device.changes).toContainEqual({ kind: 'lost', reason: 'transport close' });
  await say('two');
  await say('three');
  const sending = app.conversation.send({ content: 'four' });
  line.isDown = false;
  await sending;
  await expect.poll(app.shown).toEqual(['one', 'two', 'three', 'four']);
  expect(app.statuses).toEqual(['online', 'offline', 'online']);
  await expect.poll(() => device.heard).toHaveLength(4);
  expect(device.heard.map(({ args: [message] }) => message)).toMatchObject(
    ['one', 'two', 'three', 'four'].map((content) => ({ content })),
  );
  expect(device.changes.at(-1)).toMatchObject({ kind: 'open', recovered: true });
});
