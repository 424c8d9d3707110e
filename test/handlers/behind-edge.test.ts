import { describe, expect, test } from 'vitest';
import { behindEdge } from '../../lambdas/handlers/behind-edge.ts';

const KEY = '9f2c';
const CLOUDFRONT = '198.51.100.7';
const EVENTS = {
  'an HTTP request': (headers: object) => ({
    headers: { ...headers },
    requestContext: { http: { method: 'GET', sourceIp: CLOUDFRONT } },
  }),
  'a WebSocket': (headers: object) => ({
    headers: { ...headers },
    requestContext: { connectionId: 'c', identity: { sourceIp: CLOUDFRONT } },
  }),
} as const;

type Origin = { readonly sourceIp: string };
type Context = { readonly http?: Origin; readonly identity?: Origin };

/** Where the function behind thinks that a request comes from. */
async function seen(kind: keyof typeof EVENTS, headers: object, key: string | undefined = KEY) {
  const serve = async ({ requestContext }: ReturnType<(typeof EVENTS)[typeof kind]>) => requestContext;
  const context: Context = await behindEdge(serve, key)(EVENTS[kind](headers));
  const { http, identity, ...rest } = context;
  return { address: http?.sourceIp ?? identity?.sourceIp, rest };
}

describe.each(Object.keys(EVENTS) as (keyof typeof EVENTS)[])('behind CloudFront, %s', (kind) => {
  test('comes from the address that CloudFront names, whatever the case of the headers', async () => {
    const named = { 'x-parley-edge-key': KEY, 'x-parley-viewer-address': '2001:db8::1' };
    expect((await seen(kind, named)).address).toBe('2001:db8::1');
    const capital = { 'X-Parley-Edge-Key': KEY, 'X-Parley-Viewer-Address': '192.0.2.1' };
    expect((await seen(kind, capital)).address).toBe('192.0.2.1');
  });

  test('that has not come by CloudFront comes from where it comes from, whatever it says', async () => {
    const address = { 'x-parley-viewer-address': '192.0.2.1' };
    expect((await seen(kind, address)).address).toBe(CLOUDFRONT);
    expect((await seen(kind, { ...address, 'x-parley-edge-key': 'guessed' })).address).toBe(CLOUDFRONT);
    expect((await seen(kind, { 'x-parley-edge-key': KEY })).address).toBe(CLOUDFRONT);
  });

  test('keeps all else', async () => {
    const named = { 'x-parley-edge-key': KEY, 'x-parley-viewer-address': '192.0.2.1' };
    expect((await seen(kind, named)).rest).toEqual((await seen(kind, {})).rest);
  });
});

test('where nothing stands before the APIs, nobody is believed', async () => {
  const named = { 'x-parley-edge-key': '', 'x-parley-viewer-address': '192.0.2.1' };
  for (const key of [undefined, '']) {
    expect((await seen('a WebSocket', named, key)).address).toBe(CLOUDFRONT);
  }
});
