import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { deploy } from './deployment.ts';
import { firstId, operations } from './management.ts';

it.each([
  { characters: 1_000, arrivesAs: 'itself' },
  { characters: 10_000, arrivesAs: 'less' },
])('a frame of $characters characters that compress well arrives as $arrivesAs', async (frame) => {
  const gateway = await deploy();
  const client = new WebSocket(gateway.webSocketUrl);
  const upgraded = once(client, 'upgrade');
  await once(client, 'open');
  const [{ socket }] = (await upgraded) as [IncomingMessage];
  const before = socket.bytesRead;
  const message = once(client, 'message');
  await operations(gateway, firstId(gateway)).post('x'.repeat(frame.characters));
  expect(String((await message)[0])).toHaveLength(frame.characters);
  const isWhole = socket.bytesRead - before >= frame.characters;
  expect(isWhole).toBe(frame.arrivesAs === 'itself');
});
