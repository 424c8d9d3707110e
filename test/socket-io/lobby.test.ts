import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { networkOf } from '../../lambdas/wire/socket-io/lobby.ts';
import { type EchoServer, startEcho } from './echo-server.ts';
import { joinedPolling, openPolling, openRaw, openSession, type RawSocket, request } from './raw-client.ts';

const MOST = 50;
const WINDOW_MS = 20_000;

let server: EchoServer;
beforeEach(async () => {
  server = await startEcho();
  onTestFinished(async () => {
    await server.stop();
    server.table.client.destroy();
  });
  // From the beginning of a window on, and by leaps alone, lest the count begin anew in the middle of a test.
  server.clock.stop();
  server.clock.leap(WINDOW_MS - (server.clock.now() % WINDOW_MS));
});

const webSocket = () => openRaw(`${server.webSocketUrl}/socket.io/?EIO=4&transport=websocket`);
const polling = () => request(`${server.url}/socket.io/?EIO=4&transport=polling`);
const native = (query = '') => openRaw(`${server.gateway.webSocketUrl}${query}`);

/** Opens sessions of which nothing more is heard. */
async function strangers(count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, at) => (at % 2 === 0 ? webSocket() : polling())));
}

describe('sessions that have not joined a namespace', () => {
  test('are closed after 20 s, whatever the transport', async () => {
    const silent = await openSession(server.webSocketUrl);
    const refused = await openSession(server.webSocketUrl);
    refused.send('40/unheard-of');
    await refused.next();
    const joined = await openSession(server.webSocketUrl);
    joined.send('40');
    await joined.next();
    const polled = await openPolling(server.url);
    const joinedByPolling = await joinedPolling(server.url);
    server.clock.leap(10_000);
    await Promise.all([silent, refused, joined].map((socket) => socket.flushed()));
    expect([silent.isOpen, refused.isOpen, joined.isOpen]).toEqual([true, true, true]);
    server.clock.leap(10_500);
    expect(await Promise.all([silent.ended, refused.ended])).toEqual([{ code: 1000 }, { code: 1000 }]);
    await expect.poll(() => polled.poll()).toMatchObject({ status: 400 });
    expect(await joinedByPolling.post('42["message"]')).toMatchObject({ status: 200 });
    expect(joined.isOpen).toBe(true);
  });

  test('are at most fifty of one address, on all transports and wires together', async () => {
    await strangers(MOST - 1);
    expect(await native()).toMatchObject({ isOpen: true });
    expect(await webSocket()).toBe(429);
    expect(await native()).toBe(429);
    const refused = await polling();
    expect({ status: refused.status, ...(JSON.parse(refused.body) as object) }).toEqual({
      status: 429,
      code: 4,
      message: 'Too many sessions',
    });
    server.clock.leap(WINDOW_MS);
    expect(await webSocket()).toMatchObject({ isOpen: true });
  });

  test('do not keep those out who say at once who they are', async () => {
    for (let round = 1; round <= 6; round += 1) {
      const batch = Array.from({ length: 15 }, async (_, at) => {
        const session = at % 2 === 0 ? await openSession(server.webSocketUrl) : await openPolling(server.url);
        if ('send' in session) session.send('40');
        else await session.post('40');
        return session;
      });
      const opened = await Promise.all(batch);
      await Promise.all(opened.map((session) => ('next' in session ? session.next() : session.packets())));
    }
    expect(server.arrived).toHaveLength(90);
  });

  test('do not keep those out who carry a token on the native wire', async () => {
    await strangers(MOST);
    expect(await native('?token=wrong')).toBe(401);
  });

  test('go on where they were: the upgrade of one is no other', async () => {
    const mine = await openPolling(server.url);
    await strangers(MOST - 1);
    const at = `${server.webSocketUrl}/socket.io/?EIO=4&transport=websocket&sid=${mine.sid}`;
    const socket = (await openRaw(at)) as RawSocket;
    socket.send('2probe');
    expect(await socket.next()).toBe('3probe');
  });
});

test('even where few strangers are let in, all may come who say who they are', async () => {
  const narrow = await startEcho({ table: server.table, strangersPerAddress: 6 });
  onTestFinished(narrow.stop);
  for (let joined = 1; joined <= 15; joined += 1) {
    const session = await openSession(narrow.webSocketUrl);
    session.send('40');
    expect(await session.next()).toMatch(/^40\{/);
  }
});

describe('the network of an address', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['2001:db8:1:2:ffff::', '2001:db8:1:2'],
    ['fe80::', 'fe80:0:0:0'],
    ['', ''],
  ])('%s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
