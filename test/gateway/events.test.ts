import { describe, expect, it } from 'vitest';
import { logTime } from '../../local/gateway/events.ts';
import { type Deployment, deploy } from './deployment.ts';
import { connect } from './test-client.ts';

const ID = expect.stringMatching(/^[\w-]{15}=$/);

const everyRoute = () =>
  deploy((recording) => ({
    mappings: ['socket.io', 'v1/chat'],
    routes: { $connect: recording(), $disconnect: recording(), $default: recording(), greet: recording() },
  }));

const contextOf = (gateway: Deployment) => ({
  requestId: ID,
  extendedRequestId: ID,
  requestTime: '09/Feb/2026:10:30:00 +0000',
  requestTimeEpoch: gateway.clock.now(),
  messageDirection: 'IN',
  stage: 'ws',
  connectedAt: gateway.clock.now(),
  identity: { sourceIp: '127.0.0.1', userAgent: 'test/1' },
  domainName: new URL(gateway.url).host,
  connectionId: gateway.connections()[0],
  apiId: expect.stringMatching(/^[a-z0-9]{10}$/),
});

const USER_AGENT = { headers: { 'User-Agent': 'test/1' } };

describe('the CONNECT event', () => {
  it('holds headers and context, and neither path, body nor an empty query', async () => {
    const gateway = await everyRoute();
    await connect(gateway.webSocketUrl, USER_AGENT);
    const event = await gateway.events.next();
    expect(new Set(Object.keys(event))).toEqual(
      new Set(['headers', 'isBase64Encoded', 'multiValueHeaders', 'requestContext']),
    );
    expect(event.isBase64Encoded).toBe(false);
    expect(event.requestContext).toEqual({
      ...contextOf(gateway),
      routeKey: '$connect',
      eventType: 'CONNECT',
    });
  });

  it('holds the headers as sent, without those of the hop, with those of the gateway', async () => {
    const gateway = await everyRoute();
    await connect(gateway.webSocketUrl, {
      headers: { 'User-Agent': 'test/1', 'X-Forwarded-For': '192.0.2.1' },
    });
    const { headers, multiValueHeaders } = await gateway.events.next();
    expect(headers).toEqual({
      Host: new URL(gateway.url).host,
      'Sec-WebSocket-Extensions': expect.any(String),
      'Sec-WebSocket-Key': expect.any(String),
      'Sec-WebSocket-Version': '13',
      'User-Agent': 'test/1',
      'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      'X-Forwarded-For': '192.0.2.1, 127.0.0.1',
      'X-Forwarded-Port': new URL(gateway.url).port,
      'X-Forwarded-Proto': 'http',
    });
    expect(multiValueHeaders?.['User-Agent']).toEqual(['test/1']);
  });

  it('holds the last value of a repeated header, and all of them', async () => {
    const gateway = await everyRoute();
    await connect(gateway.webSocketUrl, { headers: { 'X-Tag': ['a', 'b'] as unknown as string } });
    const { headers, multiValueHeaders } = await gateway.events.next();
    expect([headers?.['X-Tag'], multiValueHeaders?.['X-Tag']]).toEqual(['b', ['a', 'b']]);
  });

  it('holds the last value of a repeated parameter, and all of them', async () => {
    const gateway = await everyRoute();
    await connect(`${gateway.webSocketUrl}/?EIO=4&tag=a&tag=b%20c&flag`);
    const event = await gateway.events.next();
    expect(event.queryStringParameters).toEqual({ EIO: '4', tag: 'b c', flag: '' });
    expect(event.multiValueQueryStringParameters).toEqual({ EIO: ['4'], tag: ['a', 'b c'], flag: [''] });
  });

  it('takes a malformed escape in the query as it is', async () => {
    const gateway = await everyRoute();
    await connect(`${gateway.webSocketUrl}?token=%zz%`);
    expect((await gateway.events.next()).queryStringParameters).toEqual({ token: '%zz%' });
  });

  it('takes __proto__ for a name like any other', async () => {
    const gateway = await everyRoute();
    await connect(`${gateway.webSocketUrl}?__proto__=1`, { headers: { ['__proto__']: 'h' } });
    const { headers, queryStringParameters } = await gateway.events.next();
    expect(Object.hasOwn(headers ?? {}, '__proto__')).toBe(true);
    expect(Object.hasOwn(queryStringParameters ?? {}, '__proto__')).toBe(true);
  });

  it('names no user agent when the client sent none', async () => {
    const gateway = await everyRoute();
    await connect(gateway.webSocketUrl);
    expect((await gateway.events.next()).requestContext).toMatchObject({
      identity: { sourceIp: '127.0.0.1' },
    });
    expect(gateway.events.all[0]?.requestContext).not.toHaveProperty('identity.userAgent');
  });

  it('has lower-case header names behind a mapping of several levels, and only there', async () => {
    const gateway = await everyRoute();
    const origin = gateway.url.replace('http', 'ws');
    await connect(`${origin}/v1/chat`, USER_AGENT);
    expect((await gateway.events.next()).headers).toMatchObject({ 'user-agent': 'test/1' });
    await connect(`${origin}/socket.io`, USER_AGENT);
    expect((await gateway.events.next()).headers).toMatchObject({ 'User-Agent': 'test/1' });
  });
});

