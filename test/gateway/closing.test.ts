import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startGateway } from '../../local/gateway/gateway.ts';
import { deploy, gate } from './deployment.ts';
import { connect, handshake } from './test-client.ts';

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
