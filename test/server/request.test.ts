import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { parleyServer, type ServerOptions } from '../../server/index.ts';

type Seen = { readonly method: string; readonly url: string; readonly token: string; readonly body: unknown };
type Reply =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  | 'hang up';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A server that gives these answers in turn, and the last for ever. */
async function answering(...replies: readonly Reply[]) {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { method = '', url = '', headers } = request;
    seen.push({
      method,
      url,
      token: headers.authorization ?? '',
      body: body === '' ? undefined : JSON.parse(body),
    });
    const reply = replies[Math.min(seen.length, replies.length) - 1] ?? 'hang up';
    if (reply === 'hang up') return void request.socket.destroy();
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(JSON.stringify(reply.body ?? { success: true, data: {} }));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const slept: number[] = [];
  const clientWith = (more: Partial<ServerOptions> = {}) =>
    parleyServer({
      baseUrl: `http://127.0.0.1:${port}/`,
      token: 'secret',
      sleep: async (ms) => void slept.push(ms),
      random: () => 1,
      ...more,
    });
  return { seen, slept, clientWith };
}

const busy = { status: 503 };
const broken = { status: 500, body: { success: false, message: 'Internal error', error: 'INTERNAL' } };

describe('a call', () => {
  test('goes to its route with the token, and ids in the path whatever they hold', async () => {
    const { seen, clientWith } = await answering({ status: 200 });
    await clientWith({ token: async () => 'fresh' }).saveUser('a/b#c ?', { name: 'Ann' });
    expect(seen).toEqual([
      {
        method: 'PUT',
        url: '/api/server/users/a%2Fb%23c%20%3F',
        token: 'Bearer fresh',
        body: { name: 'Ann' },
      },
    ]);
  });

  test('that is refused rejects with what was said, and is not repeated', async () => {
    const body = { success: false, message: 'User not found', error: 'NOT_FOUND' };
    const { seen, clientWith } = await answering({ status: 404, body });
    const call = clientWith().emitMessageRead('c', { userId: 'nobody' });
    await expect(call).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404, message: 'User not found' });
    expect(seen).toHaveLength(1);
  });

  test('whose answer is no JSON rejects all the same', async () => {
    const { clientWith } = await answering({ status: 403, body: 'not an object' });
    await expect(clientWith().isUserOnline('ann')).rejects.toMatchObject({ status: 403, code: 'INTERNAL' });
  });

  test('is repeated with growing pauses while Parley fails or hangs up, and then no more', async () => {
    const done = { status: 201, body: { data: { message: { id: 'm1' } } } };
    const { seen, slept, clientWith } = await answering(busy, broken, 'hang up', done);
    expect(await clientWith().emitNewMessage('c', { content: 'hi' })).toEqual({ id: 'm1' });
    expect(slept).toEqual([100, 200, 400]);
    const names = seen.map(({ body }) => (body as { clientMessageId: string }).clientMessageId);
    expect(new Set(names).size).toBe(1);
    const { seen: all, clientWith: again } = await answering(broken);
    await expect(again({ retries: 2 }).getOnlineUsersCount()).rejects.toMatchObject({ status: 500 });
    expect(all).toHaveLength(3);
  });

  test('waits as long as it is asked to', async () => {
    const later = { status: 429, headers: { 'retry-after': '7' } };
    const { slept, clientWith } = await answering(later, { status: 200 });
    await clientWith().forgetUser('ann');
    expect(slept).toEqual([7_000]);
  });

  test('is given up when an attempt takes too long', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    closing.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    });
    const { port } = server.address() as AddressInfo;
    const client = parleyServer({
      baseUrl: `http://127.0.0.1:${port}`,
      token: 't',
      retries: 0,
      timeoutMs: 50,
    });
    await expect(client.isUserOnline('ann')).rejects.toMatchObject({
      code: 'UNREACHABLE',
      status: undefined,
    });
  });
});

describe('an event of the platform’s own', () => {
  test('is not repeated where it may have been sent', async () => {
    for (const reply of [broken, 'hang up'] as const) {
      const { seen, clientWith } = await answering(reply);
      await expect(clientWith().broadcastToAll('news', { a: 1 })).rejects.toThrow();
      expect(seen).toHaveLength(1);
    }
  });

  test('is repeated where it was certainly not done', async () => {
    const { seen, clientWith } = await answering(busy, { status: 429 }, { status: 200 });
    await clientWith().emitOrderUpdate('ann', { id: 7 });
    expect(seen.map(({ url, body }) => [url, body])).toEqual(
      Array.from({ length: 3 }, () => [
        '/api/server/users/ann/events',
        { event: 'order:updated', data: { id: 7 } },
      ]),
    );
  });

  test('is repeated where nobody listens', async () => {
    const slept: number[] = [];
    const sleep = async (ms: number) => void slept.push(ms);
    const baseUrl = `http://127.0.0.1:${await freePort()}`;
    const client = parleyServer({ baseUrl, token: 't', retries: 2, sleep });
    await expect(client.sendToUser('ann', 'x')).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect(slept).toHaveLength(2);
  });
});

test('a group that is asked for again is the same one', async () => {
  const { seen, clientWith } = await answering(broken, {
    status: 201,
    body: { data: { conversation: { id: 'c' } } },
  });
  const participants = ['ann', 'ben', 'cat'].map((userId) => ({ userId }));
  await clientWith().openConversation({ participants });
  const keys = seen.map(({ body }) => (body as { key?: string }).key);
  expect(keys[0]).toBeDefined();
  expect(keys[0]).toBe(keys[1]);
});

/** A port on which nobody listens any more. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => void server.close(resolve));
  return port;
}
