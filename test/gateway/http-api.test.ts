import { connect as connectSocket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { LambdaFunction } from '../../local/gateway/lambda.ts';
import type { Limits } from '../../local/gateway/limits.ts';
import { deploy, gate } from './deployment.ts';
import { Inbox } from './inbox.ts';
import { exchangeBytes } from './test-client.ts';

const MIB = 1024 * 1024;
const ID = expect.stringMatching(/^[\w-]{15}=$/);

const serving = (http: LambdaFunction, limits: Partial<Limits> = {}) => deploy(() => ({ http, limits }));

/** Sends a request to a function that writes down its event, and returns the event. */
async function eventOf(path: string, init?: RequestInit): Promise<Record<string, unknown>> {
  const events = new Inbox<Record<string, unknown>>();
  const gateway = await serving(async (event: Record<string, unknown>) => events.push(event));
  await fetch(gateway.url + path, init);
  return events.next();
}

async function replyTo(answer: unknown) {
  const gateway = await serving(async () => answer);
  const response = await fetch(`${gateway.url}/x`);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('the event of a request', () => {
  it('is of payload format 2.0', async () => {
    const events = new Inbox<unknown>();
    const gateway = await serving(async (event) => events.push(event));
    await fetch(`${gateway.url}/api/messages?page=2`, { headers: { 'User-Agent': 'test/1', Accept: 'a/b' } });
    const { host, port } = new URL(gateway.url);
    expect(await events.next()).toEqual({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/api/messages',
      rawQueryString: 'page=2',
      headers: {
        accept: 'a/b',
        'accept-encoding': expect.any(String),
        'accept-language': '*',
        host,
        'sec-fetch-mode': 'cors',
        'user-agent': 'test/1',
        'x-amzn-trace-id': expect.any(String),
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': port,
        'x-forwarded-proto': 'http',
      },
      queryStringParameters: { page: '2' },
      requestContext: {
        accountId: '000000000000',
        apiId: expect.stringMatching(/^[a-z0-9]{10}$/),
        domainName: host,
        domainPrefix: expect.any(String),
        http: {
          method: 'GET',
          path: '/api/messages',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test/1',
        },
        requestId: ID,
        routeKey: '$default',
        stage: '$default',
        time: '09/Feb/2026:10:30:00 +0000',
        timeEpoch: gateway.clock.now(),
      },
      isBase64Encoded: false,
    });
  });

  it('has lower-case header names, repeated ones joined by a comma', async () => {
    const headers = new Headers({ 'X-Tag': 'a' });
    headers.append('x-tag', 'b');
    expect(await eventOf('/', { headers })).toMatchObject({
      headers: { 'x-tag': expect.stringMatching(/^a, ?b$/) },
    });
  });

  it('has cookies in their own field alone', async () => {
    const event = await eventOf('/', { headers: { cookie: 'a=1; b=2' } });
    expect(event.cookies).toEqual(['a=1', 'b=2']);
    expect(event.headers).not.toHaveProperty('cookie');
  });

  it('joins repeated parameters by a comma and leaves the raw query escaped', async () => {
    expect(await eventOf('/?id=a&id=b%20c&q=%zz')).toMatchObject({
      rawQueryString: 'id=a&id=b%20c&q=%zz',
      queryStringParameters: { id: 'a,b c', q: '%zz' },
    });
  });

  it('has neither query parameters, cookies nor a body when there are none', async () => {
    const event = await eventOf('/');
    expect(Object.keys(event)).not.toEqual(expect.arrayContaining(['queryStringParameters']));
    expect([event.queryStringParameters, event.cookies, event.body]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('has the path of a target in absolute form', async () => {
    const gateway = await serving(async (event: { rawPath: string }) => event.rawPath);
    const request = 'GET http://elsewhere/a/b?c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    expect(await exchangeBytes(gateway.url, request)).toMatch(/\r\n\/a\/b$/);
  });

  it.each([
    ['/a%20b', '/a b'],
    ['/a%2Fb', '/a/b'],
    ['/a%23b', '/a#b'],
    ['/a%3Fb', '/a'],
    ['/%E2%9C%93/', '/✓/'],
  ])('has the path decoded, as AWS does: %s is %s', async (sent, rawPath) => {
    expect(await eventOf(sent)).toMatchObject({ rawPath, requestContext: { http: { path: rawPath } } });
  });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'text/plain',
    'Text/HTML',
    'application/xml',
  ])('has a body of %s as text', async (type) => {
    const event = await eventOf('/', { method: 'POST', body: '{"é":1}', headers: { 'content-type': type } });
    expect(event).toMatchObject({ body: '{"é":1}', isBase64Encoded: false });
  });

  it.each([
    'application/octet-stream',
    'application/x-www-form-urlencoded',
    'image/png',
    'application/jsonlines',
    '',
  ])('has a body of "%s" in base64', async (type) => {
    const body = Buffer.from([0xff, 0x00, 0x41]);
    const event = await eventOf('/', { method: 'POST', body, headers: { 'content-type': type } });
    expect(event).toMatchObject({ body: body.toString('base64'), isBase64Encoded: true });
  });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'])(
    'names the method %s',
    async (method) => {
      expect(await eventOf('/', { method })).toMatchObject({ requestContext: { http: { method } } });
    },
  );
});

describe('the reply', () => {
  it('has the status, headers and body that the function said', async () => {
    const { status, headers, text } = await replyTo({
      statusCode: 201,
      headers: { 'Content-Type': 'application/problem+json', 'X-Count': 3, 'X-Flag': true },
      body: '{"é":1}',
    });
    expect([
      status,
      headers.get('content-type'),
      headers.get('x-count'),
      headers.get('x-flag'),
      text,
    ]).toEqual([201, 'application/problem+json', '3', 'true', '{"é":1}']);
  });

  it('is plain text where the function named no type', async () => {
    const { headers } = await replyTo({ statusCode: 200, body: 'x' });
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });

  it('sets each cookie by itself', async () => {
    const { headers } = await replyTo({ statusCode: 200, cookies: ['a=1; Path=/', 'b=2'] });
    expect(headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2']);
  });

  it('has the bytes of a base64 body', async () => {
    const body = Buffer.from([0xff, 0x00]).toString('base64');
    const gateway = await serving(async () => ({ statusCode: 200, body, isBase64Encoded: true }));
    const response = await fetch(gateway.url);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from([0xff, 0x00]));
  });

  it.each([
    [{ message: 'hello' }, '{"message":"hello"}'],
    [['a'], '["a"]'],
    ['not json {', 'not json {'],
    [undefined, 'null'],
  ])('to anything without a status is a 200 of JSON: %o', async (answer, body) => {
    const { status, headers, text } = await replyTo(answer);
    expect([status, headers.get('content-type'), text]).toEqual([200, 'application/json', body]);
  });

  it.each([
    { statusCode: '200' },
    { statusCode: 42 },
    { statusCode: 101 },
    { statusCode: 200.5 },
    { statusCode: 200, body: [104, 105] },
    { statusCode: 1000 },
    { statusCode: null },
    { statusCode: 200, body: { a: 1 } },
    { statusCode: 200, headers: { 'X-Bad': 'a\r\nSet-Cookie: b=c' } },
    { statusCode: 200, headers: { 'X-Good': 'a', 'X Bad': 'a' } },
  ])('to an answer that is no reply is a 500, and the log tells the answer: %o', async (answer) => {
    const lines: unknown[] = [];
    const gateway = await deploy(() => ({
      http: async () => answer,
      log: (message, details) => lines.push([message, details]),
    }));
    const response = await fetch(gateway.url);
    expect([response.status, await response.text()]).toEqual([500, '{"message":"Internal Server Error"}']);
    expect(response.headers.get('x-good')).toBeNull();
    expect(lines).toEqual([['HTTP API: the answer is no reply', { kind: 'returned', value: answer }]]);
  });

  it('has a length of its own, whatever the function said', async () => {
    const { status, headers, text } = await replyTo({
      statusCode: 200,
      headers: { 'Content-Length': '9999', 'Transfer-Encoding': 'chunked', Connection: 'upgrade' },
      body: 'four',
    });
    expect([status, headers.get('content-length'), text]).toEqual([200, '4', 'four']);
  });

  it.each([204, 304])('with %i has no body', async (statusCode) => {
    expect(await replyTo({ statusCode, body: '' })).toMatchObject({ status: statusCode, text: '' });
  });

  it('carries the id of the request', async () => {
    const gateway = await serving(async (event: { requestContext: { requestId: string } }) => ({
      id: event.requestContext.requestId,
    }));
    const response = await fetch(gateway.url);
    expect(await response.json()).toEqual({ id: response.headers.get('apigw-requestid') });
  });
});

describe('a request', () => {
  it('whose function throws is a 500', async () => {
    const gateway = await serving(() => Promise.reject(new Error('secret')));
    const response = await fetch(gateway.url);
    expect([response.status, await response.text()]).toEqual([500, '{"message":"Internal Server Error"}']);
  });

  it('whose function takes 30 s is a 503', async () => {
    const asked = gate();
    const gateway = await serving(() => {
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
    const gateway = await serving(async () => 'reached');
    const response = await fetch(gateway.url, {
      method: 'POST',
      body: Buffer.alloc(bytes, 'x'),
      headers: { 'content-type': 'text/plain' },
    });
    expect([response.status, await response.text()]).toEqual([413, '{"message":"Request Entity Too Large"}']);
  });

  it('answered with more than 6 MB is a 500', async () => {
    const gateway = await serving(async () => 'x'.repeat(6 * MIB));
    expect((await fetch(gateway.url)).status).toBe(500);
  });

  it('over the account throttle is a 429', async () => {
    const gateway = await serving(async () => 'ok', { requestsPerSecond: 1, requestBurst: 1 });
    expect((await fetch(gateway.url)).status).toBe(200);
    const response = await fetch(gateway.url);
    expect([response.status, await response.text()]).toEqual([429, '{"message":"Too Many Requests"}']);
  });

  it.each(['/%', '/%zz', '/%ff'])('whose path is %s is a 400', async (path) => {
    const gateway = await serving(async () => 'reached');
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
    const gateway = await serving(() => {
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