describe('the MESSAGE event', () => {
  it('holds context and body, and nothing of the handshake', async () => {
    const gateway = await everyRoute();
    const client = await connect(`${gateway.webSocketUrl}?a=b`, USER_AGENT);
    const context = contextOf(gateway);
    await gateway.events.next();
    gateway.clock.advance(61_000);
    client.send({ action: 'greet', to: 'Ann' });
    expect(await gateway.events.next()).toEqual({
      requestContext: {
        ...context,
        routeKey: 'greet',
        eventType: 'MESSAGE',
        messageId: ID,
        requestTime: '09/Feb/2026:10:31:01 +0000',
        requestTimeEpoch: gateway.clock.now(),
      },
      body: '{"action":"greet","to":"Ann"}',
      isBase64Encoded: false,
    });
  });
});

describe('the DISCONNECT event', () => {
  it('holds four made-up headers and how the connection ended', async () => {
    const gateway = await everyRoute();
    const client = await connect(gateway.webSocketUrl, USER_AGENT);
    const context = contextOf(gateway);
    await gateway.events.next();
    client.socket.close(1000, 'done');
    const { host } = new URL(gateway.url);
    expect(await gateway.events.next()).toEqual({
      headers: { Host: host, 'x-api-key': '', 'X-Forwarded-For': '', 'x-restapi': '' },
      multiValueHeaders: { Host: [host], 'x-api-key': [''], 'X-Forwarded-For': [''], 'x-restapi': [''] },
      requestContext: {
        ...context,
        routeKey: '$disconnect',
        eventType: 'DISCONNECT',
        disconnectStatusCode: 1000,
        disconnectReason: 'done',
      },
      isBase64Encoded: false,
    });
  });
});

describe('an event', () => {
  it('is a copy: what a function does to it reaches no other invocation', async () => {
    const seen: unknown[] = [];
    const gateway = await deploy(() => ({
      routes: {
        $default: async (event: { requestContext: { identity: Record<string, unknown> } }) => {
          seen.push({ ...event.requestContext.identity });
          event.requestContext.identity.sourceIp = 'changed';
        },
      },
    }));
    const client = await connect(gateway.webSocketUrl);
    client.send('1');
    client.send('2');
    await client.flushed();
    await gateway.settled();
    expect(seen).toEqual([{ sourceIp: '127.0.0.1' }, { sourceIp: '127.0.0.1' }]);
  });

  it('tells the time as the Common Log Format does', () => {
    expect(logTime(Date.parse('2024-02-09T18:23:28.999Z'))).toBe('09/Feb/2024:18:23:28 +0000');
  });
});
