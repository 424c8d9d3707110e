import { describe, expect, it } from 'vitest';
import { deploy, deployHttp } from './deployment.ts';

async function replyTo(answer: unknown) {
  const gateway = await deployHttp(async () => answer);
  const response = await fetch(`${gateway.url}/x`);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

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
    const gateway = await deployHttp(async () => ({ statusCode: 200, body, isBase64Encoded: true }));
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
    const gateway = await deployHttp(async (event: { requestContext: { requestId: string } }) => ({
      id: event.requestContext.requestId,
    }));
    const response = await fetch(gateway.url);
    expect(await response.json()).toEqual({ id: response.headers.get('apigw-requestid') });
  });
});
