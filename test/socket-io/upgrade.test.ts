import fc from 'fast-check';
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { connectTable, type Table } from '../../lambdas/aws/table-client.ts';
import { runs } from '../promises/runs.ts';
import { freshTable } from '../support/table.ts';
import { type EchoOptions, type EchoServer, startEcho } from './echo-server.ts';
import { joinedPolling, openRaw, type RawSocket } from './raw-client.ts';
import { connected, nextEvent, openClient, request, upgraded } from './stock-clients.ts';

/** From HTTP long-polling to a WebSocket, when everything goes wrong that may. */

let table: Table;
beforeAll(async () => {
  table = connectTable(await freshTable());
});
afterAll(() => table.client.destroy());

/** A server for the length of one test. */
async function echo(options: EchoOptions = {}): Promise<EchoServer> {
  const server = await startEcho({ table, ...options });
  onTestFinished(server.stop);
  return server;
}

/** A session on HTTP long-polling, and a WebSocket that was opened to take it over. */
async function halfway(options: EchoOptions = {}) {
  const server = await echo(options);
  const polling = await joinedPolling(server.url);
  const { session } = server.arrived.at(-1) ?? {};
  const me = { session: session ?? '', namespace: '/' };
  return { server, polling, me, open: () => probing(server, polling.sid) };
}

async function probing(server: EchoServer, sid: string): Promise<RawSocket> {
  const socket = await openRaw(`${server.webSocketUrl}/socket.io/?EIO=4&transport=websocket&sid=${sid}`);
  if (typeof socket === 'number') throw new Error(`The handshake was refused with ${socket}.`);
  return socket;
}

describe('a probe that is abandoned', () => {
  test('leaves the session on HTTP long-polling, where polls wait again and another WebSocket may probe', async () => {
    const { server, polling, me, open } = await halfway();
    const first = await open();
    first.send('2probe');
    await first.next();
    expect(await polling.packets()).toEqual(['6']);
    await first.close();
    await server.gateway.settled();
    const waiting = polling.packets();
    await server.emit(me, 'tick', [1]);
    expect(await waiting).toEqual(['42["tick",1]']);
    const second = await open();
    second.send('2probe');
    expect(await second.next()).toBe('3probe');
    second.send('5', '42["message","moved"]');
    expect(await second.next()).toBe('42["message-back","moved"]');
  });

  test('is over after 10 s where nobody says that its WebSocket has closed', async () => {
    const { server, polling, me, open } = await halfway({ chaos: { dropDisconnects: () => true } });
    const first = await open();
    first.send('2probe');
    await first.next();
    await first.close();
    await server.gateway.settled();
    const early = await open();
    early.send('2probe');
    expect(await early.ended).toEqual({ code: 1000 });
    expect(await polling.packets()).toEqual(['6']);
    server.clock.leap(10_001);
    const waiting = polling.packets();
    await server.emit(me, 'tick', [1]);
    expect(await waiting).toEqual(['42["tick",1]']);
    const second = await open();
    second.send('2probe');
    expect(await second.next()).toBe('3probe');
  });

  test('has its WebSocket closed after 20 s, and the session goes on', async () => {
    const { server, polling, open } = await halfway();
    const [silent, probed] = [await open(), await open()];
    probed.send('2probe');
    await probed.next();
    server.clock.leap(20_001);
    expect(await Promise.all([silent.ended, probed.ended])).toEqual([{ code: 1000 }, { code: 1000 }]);
    await server.gateway.settled();
    await polling.post('42["message","still here"]');
    expect(await polling.packets()).toEqual(['42["message-back","still here"]']);
  });

  test('by a second WebSocket while the first one probes closes that one alone', async () => {
    const { open } = await halfway();
    const [first, second] = [await open(), await open()];
    first.send('2probe');
    await first.next();
    second.send('2probe');
    expect(await second.ended).toEqual({ code: 1000 });
    first.send('5', '42["message","mine"]');
    expect(await first.next()).toBe('42["message-back","mine"]');
  });

  test.each(['', 'x', '2', '3', '0', '4abc'])(
    'by the word "%s" closes its WebSocket alone',
    async (frame) => {
      const { polling, open } = await halfway();
      const socket = await open();
      socket.send(frame);
      expect(await socket.ended).toEqual({ code: 1000 });
      await polling.post('42["message","still here"]');
      expect(await polling.packets()).toEqual(['42["message-back","still here"]']);
    },
  );
});

