import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { NOTED_PARTITIONS } from '../../lambdas/aws/keys.ts';
import { connectTable } from '../../lambdas/aws/table-client.ts';
import { freshTable } from '../support/table.ts';
import { type EchoServer, startEcho } from './echo-server.ts';
import { joinedPolling, joinedSession, type RawSocket } from './raw-client.ts';
import { type Request, recordRequests } from './requests.ts';
import { connected, openClient, upgraded } from './stock-clients.ts';

const MINUTE_MS = 60_000;
const CYCLE = 9;

let server: EchoServer;
let requests: Request[];
beforeEach(async () => {
  const table = connectTable(await freshTable());
  requests = recordRequests(table);
  server = await startEcho({ table });
  onTestFinished(async () => {
    await server.stop();
    table.client.destroy();
  });
});

/** Lets minutes pass, the sweep at the end of each, and all that it leads to. */
async function pass(minutes: number, afterSweep: () => Promise<void> = async () => {}): Promise<void> {
  // What is still being served when time leaps would be taken for too slow.
  await server.gateway.settled();
  for (let minute = 0; minute < minutes; minute += 1) {
    server.clock.leap(MINUTE_MS);
    await server.sweep();
    await afterSweep();
    await server.gateway.settled();
  }
}

/** Answers every ping, as a client does. */
function answering(socket: RawSocket): RawSocket {
  socket.socket.on('message', (data) => {
    if (data.toString() === '2') socket.send('3');
  });
  return socket;
}

const pingsOf = ({ frames }: RawSocket) => frames.all.filter((frame) => frame === '2').length;

describe('the heartbeat over WebSocket', () => {
  test('pings each session once in nine minutes', async () => {
    const sockets = await Promise.all(Array.from({ length: 16 }, () => joinedSession(server.webSocketUrl)));
    for (const socket of sockets) answering(socket);
    for (let cycle = 1; cycle <= 2; cycle += 1) {
      await pass(CYCLE, async () => void (await Promise.all(sockets.map((socket) => socket.flushed()))));
      expect(sockets.map(pingsOf)).toEqual(sockets.map(() => cycle));
    }
  });

  test('costs an idle connection at most 14 frames an hour, and keeps it', async () => {
    const socket = await joinedSession(server.webSocketUrl);
    const before = socket.frames.all.length;
    answering(socket);
    await pass(60, () => socket.flushed());
    const fromServer = socket.frames.all.length - before;
    expect(pingsOf(socket)).toBe(fromServer);
    expect(fromServer * 2).toBeLessThanOrEqual(14);
    expect(fromServer).toBeGreaterThanOrEqual(6);
    expect(socket.isOpen).toBe(true);
  });

  test('scans nothing: a sweep is a Query of each partition of its minute, and a pong is one write', async () => {
    const socket = answering(await joinedSession(server.webSocketUrl));
    const seen = new Set<string | undefined>();
    requests.length = 0;
    await pass(CYCLE, async () => {
      const queried = requests.splice(0).flatMap(({ command, partition }) => {
        return command === 'Query' ? [partition ?? 'no partition'] : [];
      });
      const ofSessions = queried.filter((partition) => !NOTED_PARTITIONS.includes(partition));
      expect(ofSessions).toHaveLength(4);
      // The statistics' entries, which the same function looks after.
      expect(queried.length - ofSessions.length).toBe(NOTED_PARTITIONS.length);
      for (const partition of ofSessions) seen.add(partition);
      await socket.flushed();
    });
    expect(seen.size).toBe(CYCLE * 4);
    requests.length = 0;
    await pass(CYCLE, () => socket.flushed());
    const others = requests.map(({ command }) => command).filter((command) => command !== 'Query');
    expect(others).toEqual(['GetItem', 'UpdateItem']);
  });

  test('ends a session that leaves a ping unanswered', async () => {
    const [silent, healthy] = await Promise.all([1, 2].map(() => joinedSession(server.webSocketUrl)));
    if (!silent || !healthy) throw new Error('Two sockets were asked for.');
    answering(healthy);
    // The first ping may come too early in the cycle for the second to find that 11 minutes have passed.
    await pass(3 * CYCLE, () => healthy.flushed());
    expect(await silent.ended).toMatchObject({ code: expect.any(Number) });
    expect(pingsOf(silent)).toBeLessThanOrEqual(2);
    expect(healthy.isOpen).toBe(true);
    await expect.poll(() => server.left).toHaveLength(1);
  });

  test('ends a session whose connection is gone, though nobody has said so', async () => {
    const quiet = await startEcho({ table: server.table, chaos: { dropDisconnects: () => true } });
    onTestFinished(quiet.stop);
    const socket = await joinedSession(quiet.webSocketUrl);
    await socket.close();
    for (let minute = 0; minute < CYCLE; minute += 1) {
      quiet.clock.leap(MINUTE_MS);
      await quiet.sweep();
    }
    expect(quiet.left).toHaveLength(1);
  });
});

describe('the heartbeat over HTTP long-polling', () => {
  test('brings a ping once in nine minutes, however busy the polls are', async () => {
    const polling = await joinedPolling(server.url);
    const session = server.arrived.at(-1)?.session ?? '';
    for (let cycle = 1; cycle <= 2; cycle += 1) {
      const packets: string[] = [];
      await pass(CYCLE, async () => {
        await server.emit({ session, namespace: '/' }, 'tick', []);
        packets.push(...(await polling.packets()));
        if (packets.at(-1) === '2' || packets.at(-2) === '2') await polling.post('3');
      });
      expect(packets.filter((packet) => packet === '2')).toHaveLength(1);
      expect(packets.filter((packet) => packet.startsWith('42'))).toHaveLength(CYCLE);
    }
  });

  test('ends a session that nobody polls for within a cycle of two minutes’ silence', async () => {
    const polling = await joinedPolling(server.url);
    await pass(CYCLE + 2);
    expect(server.left).toHaveLength(1);
    expect(await polling.poll()).toMatchObject({ status: 400 });
  });
});

test('a stock client answers the sweep on either transport', async () => {
  const polling = openClient(server.url, { transports: ['polling'], forceNew: true });
  const moved = openClient(server.url, { forceNew: true });
  await Promise.all([connected(polling), connected(moved), upgraded(moved)]);
  const before = server.clock.now();
  for (let slot = 0; slot < CYCLE; slot += 1) await server.sockets.beat(slot);
  const seen = async () => {
    const sessions = await Promise.all(server.arrived.map(({ session }) => server.store.find(session)));
    return sessions.map((session) => (session?.seenAt ?? 0) >= before);
  };
  await expect.poll(seen).toEqual([true, true]);
  expect([polling.connected, moved.connected]).toEqual([true, true]);
});
