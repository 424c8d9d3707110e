import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { deploy, gate } from './deployment.ts';
import { connect, exchangeBytes } from './test-client.ts';

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