describe('the word that moves a session', () => {
  test('may come after the message that follows it', async () => {
    const { server, me, open } = await halfway();
    const socket = await open();
    socket.send('2probe');
    await socket.next();
    await server.emit(me, 'tick', [1]);
    socket.send('427["message-with-ack","first"]');
    expect(await socket.next()).toBe('42["tick",1]');
    expect(await socket.next()).toBe('437["first"]');
    socket.send('5');
    await server.emit(me, 'tick', [2]);
    expect(await socket.next()).toBe('42["tick",2]');
    expect(socket.isOpen).toBe(true);
  });

  test('may come after binary data, which is refused as ever', async () => {
    const { open } = await halfway();
    const socket = await open();
    socket.send('2probe');
    await socket.next();
    socket.send('451-["message",{"_placeholder":true,"num":0}]');
    expect(await socket.next()).toContain('Binary data is not accepted');
  });

  test('is heeded without a probe, as the reference does', async () => {
    const { open } = await halfway();
    const socket = await open();
    socket.send('5', '42["message","unprobed"]');
    expect(await socket.next()).toBe('42["message-back","unprobed"]');
  });

  test('is heeded after the end of its connection, with the goodbye that follows it', async () => {
    const { server, me, open } = await halfway();
    const socket = await open();
    const [connectionId = ''] = server.gateway.connections();
    socket.send('2probe');
    await socket.next();
    await socket.close();
    await server.gateway.settled();
    await Promise.all(['5', '41'].map((frame) => server.sockets.frame(connectionId, frame)));
    expect(server.left).toMatchObject([{ isClean: true }]);
    expect((await server.store.find(me.session))?.sockets.size ?? 0).toBe(0);
  });

  test('goes on though its connection ends meanwhile, and the goodbye behind it is heard', async () => {
    const { server, me, open } = await halfway();
    const socket = await open();
    const [connectionId = ''] = server.gateway.connections();
    await server.mailboxes.beginMove(me.session, connectionId);
    await socket.close();
    await server.gateway.settled();
    expect(await server.store.find(me.session)).toMatchObject({ probe: connectionId });
    const goodbye = server.sockets.frame(connectionId, '41');
    await server.mailboxes.endMove(me.session, connectionId);
    await goodbye;
    expect(server.left).toMatchObject([{ isClean: true }]);
  });

  test('ends a poll that still waits', async () => {
    const { polling, open } = await halfway();
    const socket = await open();
    const waiting = polling.packets();
    socket.send('5', '42["message","moved"]');
    await socket.next();
    expect(await waiting).toEqual(['6']);
  });

  test('sends what lies in the mailbox first, and in order', async () => {
    const { server, me, open } = await halfway();
    for (let tick = 1; tick <= 5; tick += 1) await server.emit(me, 'tick', [tick]);
    const socket = await open();
    socket.send('5');
    for (let tick = 1; tick <= 5; tick += 1) expect(await socket.next()).toBe(`42["tick",${tick}]`);
  });

  test('ends the session where what lay in the mailbox could not be delivered', async () => {
    const broken = new Set<string>();
    const postFault = (connectionId: string) => (broken.has(connectionId) ? 'failed' : undefined);
    const { server, polling, me, open } = await halfway({ chaos: { postFault } });
    await server.emit(me, 'tick', [1]);
    const socket = await open();
    for (const connectionId of server.gateway.connections()) broken.add(connectionId);
    socket.send('5');
    expect(await socket.ended).toEqual({ code: 1000 });
    expect(await polling.poll()).toMatchObject({
      status: 400,
      body: '{"code":1,"message":"Session ID unknown"}',
    });
  });
});

