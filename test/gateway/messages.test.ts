import { describe, expect, it } from 'vitest';
import { type Deployment, deploy, gate, type RouteEvent } from './deployment.ts';
import { connect, type TestClient } from './test-client.ts';

const idOf = (gateway: Deployment) => gateway.connections()[0];

/** Every frame that came until all that was sent has been dealt with. */
async function framesOf(gateway: Deployment, client: TestClient): Promise<readonly string[]> {
  await client.flushed();
  await gateway.settled();
  await client.flushed();
  return client.frames.all;
}

describe('a frame', () => {
  it('runs the function of the route that its action names', async () => {
    const gateway = await deploy((recording) => ({
      routes: { sendMessage: recording(), $default: recording() },
    }));
    const client = await connect(gateway.webSocketUrl);
    client.send({ action: 'sendMessage' });
    expect((await gateway.events.next()).requestContext.routeKey).toBe('sendMessage');
    client.send('2probe');
    expect((await gateway.events.next()).requestContext.routeKey).toBe('$default');
  });

  it('selects by another key where one is configured', async () => {
    const gateway = await deploy((recording) => ({
      routeSelectionKey: 'type',
      routes: { greet: recording() },
    }));
    const client = await connect(gateway.webSocketUrl);
    client.send({ type: 'greet' });
    expect((await gateway.events.next()).requestContext.routeKey).toBe('greet');
  });

  it('that no route takes is answered Forbidden, and the connection stays', async () => {
    const gateway = await deploy((recording) => ({ routes: { greet: recording() } }));
    const client = await connect(gateway.webSocketUrl);
    client.send('hello');
    expect(await client.frames.next()).toMatch(
      new RegExp(`^{"message": "Forbidden", "connectionId":"${idOf(gateway)}", "requestId":"[\\w-]{15}="}$`),
    );
    client.send({ action: 'greet' });
    expect((await gateway.events.next()).requestContext.routeKey).toBe('greet');
  });

  it('whose function throws is answered Internal server error, and the connection stays', async () => {
    let request = '';
    const gateway = await deploy((recording) => ({
      routes: {
        fail: ({ requestContext }: RouteEvent) => {
          request = requestContext.requestId;
          throw new Error('secret');
        },
        greet: recording(),
      },
    }));
    const client = await connect(gateway.webSocketUrl);
    client.send({ action: 'fail' });
    expect(await client.frames.next()).toBe(
      `{"message": "Internal server error", "connectionId":"${idOf(gateway)}", "requestId":"${request}"}`,
    );
    client.send({ action: 'greet' });
    await gateway.events.next();
  });

  it('whose function answers what JSON cannot say is answered Internal server error', async () => {
    const gateway = await deploy(() => ({ routes: { $default: async () => 1n } }));
    const client = await connect(gateway.webSocketUrl);
    client.send('x');
    expect(JSON.parse(await client.frames.next())).toMatchObject({ message: 'Internal server error' });
  });

  it('whose function takes 29 s is answered Endpoint request timed out, once', async () => {
    const asked = gate();
    const answer = gate();
    const gateway = await deploy(() => ({
      routes: {
        $default: () => {
          asked.open();
          return answer.opened;
        },
      },
    }));
    const client = await connect(gateway.webSocketUrl);
    client.send('slow');
    await asked.opened;
    gateway.clock.advance(28_999);
    await client.flushed();
    expect(client.frames.all).toEqual([]);
    gateway.clock.advance(1);
    expect(JSON.parse(await client.frames.next())).toMatchObject({
      message: 'Endpoint request timed out',
      connectionId: idOf(gateway),
    });
    answer.open();
    expect(await framesOf(gateway, client)).toHaveLength(1);
  });

  it.each([{ statusCode: 200, body: 'hello' }, { statusCode: 500, body: 'no' }, 'text', undefined])(
    'is not answered with what its function returns: %o',
    async (value) => {
      const gateway = await deploy(() => ({ routes: { $default: async () => value } }));
      const client = await connect(gateway.webSocketUrl);
      client.send('x');
      expect(await framesOf(gateway, client)).toEqual([]);
    },
  );

  it('over the account throttle is answered Too Many Requests and runs nothing', async () => {
    const gateway = await deploy((recording) => ({
      routes: { $default: recording() },
      limits: { requestsPerSecond: 10, requestBurst: 3 },
    }));
    const client = await connect(gateway.webSocketUrl);
    for (const frame of ['a', 'b', 'c']) client.send(frame);
    expect(JSON.parse(await client.frames.next())).toMatchObject({ message: 'Too Many Requests' });
    gateway.clock.advance(100);
    client.send('d');
    await framesOf(gateway, client);
    // The handshake took the first of the three.
    expect(gateway.events.all.map(({ body }) => body)).toEqual(['a', 'b', 'd']);
  });
});

describe('two frames of one connection', () => {
  it('run at once: the second does not wait for the first', async () => {
    const first = gate();
    const done: string[] = [];
    const gateway = await deploy(() => ({
      routes: {
        $default: async ({ body }: RouteEvent) => {
          if (body === '1') await first.opened;
          done.push(body ?? '');
          if (body === '2') first.open();
        },
      },
    }));
    const client = await connect(gateway.webSocketUrl);
    client.send('1');
    client.send('2');
    await client.flushed();
    await gateway.settled();
    expect(done).toEqual(['2', '1']);
  });

  it('may overtake one another where there is jitter', async () => {
    const delays = [0.9, 0.1];
    const gateway = await deploy((recording) => ({
      routes: { $default: recording() },
      chaos: { jitterMs: 100, random: () => delays.shift() ?? 0 },
    }));
    const client = await connect(gateway.webSocketUrl);
    client.send('1');
    client.send('2');
    await client.flushed();
    expect(gateway.events.all).toEqual([]);
    gateway.clock.advance(100);
    await gateway.settled();
    expect(gateway.events.all.map(({ body }) => body)).toEqual(['2', '1']);
  });

  it('come in order where there is none', async () => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl);
    const sent = Array.from({ length: 50 }, (_, at) => String(at));
    for (const frame of sent) client.send(frame);
    await client.flushed();
    expect(gateway.events.all.map(({ body }) => body)).toEqual(sent);
  });
});

describe('a function', () => {
  it('learns of its invocation from the context', async () => {
    const contexts: unknown[] = [];
    const asked = gate();
    const go = gate();
    const gateway = await deploy(() => ({
      routes: {
        sendMessage: async (_event, context) => {
          asked.open();
          await go.opened;
          contexts.push({ ...context, left: context.getRemainingTimeInMillis() });
        },
      },
    }));
    const client = await connect(gateway.webSocketUrl);
    client.send({ action: 'sendMessage' });
    await asked.opened;
    gateway.clock.advance(4_000);
    go.open();
    await gateway.settled();
    expect(contexts).toMatchObject([
      { functionName: 'sendMessage', awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/), left: 25_000 },
    ]);
  });

  it('leaves a line in the log when it fails, with the cause', async () => {
    const lines: unknown[] = [];
    const gateway = await deploy(() => ({
      routes: { $default: () => Promise.reject(new Error('the cause')) },
      log: (message, details) => lines.push([message, details]),
    }));
    const client = await connect(gateway.webSocketUrl);
    client.send('x');
    await client.frames.next();
    expect(lines).toEqual([
      ['route $default: the integration failed', expect.objectContaining({ error: new Error('the cause') })],
    ]);
  });
});
