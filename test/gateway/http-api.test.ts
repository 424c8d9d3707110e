import { connect as connectSocket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { deploy, deployHttp, gate } from './deployment.ts';
import { exchangeBytes } from './test-client.ts';

const MIB = 1024 * 1024;

describe('a request', () => {
  it('whose function throws is a 500', async () => {
    const gateway = await deployHttp(() => Promise.reject(new Error('secret')));
    const response = await fetch(gateway.url);
    expect([response.status, await response.text()]).toEqual([500, '{"message":"Internal Server Error"}']);
  });

  it('whose function takes 30 s is a 503', async () => {
    const asked = gate();
    const gateway = await deployHttp(() => {
      asked.open();
      return new Promise(() => undefined);
    });
    const request = fetch(gateway.url);
    await asked.opened;
    gateway.clock.advance(29_999);
    await new Promise(setImmediate);
    gateway.clock.advance(1);
    const response = await request;
    expect([response.status, await response.text()]).toEqual([503, '{"message":"Service Unavailable"}']);
  });

  it.each([
    [10 * MIB + 1, 'of the HTTP API'],
    [7 * MIB, 'of a Lambda invocation'],
  ])('of %i bytes is over the limit %s: 413', async (bytes) => {
    const gateway = await deployHttp(async () => 'reached');
    const response = await fetch(gateway.url, {
      method: 'POST',
      body: Buffer.alloc(bytes, 'x'),
      headers: { 'content-type': 'text/plain' },
    });
    expect([response.status, await response.text()]).toEqual([413, '{"message":"Request Entity Too Large"}']);
  });

  it('answered with more than 6 MB is a 500', async () => {
    const gateway = await deployHttp(async () => 'x'.repeat(6 * MIB));
    expect((await fetch(gateway.url)).status).toBe(500);
  });

  it('over the account throttle is a 429', async () => {
    const gateway = await deployHttp(async () => 'ok', { requestsPerSecond: 1, requestBurst: 1 });
    expect((await fetch(gateway.url)).status).toBe(200);
    const response = await fetch(gateway.url);
    expect([response.status, await response.text()]).toEqual([429, '{"message":"Too Many Requests"}']);
  });

  it.each(['/%', '/%zz', '/%ff'])('whose path is %s is a 400', async (path) => {
    const gateway = await deployHttp(async () => 'reached');
    const answer = await exchangeBytes(
      gateway.url,
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 .*{"message":"Bad Request"}$/s);
  });

  it('whose client leaves half-way runs nothing and harms nobody', async () => {
    let calls = 0;
    const begun = gate();
    const gateway = await deploy(() => ({
      http: async () => {
        calls += 1;
      },
      intercept: () => {
        begun.open();
        return false;
      },
    }));
    const { hostname, port } = new URL(gateway.url);
    const socket = connectSocket(Number(port), hostname);
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf');
    await begun.opened;
    socket.destroy();
    await gateway.settled();
    expect(calls).toBe(0);
    await fetch(gateway.url);
    expect(calls).toBe(1);
  });

  it('whose client leaves before the answer harms nobody', async () => {
    const asked = gate();
    const answer = gate<unknown>();
    const gateway = await deployHttp(() => {
      asked.open();
      return answer.opened;
    });
    const caller = new AbortController();
    const request = fetch(gateway.url, { signal: caller.signal });
    await asked.opened;
    caller.abort();
    await expect(request).rejects.toThrow();
    answer.open('late');
    await gateway.settled();
    expect(await (await fetch(gateway.url)).text()).toBe('late');
  });
});
