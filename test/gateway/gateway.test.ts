import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startGateway } from '../../local/gateway/gateway.ts';
import { deploy, gate } from './deployment.ts';
import { connect, exchangeBytes, handshake } from './test-client.ts';

const HAS_IPV6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

/** Where to listen, and how that is reached. */
const HOSTS: readonly (readonly [string, string])[] = [
  ['0.0.0.0', '127.0.0.1'],
  ['localhost', 'localhost'],
  ...(HAS_IPV6
    ? ([
        ['::1', '[::1]'],
        ['::', '[::1]'],
      ] as const)
    : []),
];

describe('one port', () => {
  const everything = () =>
    deploy((recording) => ({
      routes: { $default: recording() },
      mappings: ['socket.io'],
      http: async () => 'from the HTTP API',
      intercept: (request, response) => {
        if (request.url !== '/demo') return false;
        response.end('from the page');
        return true;
      },
    }));

  it.each([
    '/',
    '/api',
    '/socket.io/?transport=polling',
    '/wsx',
    '//',
    '/@connections',
    'http://x',
    'http://[::1/a?b',
  ])('serves %s by the HTTP API', async (path) => {
    const gateway = await everything();
    const answer = await exchangeBytes(
      gateway.url,
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*from the HTTP API$/s);
  });

  it('serves what is intercepted by nothing else', async () => {
    const gateway = await everything();
    expect(await (await fetch(`${gateway.url}/demo`)).text()).toBe('from the page');
  });

  it.each(['/ws', '/ws/', '/ws/x', '/ws?a=b'])('asks for an upgrade at %s: 426', async (path) => {
    const gateway = await everything();
    const response = await fetch(gateway.url + path);
    expect([response.status, response.headers.get('upgrade')]).toEqual([426, 'websocket']);
  });

  it('asks for an upgrade everywhere when there is no HTTP API', async () => {
    const gateway = await deploy();
    expect((await fetch(`${gateway.url}/api`)).status).toBe(426);
  });

  it('answers 500 when an interception throws', async () => {
    const gateway = await deploy(() => ({ intercept: () => Promise.reject(new Error('x')) }));
    expect((await fetch(gateway.url)).status).toBe(500);
    await connect(gateway.webSocketUrl);
  });

  it('names its three addresses', async () => {
    const gateway = await deploy();
    const { host } = new URL(gateway.url);
    expect(gateway).toMatchObject({
      url: `http://${host}`,
      webSocketUrl: `ws://${host}/ws`,
      callbackUrl: `http://${host}/ws`,
    });
  });

  it.each(HOSTS)('on %s is reached at %s', async (host, name) => {
    const gateway = await deploy(() => ({ host }));
    expect(gateway.url).toMatch(`http://${name}:`);
    await connect(gateway.webSocketUrl);
  });

  it.each([
    { stage: 'socket.io' },
    { stage: '' },
    { stage: 'a/b' },
    { mappings: ['a b'] },
    { mappings: ['@x'] },
  ])('is not opened for names that AWS would refuse: %o', async (names) => {
    await expect(startGateway({ stage: 'ws', routes: {}, ...names })).rejects.toThrow(/name|key/);
  });

  it.skipIf(!HAS_IPV6)(
    'tells an IPv4 client’s address in its own form though IPv6 is listened to',
    async () => {
      const gateway = await deploy((recording) => ({ host: '::', routes: { $connect: recording() } }));
      await connect(gateway.webSocketUrl.replace('[::1]', '127.0.0.1'));
      expect((await gateway.events.next()).requestContext).toMatchObject({
        identity: { sourceIp: '127.0.0.1' },
      });
    },
  );

  it('that is taken rejects the start with EADDRINUSE', async () => {
    const gateway = await deploy();
    const port = Number(new URL(gateway.url).port);
    await expect(startGateway({ stage: 'ws', routes: {}, port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});

describe('strange bytes', () => {
  const UPGRADE = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n';
  const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
  const strange = [
    'nonsense\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'GET /%00%zz?%%%=& HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    'POST /ws/@connections/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: nine\r\n\r\n',
    `GET /ws HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(20_000)}\r\n\r\n`,
    `GET /ws HTTP/1.1\r\nHost: x\r\n${UPGRADE}Sec-WebSocket-Key: short\r\n\r\n`,
    `GET /ws HTTP/1.1\r\nHost: x\r\n${UPGRADE}${KEY}Sec-WebSocket-Protocol: ,,\r\n\r\n`,
    `GET /ws HTTP/1.1\r\nHost: x\r\n${UPGRADE}${KEY}Sec-WebSocket-Extensions: permessage-deflate;=\r\n\r\n`,
    `POST /ws HTTP/1.1\r\nHost: x\r\n${UPGRADE}${KEY}\r\n`,
    `GET //[ HTTP/1.1\r\nHost: x\r\n${UPGRADE}${KEY}\r\n`,
    'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
  ];

  it.each(strange)('are refused, and the gateway lives: %#', async (bytes) => {
    const gateway = await deploy(() => ({ http: async () => 'ok', routes: {} }));
    expect(await exchangeBytes(gateway.url, bytes)).toMatch(/^HTTP\/1\.1 4\d\d /);
    await connect(gateway.webSocketUrl);
  });

  it('in place of a frame end that connection alone', async () => {
    const gateway = await deploy((recording) => ({ routes: { $disconnect: recording() } }));
    const { hostname, port } = new URL(gateway.url);
    const socket = connectSocket(Number(port), hostname);
    socket.write(`GET /ws HTTP/1.1\r\nHost: x\r\n${UPGRADE}${KEY}\r\n`);
    await once(socket, 'data');
    socket.write(Buffer.alloc(100, 0xff));
    expect((await gateway.events.next()).requestContext.disconnectStatusCode).toBe(1002);
    socket.destroy();
    await connect(gateway.webSocketUrl);
  });

  it('that come along with the handshake are metered like any other', async () => {
    const gateway = await deploy((recording) => ({
      routes: { $default: recording(), $disconnect: recording() },
      limits: { frameBytes: 4 },
    }));
    const { hostname, port } = new URL(gateway.url);
    const socket = connectSocket(Number(port), hostname);
    const frames = Buffer.from([0x81, 0x84, 0, 0, 0, 0, ...Buffer.from('good'), 0x81, 0x85, 0, 0, 0, 0]);
    const upgrade = Buffer.from(`GET /ws HTTP/1.1\r\nHost: x\r\n${UPGRADE}${KEY}\r\n`);
    socket.write(Buffer.concat([upgrade, frames, Buffer.from('large')]));
    expect((await gateway.events.next()).body).toBe('good');
    expect((await gateway.events.next()).requestContext.disconnectStatusCode).toBe(1009);
    socket.destroy();
  });

  it('reset in the middle of a handshake harm nobody, and $disconnect tells of it', async () => {
    const asked = gate();
    const answer = gate<unknown>();
    const gateway = await deploy((recording) => ({
      routes: {
        $disconnect: recording(),
        $connect: () => {
          asked.open();
          return answer.opened;
        },
      },
    }));
    const { hostname, port } = new URL(gateway.url);
    const socket = connectSocket(Number(port), hostname);
    socket.write(`GET /ws HTTP/1.1\r\nHost: x\r\n${UPGRADE}${KEY}\r\n`);
    await asked.opened;
    socket.resetAndDestroy();
    // An exchange of its own later, the gateway has met the reset too.
    await fetch(gateway.url);
    answer.open({ statusCode: 200 });
    expect((await gateway.events.next()).requestContext.disconnectStatusCode).toBe(1006);
    await connect(gateway.webSocketUrl);
  });
});

describe('closing', () => {
  it('tells every client to go away and runs its $disconnect', async () => {
    const gateway = await deploy((recording) => ({ routes: { $disconnect: recording() } }));
    const clients = [await connect(gateway.webSocketUrl), await connect(gateway.webSocketUrl)];
    await gateway.close();
    for (const { closed } of clients) expect(await closed).toMatchObject({ code: 1001 });
    expect(gateway.events.all.map(({ requestContext }) => requestContext.disconnectStatusCode)).toEqual([
      1001, 1001,
    ]);
    expect(gateway.clock.scheduled).toBe(0);
  });

  it('waits for the functions that are about to end', async () => {
    const asked = gate();
    const answer = gate<unknown>();
    const gateway = await deploy(() => ({
      http: () => {
        asked.open();
        return answer.opened;
      },
    }));
    const request = fetch(gateway.url);
    await asked.opened;
    const closing = gateway.close();
    answer.open('x'.repeat(5_000_000));
    expect(await (await request).text()).toHaveLength(5_000_000);
    await closing;
  });

  it('does not wait for sockets that have nothing to say', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const gateway = await deploy();
    const { hostname, port } = new URL(gateway.url);
    const silent = connectSocket(Number(port), hostname);
    await once(silent, 'connect');
    await fetch(gateway.url);
    const silentEnds = once(silent, 'close');
    await gateway.close();
    await silentEnds;
  });

  it('drops what does not end: hung functions, pending handshakes, clients that do not answer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const asked = gate();
    const gateway = await deploy(() => ({
      routes: {
        $connect: async (event: { queryStringParameters?: unknown }) => {
          if (!event.queryStringParameters) return { statusCode: 200 };
          asked.open();
          return new Promise(() => undefined);
        },
      },
    }));
    const mute = await connect(gateway.webSocketUrl);
    mute.socket.pause();
    const pending = handshake(`${gateway.webSocketUrl}?hang=1`);
    const refused = expect(pending).rejects.toThrow(/hang up/);
    await asked.opened;
    const closing = gateway.close();
    await vi.advanceTimersByTimeAsync(1000);
    vi.useRealTimers();
    await closing;
    await refused;
    mute.socket.resume();
    await mute.closed;
  });

  it('frees the port', async () => {
    const gateway = await deploy();
    const port = Number(new URL(gateway.url).port);
    await fetch(gateway.url);
    await gateway.close();
    const next = await startGateway({ stage: 'ws', routes: {}, port });
    await next.close();
  });

  it('happens once, however often it is asked for', async () => {
    const gateway = await deploy();
    expect(gateway.close()).toBe(gateway.close());
    await gateway.close();
  });
});

describe('by default', () => {
  it('a gateway runs on the machine’s own clock', async () => {
    const gateway = await startGateway({
      stage: 'ws',
      routes: {},
      limits: { idleTimeoutMs: 20 },
      chaos: { postConnectDelayMs: 1, jitterMs: 1, connectDelayMs: 1 },
    });
    const client = await connect(gateway.webSocketUrl);
    expect(await client.closed).toMatchObject({ code: 1001 });
    await gateway.close();
  });
});
