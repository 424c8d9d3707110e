import { DeleteConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { describe, expect, it } from 'vitest';
import { type Deployment, deploy } from './deployment.ts';
import { firstId, managementClient } from './management.ts';
import { connect, type TestClient } from './test-client.ts';

const withDisconnect = () =>
  deploy((recording) => ({ routes: { $disconnect: recording() }, limits: { messageBytes: 1000 } }));

async function endOf(gateway: Deployment) {
  const { requestContext } = await gateway.events.next();
  return [requestContext.disconnectStatusCode, requestContext.disconnectReason];
}

type Ending = (gateway: Deployment, client: TestClient) => unknown;

const ENDINGS: readonly (readonly [string, number, string, Ending])[] = [
  ['the client closed with a code', 4001, 'bye', (_, { socket }) => socket.close(4001, 'bye')],
  [
    'the client closed without a code',
    1005,
    'Client-side close frame status not set',
    (_, { socket }) => socket.close(),
  ],
  ['the client vanished', 1006, '', (_, { socket }) => socket.terminate()],
  ['the network cut it', 1006, '', (gateway) => gateway.cut(firstId(gateway))],
  ['it was idle', 1001, 'Going away', ({ clock }) => clock.advance(600_000)],
  ['the client sent a binary frame', 1003, '', (_, { socket }) => socket.send(Buffer.from('x'))],
  ['the client sent too much', 1009, '', (_, { socket }) => socket.send('x'.repeat(1001))],
  [
    'it was deleted',
    1000,
    'Connection Closed Normally',
    (gateway) =>
      managementClient(gateway).send(new DeleteConnectionCommand({ ConnectionId: firstId(gateway) })),
  ],
];

describe('$disconnect', () => {
  it.each(ENDINGS)('is told that %s: %i', async (_how, code, reason, end) => {
    const gateway = await withDisconnect();
    const client = await connect(gateway.webSocketUrl);
    await end(gateway, client);
    expect(await endOf(gateway)).toEqual([code, reason]);
  });

  it('comes once, also when both sides close', async () => {
    const gateway = await withDisconnect();
    const client = await connect(gateway.webSocketUrl);
    gateway.cut(firstId(gateway), 4000);
    client.socket.close(4001);
    await client.closed;
    await gateway.settled();
    expect(await endOf(gateway)).toEqual([4000, '']);
    expect(gateway.events.all).toHaveLength(1);
  });

  it('does not wait for a client that never answers the closing handshake', async () => {
    const gateway = await withDisconnect();
    const client = await connect(gateway.webSocketUrl);
    client.socket.pause();
    gateway.clock.advance(600_000);
    expect(await endOf(gateway)).toEqual([1001, 'Going away']);
    client.socket.resume();
  });

  it('is not told of a handshake that $connect refused', async () => {
    const gateway = await deploy((recording) => ({
      routes: { $connect: async () => ({ statusCode: 403 }), $disconnect: recording() },
    }));
    await expect(connect(gateway.webSocketUrl)).rejects.toThrow('403');
    await gateway.settled();
    expect(gateway.events.all).toEqual([]);
  });

  it('is lost where chaos says so, for that connection alone', async () => {
    const lost = new Set<string>();
    const gateway = await deploy((recording) => ({
      routes: { $disconnect: recording() },
      chaos: { dropDisconnects: (connectionId) => lost.has(connectionId) },
    }));
    const unlucky = await connect(gateway.webSocketUrl);
    lost.add(firstId(gateway));
    unlucky.socket.close();
    await unlucky.closed;
    const lucky = await connect(gateway.webSocketUrl);
    const luckyId = firstId(gateway);
    lucky.socket.close();
    await gateway.events.next();
    await gateway.settled();
    expect(gateway.events.all.map(({ requestContext }) => requestContext.connectionId)).toEqual([luckyId]);
  });

  it('that throws harms nobody', async () => {
    const gateway = await deploy(() => ({ routes: { $disconnect: () => Promise.reject(new Error('x')) } }));
    const client = await connect(gateway.webSocketUrl);
    client.socket.close();
    await client.closed;
    await gateway.settled();
    await connect(gateway.webSocketUrl);
  });
});

describe('cut', () => {
  it('without a code drops the socket: the client sees 1006', async () => {
    const gateway = await withDisconnect();
    const client = await connect(gateway.webSocketUrl);
    expect(gateway.cut(firstId(gateway))).toBe(true);
    expect(await client.closed).toMatchObject({ code: 1006 });
  });

  it('with a code closes: the client sees the code', async () => {
    const gateway = await withDisconnect();
    const client = await connect(gateway.webSocketUrl);
    expect(gateway.cut(firstId(gateway), 1011)).toBe(true);
    expect(await client.closed).toMatchObject({ code: 1011 });
  });

  it('says whether there was such a connection', async () => {
    const gateway = await withDisconnect();
    expect(gateway.cut('L0SM9cOFvHcCIhw=')).toBe(false);
  });
});
