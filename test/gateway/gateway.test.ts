import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { startGateway } from '../../local/gateway/gateway.ts';
import { deploy } from './deployment.ts';
import { connect, exchangeBytes } from './test-client.ts';

const HAS_IPV6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

/** Where to listen, and how that is reached. */
const HOSTS: readonly (readonly [string, string])[] = [
  ['0.0.0.0', '127.0.0.1'],
  ['localhost', 'localhost'],
  ...(HAS_IPV6
    ? ([
        ['::1', '[::1]'],
        ['::', '[::1]'],
      ] as const)
    : []),
];

describe('one port', () => {
  const everything = () =>
    deploy((recording) => ({
      routes: { $default: recording() },
      mappings: ['socket.io'],
      http: async () => 'from the HTTP API',
      intercept: (request, response) => {
        if (request.url !== '/demo') return false;
        response.end('from the page');
        return true;
      },
    }));

  it.each([
    '/',
    '/api',
    '/socket.io/?transport=polling',
    '/wsx',
    '//',
    '/@connections',
    'http://x',
    'http://[::1/a?b',
  ])('serves %s by the HTTP API', async (path) => {
    const gateway = await everything();
    const answer = await exchangeBytes(
      gateway.url,
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*from the HTTP API$/s);
  });

  it('serves what is intercepted by nothing else', async () => {
    const gateway = await everything();
    expect(await (await fetch(`${gateway.url}/demo`)).text()).toBe('from the page');
  });

  it.each(['/ws', '/ws/', '/ws/x', '/ws?a=b'])('asks for an upgrade at %s: 426', async (path) => {
    const gateway = await everything();
    const response = await fetch(gateway.url + path);
    expect([response.status, response.headers.get('upgrade')]).toEqual([426, 'websocket']);
  });

  it('asks for an upgrade everywhere when there is no HTTP API', async () => {
    const gateway = await deploy();
    expect((await fetch(`${gateway.url}/api`)).status).toBe(426);
  });

  it('answers 500 when an interception throws', async () => {
    const gateway = await deploy(() => ({ intercept: () => Promise.reject(new Error('x')) }));
    expect((await fetch(gateway.url)).status).toBe(500);
    await connect(gateway.webSocketUrl);
  });

  it('names its three addresses', async () => {
    const gateway = await deploy();
    const { host } = new URL(gateway.url);
    expect(gateway).toMatchObject({
      url: `http://${host}`,
      webSocketUrl: `ws://${host}/ws`,
      callbackUrl: `http://${host}/ws`,
    });
  });

  it.each(HOSTS)('on %s is reached at %s', async (host, name) => {
    const gateway = await deploy(() => ({ host }));
    expect(gateway.url).toMatch(`http://${name}:`);
    await connect(gateway.webSocketUrl);
  });

  it.each([
    { stage: 'socket.io' },
    { stage: '' },
    { stage: 'a/b' },
    { mappings: ['a b'] },
    { mappings: ['@x'] },
  ])('is not opened for names that AWS would refuse: %o', async (names) => {
    await expect(startGateway({ stage: 'ws', routes: {}, ...names })).rejects.toThrow(/name|key/);
  });

  it.skipIf(!HAS_IPV6)(
    'tells an IPv4 client’s address in its own form though IPv6 is listened to',
    async () => {
      const gateway = await deploy((recording) => ({ host: '::', routes: { $connect: recording() } }));
      await connect(gateway.webSocketUrl.replace('[::1]', '127.0.0.1'));
      expect((await gateway.events.next()).requestContext).toMatchObject({
        identity: { sourceIp: '127.0.0.1' },
      });
    },
  );

  it('that is taken rejects the start with EADDRINUSE', async () => {
    const gateway = await deploy();
    const port = Number(new URL(gateway.url).port);
    await expect(startGateway({ stage: 'ws', routes: {}, port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});

describe('by default', () => {
  it('a gateway runs on the machine’s own clock', async () => {
    const gateway = await startGateway({
      stage: 'ws',
      routes: {},
      limits: { idleTimeoutMs: 20 },
      chaos: { postConnectDelayMs: 1, jitterMs: 1, connectDelayMs: 1 },
    });
    const client = await connect(gateway.webSocketUrl);
    expect(await client.closed).toMatchObject({ code: 1001 });
    await gateway.close();
  });
});
