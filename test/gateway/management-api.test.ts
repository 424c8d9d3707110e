import { describe, expect, it } from 'vitest';
import { type Deployment, deploy } from './deployment.ts';
import { firstId, NEVER_CONNECTED, operations } from './management.ts';
import { connect } from './test-client.ts';

const SIGNED =
  `AWS4-HMAC-SHA256 Credential=local/20260209/eu-central-1/execute-api/aws4_request, ` +
  `SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;

function fetchConnection(gateway: Deployment, path: string, authorization?: string, method = 'GET') {
  const headers = authorization === undefined ? {} : { authorization };
  return fetch(`${gateway.url}${path}`, { method, headers });
}

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

  it('for one that has gone is answered without a body', async () => {
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
