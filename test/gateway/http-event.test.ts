import { describe, expect, it } from 'vitest';
import { deployHttp } from './deployment.ts';
import { Inbox } from './inbox.ts';
import { exchangeBytes } from './test-client.ts';

const ID = expect.stringMatching(/^[\w-]{15}=$/);

/** Sends a request to a function that writes down its event, and returns the event. */
async function eventOf(path: string, init?: RequestInit): Promise<Record<string, unknown>> {
  const events = new Inbox<Record<string, unknown>>();
  const gateway = await deployHttp(async (event: Record<string, unknown>) => events.push(event));
  await fetch(gateway.url + path, init);
  return events.next();
}

describe('the event of a request', () => {
  it('is of payload format 2.0', async () => {
    const events = new Inbox<unknown>();
    const gateway = await deployHttp(async (event) => events.push(event));
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
    const gateway = await deployHttp(async (event: { rawPath: string }) => event.rawPath);
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
