import { PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { describe, expect, it } from 'vitest';
import { deploy } from './deployment.ts';
import { managementClient } from './management.ts';
import { connect } from './test-client.ts';

const KIB = 1024;
const MINUTE = 60_000;
const text = (bytes: number) => 'x'.repeat(bytes);
/** Compresses to nothing and back. */
const COMPRESSED = { perMessageDeflate: { threshold: 0 } };
const PLAIN = { perMessageDeflate: false };

describe('a client', () => {
  it('that sends a binary frame is closed with 1003, and no function runs', async () => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl);
    client.socket.send(Buffer.from('{}'));
    expect(await client.closed).toMatchObject({ code: 1003 });
    expect(gateway.events.all).toEqual([]);
  });

  it('that sends text which is no UTF-8 is closed with 1007', async () => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl, PLAIN);
    client.socket.send(Buffer.from([0xff, 0xfe]), { binary: false });
    expect(await client.closed).toMatchObject({ code: 1007 });
  });

  it.each([
    ['plain', PLAIN],
    ['compressed', COMPRESSED],
  ])('may send a %s frame of 32 KB', async (_name, options) => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl, options);
    client.send(text(32 * KIB));
    expect((await gateway.events.next()).body).toHaveLength(32 * KIB);
  });

  it.each([
    ['plain', PLAIN, 32 * KIB + 1],
    ['plain', PLAIN, 129 * KIB],
    ['compressed', COMPRESSED, 32 * KIB + 1],
    ['compressed', COMPRESSED, 129 * KIB],
  ])('that sends a %s frame over 32 KB is closed with 1009 (%#)', async (_name, options, bytes) => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl, options);
    client.send(text(bytes));
    client.send('later');
    expect(await client.closed).toMatchObject({ code: 1009 });
    expect(gateway.events.all).toEqual([]);
  });

  it.each([
    ['plain', PLAIN],
    ['compressed', COMPRESSED],
  ])('may send 128 KB in %s frames of 32 KB', async (_name, options) => {
    const gateway = await deploy();
    const { socket } = await connect(gateway.webSocketUrl, options);
    for (let sent = 1; sent <= 4; sent += 1) socket.send(text(32 * KIB), { fin: sent === 4 });
    expect((await gateway.events.next()).body).toHaveLength(128 * KIB);
  });

  it('that sends one frame over 32 KB among smaller ones is closed with 1009', async () => {
    const gateway = await deploy();
    const { socket, closed } = await connect(gateway.webSocketUrl, PLAIN);
    socket.send(text(32 * KIB + 1), { fin: false });
    socket.send('x');
    expect(await closed).toMatchObject({ code: 1009 });
    expect(gateway.events.all).toEqual([]);
  });

  it('that sends more than 128 KB in small frames is closed with 1009', async () => {
    const gateway = await deploy();
    const { socket, closed } = await connect(gateway.webSocketUrl, PLAIN);
    for (let sent = 1; sent <= 4; sent += 1) socket.send(text(32 * KIB), { fin: false });
    socket.send('x');
    expect(await closed).toMatchObject({ code: 1009 });
    expect(gateway.events.all).toEqual([]);
  });

  it('may send an empty frame', async () => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl);
    client.send('');
    expect((await gateway.events.next()).body).toBe('');
  });
});

describe('an idle connection', () => {
  it('is closed with 1001 after ten minutes', async () => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl);
    gateway.clock.advance(10 * MINUTE - 1);
    expect(gateway.connections()).toHaveLength(1);
    gateway.clock.advance(1);
    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
    expect(gateway.connections()).toEqual([]);
  });

  it('is kept by a frame from the client', async () => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl);
    gateway.clock.advance(9 * MINUTE);
    client.send('x');
    await gateway.events.next();
    gateway.clock.advance(10 * MINUTE - 1);
    expect(gateway.connections()).toHaveLength(1);
    gateway.clock.advance(1);
    expect(await client.closed).toMatchObject({ code: 1001 });
  });

  it('is kept by a post to the client', async () => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl);
    const [ConnectionId] = gateway.connections();
    gateway.clock.advance(9 * MINUTE);
    await managementClient(gateway).send(new PostToConnectionCommand({ ConnectionId, Data: 'x' }));
    gateway.clock.advance(10 * MINUTE - 1);
    expect(gateway.connections()).toHaveLength(1);
    gateway.clock.advance(1);
    expect(await client.closed).toMatchObject({ code: 1001 });
  });

  it('is not kept by protocol pings', async () => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl);
    gateway.clock.advance(9 * MINUTE);
    await client.flushed();
    gateway.clock.advance(MINUTE);
    expect(await client.closed).toMatchObject({ code: 1001 });
  });
});

describe('a connection', () => {
  it('is closed with 1001 after two hours, however busy', async () => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl);
    for (let minutes = 0; minutes < 117; minutes += 9) {
      gateway.clock.advance(9 * MINUTE);
      client.send('x');
      await gateway.events.next();
    }
    gateway.clock.advance(3 * MINUTE - 1);
    expect(gateway.connections()).toHaveLength(1);
    gateway.clock.advance(1);
    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
  });

  it('leaves no timer behind', async () => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl);
    expect(gateway.clock.scheduled).toBeGreaterThan(0);
    client.socket.close();
    await client.closed;
    await gateway.settled();
    expect(gateway.clock.scheduled).toBe(0);
  });

  it('has the limits that the options give it', async () => {
    const gateway = await deploy(() => ({ limits: { idleTimeoutMs: 5, frameBytes: 10 } }));
    const [chatty, silent] = [await connect(gateway.webSocketUrl), await connect(gateway.webSocketUrl)];
    chatty.send(text(11));
    expect(await chatty.closed).toMatchObject({ code: 1009 });
    gateway.clock.advance(5);
    expect(await silent.closed).toMatchObject({ code: 1001 });
  });
});
