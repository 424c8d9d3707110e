import {
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { describe, expect, it } from 'vitest';
import { type Deployment, deploy, gate, managementClient, type RouteEvent } from './deployment.ts';
import { connect } from './test-client.ts';

const NEVER_CONNECTED = 'L0SM9cOFvHcCIhw=';
const KIB = 1024;

const firstId = (gateway: Deployment) => gateway.connections()[0] ?? '';

/** The three operations of the SDK on one connection. */
function operations(gateway: Deployment, ConnectionId: string) {
  const client = managementClient(gateway);
  return {
    post: (Data: string | Uint8Array) => client.send(new PostToConnectionCommand({ ConnectionId, Data })),
    get: () => client.send(new GetConnectionCommand({ ConnectionId })),
    remove: () => client.send(new DeleteConnectionCommand({ ConnectionId })),
  };
}

const SIGNED =
  `AWS4-HMAC-SHA256 Credential=local/20260209/eu-central-1/execute-api/aws4_request, ` +
  `SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;

function fetchConnection(gateway: Deployment, path: string, authorization?: string, method = 'GET') {
  const headers = authorization === undefined ? {} : { authorization };
  return fetch(`${gateway.url}${path}`, { method, headers });
}

describe('a post', () => {
  it('reaches the client as a text frame', async () => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl);
    const answer = await operations(gateway, firstId(gateway)).post('{"event":"newMessage","é":"✓"}');
    expect(answer.$metadata.httpStatusCode).toBe(200);
    expect(await client.frames.next()).toBe('{"event":"newMessage","é":"✓"}');
  });

  it('reaches the client as text though it was bytes', async () => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl);
    const kinds: boolean[] = [];
    client.socket.on('message', (_data, isBinary) => kinds.push(isBinary));
    await operations(gateway, firstId(gateway)).post(Buffer.from('bytes'));
    expect(await client.frames.next()).toBe('bytes');
    expect(kinds).toEqual([false]);
  });

  it.each(['', new Uint8Array()])('of nothing is an empty frame', async (data) => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl);
    await operations(gateway, firstId(gateway)).post(data);
    expect(await client.frames.next()).toBe('');
  });

  it('keeps its place behind the posts awaited before it', async () => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl);
    const { post } = operations(gateway, firstId(gateway));
    // The first is large enough to be compressed, which takes a turn or two.
    const sent = ['x'.repeat(100 * KIB), '1', '2'];
    for (const data of sent) await post(data);
    await client.flushed();
    expect(client.frames.all).toEqual(sent);
  });

  it('may hold 128 KB', async () => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl);
    await operations(gateway, firstId(gateway)).post('x'.repeat(128 * KIB));
    expect(await client.frames.next()).toHaveLength(128 * KIB);
  });

  it('of more than 128 KB is a PayloadTooLargeException, and the connection stays', async () => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl);
    const { post } = operations(gateway, firstId(gateway));
    await expect(post('x'.repeat(128 * KIB + 1))).rejects.toMatchObject({
      name: 'PayloadTooLargeException',
      $metadata: { httpStatusCode: 413 },
    });
    await post('next');
    expect(await client.frames.next()).toBe('next');
  });

  it('to a client that does not read is a LimitExceededException once its buffer is full', async () => {
    const gateway = await deploy(() => ({ limits: { clientBufferBytes: 64 * KIB } }));
    const client = await connect(gateway.webSocketUrl, { perMessageDeflate: false });
    client.socket.pause();
    const { post } = operations(gateway, firstId(gateway));
    const untilRefused = async () => {
      for (let posts = 0; posts < 1000; posts += 1) await post('x'.repeat(128 * KIB));
    };
    await expect(untilRefused()).rejects.toMatchObject({
      name: 'LimitExceededException',
      $metadata: { httpStatusCode: 429 },
    });
    client.socket.resume();
  });

  it.each([
    ['throttled', 'LimitExceededException', 429],
    ['failed', 'InternalServerErrorException', 500],
  ] as const)('can be made to be %s: %s', async (fault, name, httpStatusCode) => {
    const gateway = await deploy(() => ({ chaos: { postFault: () => fault } }));
    const client = await connect(gateway.webSocketUrl);
    const { post } = operations(gateway, firstId(gateway));
    await expect(post('x')).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
    await client.flushed();
    expect(client.frames.all).toEqual([]);
  });

  it('can be made to hang until its caller gives up', async () => {
    const asked = gate();
    const gateway = await deploy(() => ({
      chaos: {
        postFault: () => {
          asked.open();
          return 'hung';
        },
      },
    }));
    await connect(gateway.webSocketUrl);
    const caller = new AbortController();
    const command = new PostToConnectionCommand({ ConnectionId: firstId(gateway), Data: 'x' });
    const client = managementClient(gateway);
    const post = client.send(command, { abortSignal: caller.signal });
    const outcome = post.then(
      () => 'answered',
      ({ name }) => name,
    );
    await asked.opened;
    // Another exchange later it would have been answered.
    await operations(gateway, firstId(gateway)).get();
    expect(await Promise.race([outcome, Promise.resolve('pending')])).toBe('pending');
    caller.abort();
    await expect(post).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a question for a connection', () => {
  it('tells since when it stands, when it was last active, and whose it is', async () => {
    const gateway = await deploy();
    const connectedAt = new Date(gateway.clock.now());
    const client = await connect(gateway.webSocketUrl, { headers: { 'User-Agent': 'test/1' } });
    gateway.clock.advance(5000);
    client.send('x');
    await gateway.events.next();
    gateway.clock.advance(5000);
    expect(await operations(gateway, firstId(gateway)).get()).toMatchObject({
      ConnectedAt: connectedAt,
      LastActiveAt: new Date(connectedAt.getTime() + 5000),
      Identity: { SourceIp: '127.0.0.1', UserAgent: 'test/1' },
    });
  });
});

describe('a deletion', () => {
  it('closes the connection with 1000 and answers 204', async () => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl);
    const { remove, post } = operations(gateway, firstId(gateway));
    expect((await remove()).$metadata.httpStatusCode).toBe(204);
    await expect(post('x')).rejects.toMatchObject({ name: 'GoneException' });
    expect(await client.closed).toEqual({ code: 1000, reason: 'Connection Closed Normally' });
  });
});

describe('a GoneException', () => {
  const GONE = { name: 'GoneException', $metadata: { httpStatusCode: 410 } };

  it.each(['post', 'get', 'remove'] as const)('meets a %s to one that never connected', async (operation) => {
    const gateway = await deploy();
    await expect(operations(gateway, NEVER_CONNECTED)[operation]('x')).rejects.toMatchObject(GONE);
  });

  it.each(['post', 'get', 'remove'] as const)('meets a %s to one that has gone', async (operation) => {
    const gateway = await deploy((recording) => ({ routes: { $disconnect: recording() } }));
    const client = await connect(gateway.webSocketUrl);
    const id = firstId(gateway);
    client.socket.close();
    await gateway.events.next();
    await expect(operations(gateway, id)[operation]('x')).rejects.toMatchObject(GONE);
  });

  it('meets a post from inside $connect', async () => {
    const refusals: unknown[] = [];
    const gateway: Deployment = await deploy(() => ({
      routes: {
        $connect: async ({ requestContext }: RouteEvent) => {
          const { post } = operations(gateway, requestContext.connectionId);
          await post('too early').catch((error) => refusals.push(error));
          return { statusCode: 200 };
        },
      },
    }));
    const client = await connect(gateway.webSocketUrl);
    expect(refusals).toMatchObject([GONE]);
    await operations(gateway, firstId(gateway)).post('in time');
    expect(await client.frames.next()).toBe('in time');
  });

  it('meets a post between the answer of $connect and the 101', async () => {
    const gateway = await deploy((recording) => ({
      routes: { $connect: recording() },
      chaos: { connectDelayMs: 50 },
    }));
    const opening = connect(gateway.webSocketUrl);
    const { requestContext } = await gateway.events.next();
    const { post } = operations(gateway, requestContext.connectionId);
    await expect(post('x')).rejects.toMatchObject(GONE);
    gateway.clock.advance(50);
    await opening;
    await post('x');
  });

  it('meets a post until the configured delay after the 101 has passed', async () => {
    const gateway = await deploy(() => ({ chaos: { postConnectDelayMs: 100 } }));
    const client = await connect(gateway.webSocketUrl);
    const { post } = operations(gateway, firstId(gateway));
    await expect(post('x')).rejects.toMatchObject(GONE);
    gateway.clock.advance(100);
    await post('x');
    expect(await client.frames.next()).toBe('x');
  });

  it('has no body', async () => {
    const gateway = await deploy();
    const response = await fetchConnection(
      gateway,
      `/ws/@connections/${encodeURIComponent(NEVER_CONNECTED)}`,
      SIGNED,
    );
    expect([response.status, response.headers.get('x-amzn-errortype'), await response.text()]).toEqual([
      410,
      'GoneException',
      '',
    ]);
  });
});

describe('an id that is none', () => {
  it.each(['not-an-id', '../admin', 'a#b', 'x'.repeat(10_000), '__proto__', '%'])(
    'is a BadRequestException: %s',
    async (id) => {
      const gateway = await deploy();
      await expect(operations(gateway, id).post('x')).rejects.toMatchObject({
        name: 'BadRequestException',
        message: `Invalid connectionId: ${id}`,
        $metadata: { httpStatusCode: 400 },
      });
    },
  );

  it('with a malformed escape is a 400', async () => {
    const gateway = await deploy();
    expect((await fetchConnection(gateway, '/ws/@connections/%zz', SIGNED)).status).toBe(400);
  });
});

describe('a request to @connections', () => {
  const path = `/ws/@connections/${encodeURIComponent(NEVER_CONNECTED)}`;

  const unsigned: readonly (readonly [string, string | undefined])[] = [
    ['without a signature', undefined],
    ['with another scheme', 'Bearer token'],
    ['signed for another service', SIGNED.replace('execute-api', 'dynamodb')],
    ['with a signature cut short', SIGNED.slice(0, -1)],
    ['with an older algorithm', SIGNED.replace('AWS4', 'AWS3')],
  ];
  it.each(unsigned)('%s is forbidden', async (_how, authorization) => {
    const gateway = await deploy();
    const response = await fetchConnection(gateway, path, authorization);
    expect([response.status, await response.text()]).toEqual([403, '{"message":"Forbidden"}']);
  });

  it('with a signature passes', async () => {
    const gateway = await deploy();
    expect((await fetchConnection(gateway, path, SIGNED)).status).toBe(410);
  });

  it('for another stage is forbidden', async () => {
    const gateway = await deploy();
    const elsewhere = { ...gateway, callbackUrl: `${gateway.url}/prod` };
    await expect(operations(elsewhere, NEVER_CONNECTED).get()).rejects.toMatchObject({
      name: 'ForbiddenException',
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('may come by a mapping key', async () => {
    const gateway = await deploy(() => ({ mappings: ['socket.io'] }));
    const client = await connect(gateway.webSocketUrl);
    const mapped = { ...gateway, callbackUrl: `${gateway.url}/socket.io` };
    await operations(mapped, firstId(gateway)).post('x');
    expect(await client.frames.next()).toBe('x');
  });

  it('by a method it does not know is forbidden', async () => {
    const gateway = await deploy();
    expect((await fetchConnection(gateway, path, SIGNED, 'PATCH')).status).toBe(403);
  });

  it.each([{ accessKeyId: 'another' }, { region: 'us-east-1' }])(
    'by other credentials than those asked for is forbidden: %o',
    async (credentials) => {
      const gateway = await deploy(() => ({ credentials }));
      await expect(operations(gateway, NEVER_CONNECTED).get()).rejects.toMatchObject({
        name: 'ForbiddenException',
      });
    },
  );

  it('by the credentials asked for passes', async () => {
    const gateway = await deploy(() => ({ credentials: { accessKeyId: 'local', region: 'eu-central-1' } }));
    await expect(operations(gateway, NEVER_CONNECTED).get()).rejects.toMatchObject({ name: 'GoneException' });
  });

  it('over the account throttle is a LimitExceededException', async () => {
    const gateway = await deploy(() => ({ limits: { requestsPerSecond: 1, requestBurst: 2 } }));
    const client = await connect(gateway.webSocketUrl);
    const { post } = operations(gateway, firstId(gateway));
    await post('1');
    await expect(post('2')).rejects.toMatchObject({ name: 'LimitExceededException' });
    gateway.clock.advance(1000);
    await post('3');
    await client.flushed();
    expect(client.frames.all).toEqual(['1', '3']);
  });
});
