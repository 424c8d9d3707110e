import { expect, test } from 'vitest';
import { openNative } from '../support/native-client.ts';
import { type Backend, localBackend } from '../support/stack.ts';

const WINDOW_MS = 20_000;

/** How many of a hundred connections that do not say who they are a stack lets in. */
async function admitted({ webSocketUrl, now, pass }: Backend): Promise<number> {
  // From the beginning of a window on, lest the count begin anew meanwhile.
  await pass(WINDOW_MS - (now() % WINDOW_MS));
  const opened = await Promise.all(Array.from({ length: 100 }, () => openNative(webSocketUrl)));
  const refused = opened.filter((one) => typeof one === 'number');
  for (const status of refused) expect(status).toBe(429);
  return opened.length - refused.length;
}

const usual = await localBackend();
const few = await localBackend({ STRANGERS_PER_ADDRESS: '10' });
const any = await localBackend({ STRANGERS_PER_ADDRESS: '0' });

test('the local stack lets in fifty strangers, or as many as it is told', async () => {
  expect(await admitted(usual)).toBe(50);
  expect(await admitted(few)).toBe(10);
  expect(await admitted(any)).toBe(100);
});
