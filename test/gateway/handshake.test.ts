import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { deploy, gate } from './deployment.ts';
import { connect, exchangeBytes, handshake } from './test-client.ts';

const answering = (answer: unknown) => ({ routes: { $connect: async () => answer } });

describe('$connect', () => {
  it('keeps the upgrade pending until it has answered', async () => {
    const asked = gate();
    const answer = gate<unknown>();
    const gateway = await deploy(() => ({
      routes: {
        $connect: () => {
          asked.open();
          return answer.opened;
        },
      },
    }));
    const socket = new WebSocket(gateway.webSocketUrl);
    const opened = new Promise((resolve) => socket.once('open', resolve));
    await asked.opened;
    expect(socket.readyState).toBe(WebSocket.CONNECTING);
    expect(gateway.connections()).toEqual([]);
    answer.open({ statusCode: 200 });
    await opened;
    expect(gateway.connections()).toHaveLength(1);
  });

  it.each([302, 400, 401, 403, 418, 500])(
    'refuses the handshake with the %i it answered',
    async (statusCode) => {
      const gateway = await deploy(() => answering({ statusCode }));
      expect(await handshake(gateway.webSocketUrl)).toMatchObject({ kind: 'refused', status: statusCode });
      expect(gateway.connections()).toEqual([]);
    },
  );

  it.each([200, 201, 204, '200'])('lets the client in with %s', async (statusCode) => {
    const gateway = await deploy(() => answering({ statusCode }));
    expect(await handshake(gateway.webSocketUrl)).toMatchObject({ kind: 'open' });
  });

  it('that throws is a 502 and one line in the log', async () => {
    const lines: string[] = [];
    const gateway = await deploy(() => ({
      routes: { $connect: () => Promise.reject(new Error('broken')) },
      log: (line) => lines.push(line),
    }));
    expect(await handshake(gateway.webSocketUrl)).toMatchObject({ kind: 'refused', status: 502 });
    expect(lines).toEqual(['route $connect: the integration failed']);
  });

  it('that throws before its first await is a 502', async () => {
    const gateway = await deploy(() => ({
      routes: {
        $connect: () => {
          throw new Error('broken');
        },
      },
    }));
    expect(await handshake(gateway.webSocketUrl)).toMatchObject({ kind: 'refused', status: 502 });
  });

  it.each([undefined, null, 'yes', {}, { statusCode: 'many' }, { statusCode: 101 }, { statusCode: 700 }])(
    'that answers %o, which is no status, is a 502 and a line in the log',
    async (answer) => {
      const lines: string[] = [];
      const log = (line: string) => lines.push(line);
      const gateway = await deploy(() => ({ ...answering(answer), log }));
      expect(await handshake(gateway.webSocketUrl)).toMatchObject({ kind: 'refused', status: 502 });
      expect(lines).toEqual(['route $connect: the answer has no status']);
    },
  );

  it('that takes longer than 29 s is a 504', async () => {
    const asked = gate();
    const gateway = await deploy(() => ({
      routes: {
        $connect: () => {
          asked.open();
          return new Promise(() => undefined);
        },
      },
    }));
    const result = handshake(gateway.webSocketUrl);
    await asked.opened;
    gateway.clock.advance(29_000);
    expect(await result).toMatchObject({ kind: 'refused', status: 504 });
  });

  it('is optional', async () => {
    const gateway = await deploy(() => ({ routes: {} }));
    expect(await handshake(gateway.webSocketUrl)).toMatchObject({ kind: 'open' });
  });

  it('is not asked about a request that is no WebSocket handshake', async () => {
    const gateway = await deploy((recording) => ({ routes: { $connect: recording() } }));
    const answer = await exchangeBytes(
      gateway.url,
      'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(gateway.events.all).toEqual([]);
  });

  it('is followed by $disconnect when the client gave up meanwhile', async () => {
    const asked = gate();
    const answer = gate<unknown>();
    const gateway = await deploy((recording) => ({
      routes: {
        $connect: () => {
          asked.open();
          return answer.opened;
        },
        $disconnect: recording(),
      },
    }));
    const socket = new WebSocket(gateway.webSocketUrl).on('error', () => undefined);
    await asked.opened;
    socket.terminate();
    answer.open({ statusCode: 200 });
    expect((await gateway.events.next()).requestContext.disconnectStatusCode).toBe(1006);
    expect(gateway.connections()).toEqual([]);
  });
});

describe('the path of a WebSocket', () => {
  it.each(['/ws', '/ws/', '/ws?EIO=4', '/ws/?EIO=4', '/socket.io', '/socket.io/?EIO=4', '/v1/chat'])(
    'may be %s',
    async (path) => {
      const gateway = await deploy(() => ({ mappings: ['socket.io', 'v1/chat'] }));
      expect(await handshake(gateway.url.replace('http', 'ws') + path)).toMatchObject({ kind: 'open' });
    },
  );

  it.each(['/', '/ws/room', '/ws//', '/wss', '/WS', '/socket.io/ws', '/%77s', '/%'])(
    'may not be %s: 403',
    async (path) => {
      const gateway = await deploy((recording) => ({
        mappings: ['socket.io'],
        routes: { $connect: recording() },
      }));
      const result = await handshake(gateway.url.replace('http', 'ws') + path);
      expect(result).toMatchObject({ kind: 'refused', status: 403 });
      expect(gateway.events.all).toEqual([]);
    },
  );

  it('may be any where a query parameter says that it is rewritten', async () => {
    const gateway = await deploy(() => ({ rewrittenBy: 'EIO' }));
    const host = gateway.url.replace('http', 'ws');
    for (const path of ['/?EIO=4', '/chat/?EIO=4&transport=websocket', '/a/b?EIO=', '/ws?EIO=4']) {
      expect(await handshake(host + path), path).toMatchObject({ kind: 'open' });
    }
    for (const path of ['/chat?eio=4', '/chat', '/chat?q=EIO']) {
      expect(await handshake(host + path), path).toMatchObject({ kind: 'refused', status: 403 });
    }
  });

  it('may be 4096 characters long, and no longer', async () => {
    const gateway = await deploy();
    const longest = `${gateway.webSocketUrl}?q=${'x'.repeat(4096 - '/ws?q='.length)}`;
    expect(await handshake(longest)).toMatchObject({ kind: 'open' });
    expect(await handshake(`${longest}x`)).toMatchObject({ kind: 'refused', status: 414 });
  });
});

describe('the reply to a handshake', () => {
  it('names the subprotocol that $connect chose, whatever the case of its header', async () => {
    const headers = { 'sec-webSocket-Protocol': 'chat.v2' };
    const gateway = await deploy(() => answering({ statusCode: 200, headers }));
    const result = await handshake(gateway.webSocketUrl, { protocols: ['chat.v1', 'chat.v2'] });
    expect(result).toMatchObject({ kind: 'open', headers: { 'sec-websocket-protocol': 'chat.v2' } });
  });

  it('names no subprotocol unless $connect chose one, which the client takes for a failure', async () => {
    const gateway = await deploy(() => answering({ statusCode: 200 }));
    await expect(handshake(gateway.webSocketUrl, { protocols: ['chat.v1'] })).rejects.toThrow(/subprotocol/);
  });

  it('cannot be split by a subprotocol with a line break', async () => {
    const headers = { 'Sec-WebSocket-Protocol': 'x\r\nSet-Cookie: a=b' };
    const gateway = await deploy(() => answering({ statusCode: 200, headers }));
    await expect(handshake(gateway.webSocketUrl, { protocols: ['x'] })).rejects.toThrow(/subprotocol/);
  });

  it('accepts permessage-deflate with a window of 12 bits', async () => {
    const gateway = await deploy();
    expect(await handshake(gateway.webSocketUrl)).toMatchObject({
      headers: { 'sec-websocket-extensions': 'permessage-deflate; server_max_window_bits=12' },
    });
  });

  it('waits for the configured delay after $connect', async () => {
    const gateway = await deploy((recording) => ({
      routes: { $connect: recording() },
      chaos: { connectDelayMs: 50 },
    }));
    const opening = connect(gateway.webSocketUrl);
    await gateway.events.next();
    await new Promise(setImmediate);
    expect(gateway.connections()).toEqual([]);
    gateway.clock.advance(50);
    await opening;
    expect(gateway.connections()).toHaveLength(1);
  });
});

describe('new connections over the throttle', () => {
  it('are refused with 429, and let in again when a second has passed', async () => {
    const gateway = await deploy(() => ({ limits: { newConnectionsPerSecond: 2 } }));
    const statuses = [];
    for (let i = 0; i < 3; i += 1) statuses.push(await handshake(gateway.webSocketUrl));
    expect(statuses).toMatchObject([{ kind: 'open' }, { kind: 'open' }, { kind: 'refused', status: 429 }]);
    gateway.clock.advance(1000);
    expect(await handshake(gateway.webSocketUrl)).toMatchObject({ kind: 'open' });
  });

  it('do not save up while nobody comes', async () => {
    const gateway = await deploy(() => ({ limits: { newConnectionsPerSecond: 1 } }));
    gateway.clock.advance(3_600_000);
    expect(await handshake(gateway.webSocketUrl)).toMatchObject({ kind: 'open' });
    expect(await handshake(gateway.webSocketUrl)).toMatchObject({ kind: 'refused', status: 429 });
  });

  it('are let in without end by default', async () => {
    const gateway = await deploy();
    for (let i = 0; i < 20; i += 1) await connect(gateway.webSocketUrl);
    expect(gateway.connections()).toHaveLength(20);
  });
});
