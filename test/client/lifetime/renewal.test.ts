import { expect, test } from 'vitest';
import { shakyBackend } from '../../recovery/shaky-backend.ts';
import { newScene } from '../../support/booking-scene.ts';
import { openApp } from './app.ts';
import { type Device, MINUTE_MS, openDevice, passTime } from './device.ts';

/* A connection may do nothing, and is told nothing, once its token has expired. */

const backend = await shakyBackend();

/** How long each token holds. */
const HOLDS_MS = 10 * MINUTE_MS;

/** A booking whose client has tokens that hold for moments alone, each of which takes over from the one before. */
async function scene() {
  const { bookingId, client, owner } = await newScene(backend);
  const beginning = backend.now();
  const tokens = await Promise.all(
    Array.from({ length: 6 }, (_, index) => {
      const exp = Math.floor((beginning + (index + 1) * HOLDS_MS) / 1000);
      return backend.token({ sub: client.userId, exp });
    }),
  );
  const ben = await openDevice(backend, owner);
  expect(await ben.request('joinBooking', bookingId)).toMatchObject({ ok: true });
  /** The one that holds longest of those that there are by then, which is a little before the last one expires. */
  const tokenNow = () => {
    const index = Math.floor((backend.now() - beginning + 1.5 * MINUTE_MS) / HOLDS_MS);
    return tokens[index] ?? '';
  };
  const [first = ''] = tokens;
  return { bookingId, client, ben, tokenNow, first };
}

async function say(device: Device, bookingId: string, content: string): Promise<void> {
  expect(await device.request('sendMessage', { bookingId, content })).toMatchObject({ ok: true });
}

test('a client whose tokens expire goes on with the next one, on the same connection', async () => {
  const { bookingId, client, ben, tokenNow } = await scene();
  const ann = await openApp(backend, client, { bookingId, getToken: tokenNow });
  const said: string[] = [];
  for (let minutes = 5; minutes <= 45; minutes += 5) {
    await passTime(backend, 5 * MINUTE_MS, ann, ben);
    said.push(`Ben after ${minutes}`, `Ann after ${minutes}`);
    await say(ben, bookingId, `Ben after ${minutes}`);
    await ann.conversation.send({ content: `Ann after ${minutes}` });
  }
  await expect.poll(ann.shown).toEqual(said);
  expect(ann.statuses).toEqual(['online']);
  expect(ann.sockets).toHaveLength(1);
});

test('a connection whose tokens expire is replaced by one with the next, where nobody else renews it', async () => {
  const { bookingId, client, ben, tokenNow } = await scene();
  const ann = await openDevice(backend, client, { token: tokenNow });
  expect(await ann.request('joinBooking', bookingId)).toMatchObject({ ok: true });
  const said: string[] = [];
  for (let minutes = 5; minutes <= 45; minutes += 5) {
    await passTime(backend, 5 * MINUTE_MS, ann, ben);
    said.push(`Ben after ${minutes}`, `Ann after ${minutes}`);
    await say(ben, bookingId, `Ben after ${minutes}`);
    await say(ann, bookingId, `Ann after ${minutes}`);
  }
  const shown = () =>
    ann.heard.map(({ args: [message] }) => (message as { readonly content: string }).content);
  await expect.poll(shown).toEqual(said);
  expect(ann.changes.map(({ kind }) => kind)).toEqual(['open']);
});

const throws = (): never => {
  throw new Error('The session has ended.');
};

test.each([
  ['throws', throws, ['online', 'offline']],
  ['gives the same token', (first: string) => first, ['online', 'offline', 'closed']],
] as const)(
  'a client whose provider %s is lost, and comes back for what it has missed',
  async (_, provide, lost) => {
    const { bookingId, client, ben, tokenNow, first } = await scene();
    const provider: { give: () => string } = { give: tokenNow };
    const ann = await openApp(backend, client, { bookingId, getToken: () => provider.give() });
    provider.give = () => provide(first);
    await passTime(backend, HOLDS_MS - MINUTE_MS, ann, ben);
    await say(ben, bookingId, 'one');
    await expect.poll(ann.shown).toEqual(['one']);
    await passTime(backend, 2 * MINUTE_MS, ann, ben);
    await expect.poll(() => ann.statuses).toEqual(lost);
    await say(ben, bookingId, 'two');
    await say(ben, bookingId, 'three');
    const sending = ann.conversation.send({ content: 'four' });
    provider.give = tokenNow;
    // Whom the server has refused tries again when it is told to.
    ann.client.connect();
    await sending;
    await expect.poll(ann.shown).toEqual(['one', 'two', 'three', 'four']);
    expect(ann.statuses.at(-1)).toBe('online');
  },
);