describe('a stock client', () => {
  test('upgrades though API Gateway lets nothing through at first', async () => {
    const server = await echo({ chaos: { connectDelayMs: 100, postConnectDelayMs: 400 } });
    const socket = openClient(server.url);
    await upgraded(socket);
    expect(await request(socket, 'message-with-ack', 'moved')).toBe('moved');
    expect(server.failures()).toEqual([]);
  });

  test('stays on HTTP long-polling, and works, where WebSockets are refused', async () => {
    const server = await echo({ limits: { newConnectionsPerSecond: 0 } });
    const socket = openClient(server.url);
    const failed = new Promise((resolve) => socket.io.engine.once('upgradeError', resolve));
    await connected(socket);
    await failed;
    expect(await request(socket, 'message-with-ack', 'by post')).toBe('by post');
    const me = { session: server.arrived.at(-1)?.session ?? '', namespace: '/' };
    const heard = nextEvent(socket, 'tick');
    await server.emit(me, 'tick', [1]);
    expect(await heard).toEqual([1]);
    expect(socket.io.engine.transport.name).toBe('polling');
  });
});

describe('whatever is under way while a session moves', () => {
  /** Delays in ms, a seed for the gateway's jitter, and how many messages go each way. */
  const disorder = fc.record({
    jitterMs: fc.integer({ min: 0, max: 60 }),
    connectDelayMs: fc.integer({ min: 0, max: 80 }),
    postConnectDelayMs: fc.integer({ min: 0, max: 120 }),
    pauses: fc.infiniteStream(fc.integer({ min: 0, max: 12 })),
    chances: fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
    messages: fc.integer({ min: 1, max: 20 }),
  });

  test('arrives once, and what the server sends in order', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(disorder, async ({ chances, pauses, messages, ...chaos }) => {
        const random = () => chances.next().value ?? 0;
        const server = await startEcho({ table, chaos: { ...chaos, random } });
        const nextPause = () => pauses.next().value ?? 0;
        try {
          await Promise.all([1, 2, 3].map(() => chatThroughUpgrade(server, messages, nextPause)));
          expect(server.failures()).toEqual([]);
        } finally {
          await server.stop();
        }
      }),
      runs(8),
    );
  });
});

/** Lets one client and the server talk to each other from before the client's upgrade until after it. */
async function chatThroughUpgrade(
  server: EchoServer,
  messages: number,
  nextPause: () => number,
): Promise<void> {
  const name = Math.random().toString(36);
  const socket = openClient(server.url, { auth: { name }, forceNew: true });
  const heard = { ticks: [] as unknown[], echoes: [] as unknown[] };
  const ends: string[] = [];
  socket.on('tick', (tick) => heard.ticks.push(tick));
  socket.on('message-back', (_, echo) => heard.echoes.push(echo));
  socket.on('disconnect', (reason) => ends.push(reason));
  const count = Array.from({ length: messages }, (_, at) => at);
  await Promise.all([
    tickAfterArrival(server, name, count, nextPause),
    shout(socket, name, count, nextPause),
    askOneByOne(socket, name, count),
    upgraded(socket),
  ]);
  await expect.poll(() => heard.echoes.length).toBeGreaterThanOrEqual(messages);
  await expect.poll(() => heard.ticks.length).toBeGreaterThanOrEqual(messages);
  await request(socket, 'message-with-ack', 'the last');
  const said = (event: string) =>
    server.heard
      .filter((one) => one.event.name === event && one.event.args[0] === name)
      .map((one) => one.event.args[1]);
  expect(heard.ticks).toEqual(count);
  expect(heard.echoes.toSorted((a, b) => Number(a) - Number(b))).toEqual(count);
  expect(said('message').toSorted((a, b) => Number(a) - Number(b))).toEqual(count);
  expect(said('message-with-ack')).toEqual(count);
  expect(ends).toEqual([]);
  socket.disconnect();
}

async function tickAfterArrival(
  server: EchoServer,
  name: string,
  count: readonly number[],
  nextPause: () => number,
): Promise<void> {
  const mine = () => server.arrived.find(({ auth }) => auth.name === name);
  await expect.poll(mine, { interval: 2 }).toBeDefined();
  const session = mine()?.session ?? '';
  for (const tick of count) {
    await server.emit({ session, namespace: '/' }, 'tick', [tick]);
    await pause(nextPause());
  }
}

async function shout(
  socket: Socket,
  name: string,
  count: readonly number[],
  nextPause: () => number,
): Promise<void> {
  for (const at of count) {
    socket.emit('message', name, at);
    await pause(nextPause());
  }
}

async function askOneByOne(socket: Socket, name: string, count: readonly number[]): Promise<void> {
  for (const at of count) {
    await new Promise((resolve) => socket.emit('message-with-ack', name, at, resolve));
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
