import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { chooseOrigin } from './choose-origin.ts';
import { functionsIn } from './functions-in.ts';
import { SECRET } from './policed-clients.ts';
import { EDGE_KEY, PolicedFunctions } from './policed-functions.ts';
import { synthesize } from './synthesize.ts';

/* The deployed functions see what CloudFront, as it is deployed, makes of the requests of its viewers. */

const CLOUDFRONT = '198.51.100.7';
const MOST = 10;
const WINDOW_MS = 20_000;

const template = synthesize({ singleHost: true, strangersPerAddress: MOST });
const receiving = functionsIn(template).filter(({ entry }) => ['connect', 'polling'].includes(entry));

let functions: PolicedFunctions;
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  functions = await PolicedFunctions.start(receiving, SECRET);
});
afterAll(() => functions.close());

/** The headers that CloudFront sends with a viewer's request: its function's, and over them the origin's. */
function headersOf(transport: string, viewer: string): Readonly<Record<string, string>> {
  const { headers } = chooseOrigin('/socket.io/', { EIO: '4', transport }, viewer);
  const [distribution] = Object.values(template.findResources('AWS::CloudFront::Distribution'));
  const [origin] = distribution?.Properties.DistributionConfig.Origins ?? [];
  const shown = origin.OriginCustomHeaders.map(({ HeaderName }: { readonly HeaderName: string }) => [
    HeaderName,
    EDGE_KEY,
  ]);
  const sent = Object.entries(headers).map(([name, { value }]) => [name, value]);
  return Object.fromEntries([...sent, ...shown]);
}

type Send = (headers: Readonly<Record<string, string>>) => Promise<number>;

const openWebSocket: Send = async (headers) => {
  const requestContext = { connectionId: crypto.randomUUID(), identity: { sourceIp: CLOUDFRONT } };
  const queryStringParameters = { EIO: '4', transport: 'websocket' };
  return (await functions.invoke('connect', { headers, queryStringParameters, requestContext })).statusCode;
};

const beginPolling: Send = async (headers) => {
  const http = { method: 'GET', path: '/socket.io/', sourceIp: CLOUDFRONT };
  const event = {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/socket.io/',
    rawQueryString: 'EIO=4&transport=polling',
    headers,
    requestContext: { domainName: 'api.example.com', http },
    isBase64Encoded: false,
  };
  return (await functions.invoke('polling', event)).statusCode;
};

async function statuses(send: Send, headers: (at: number) => Readonly<Record<string, string>>) {
  vi.setSystemTime(Math.ceil((Date.now() + 1) / WINDOW_MS) * WINDOW_MS);
  const seen: number[] = [];
  for (let at = 0; at <= MOST; at += 1) seen.push(await send(headers(at)));
  return seen;
}

const allowed = Array.from({ length: MOST }, () => 200);

describe.each([
  ['websocket', openWebSocket],
  ['polling', beginPolling],
] as const)('over %s', (transport, send) => {
  it('viewers of one address are bounded', async () => {
    const seen = await statuses(send, () => headersOf(transport, '192.0.2.1'));
    expect(seen).toEqual([...allowed, 429]);
  });

  it('viewers of other addresses are not bounded with them, though all come by CloudFront', async () => {
    const seen = await statuses(send, (at) => headersOf(transport, `192.0.2.${at}`));
    expect(seen).toEqual([...allowed, 200]);
  });

  it('who calls the API and claims to come by CloudFront is bounded all the same', async () => {
    const seen = await statuses(send, (at) => ({
      ...headersOf(transport, `192.0.2.${at}`),
      'x-parley-edge-key': 'guessed',
    }));
    expect(seen).toEqual([...allowed, 429]);
  });
});
