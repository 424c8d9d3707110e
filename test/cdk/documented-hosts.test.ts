import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EchoServer, startEcho } from '../socket-io/echo-server.ts';
import { connected, type Options, openClient, request, upgraded } from '../socket-io/stock-clients.ts';
import { type Host, startHost } from './aws-hosts.ts';
import { chooseOrigin } from './choose-origin.ts';

/* What docs/socketio.md tells a frontend to write connects the unmodified client, at hosts that behave as AWS's do. */

const STAGE = '/ws/';

/** By the name that the document gives them; each leads to the stage, or to the HTTP API, or nowhere. */
const HOSTS = {
  'd111111abcdef8.cloudfront.net': ({ pathname, searchParams }: URL, isUpgrade: boolean) => {
    const { uri, originId } = chooseOrigin(pathname, Object.fromEntries(searchParams), '192.0.2.1');
    const isStage = originId === 'websocket';
    // Each API serves its own protocol alone.
    if (isStage !== isUpgrade) return undefined;
    return isStage ? (uri === '/' ? STAGE : undefined) : uri;
  },
  'ws.example.com': ({ pathname }: URL, isUpgrade: boolean) =>
    isUpgrade && pathname === '/socket.io/' ? STAGE : undefined,
  'f6g7h8i9j0.execute-api.eu-central-1.amazonaws.com': ({ pathname }: URL, isUpgrade: boolean) =>
    isUpgrade && pathname === '/live/' ? STAGE : undefined,
  'a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com': ({ pathname }: URL, isUpgrade: boolean) =>
    isUpgrade ? undefined : pathname,
  '127.0.0.1:3000': ({ pathname }: URL) => pathname,
} as const;

let server: EchoServer;
let hosts: ReadonlyMap<string, Host>;
let snippets: readonly string[];

beforeAll(async () => {
  server = await startEcho();
  const started = Object.entries(HOSTS).map(
    async ([name, forward]) => [name, await startHost(server.url, forward)] as const,
  );
  hosts = new Map(await Promise.all(started));
  const document = await readFile(new URL('../../docs/socketio.md', import.meta.url), 'utf8');
  const blocks = [...document.matchAll(/```js\n([^`]*)```/g)].map(([, code = '']) => code);
  snippets = blocks.filter((code) => code.includes("io('http"));
});

afterAll(async () => {
  for (const host of hosts.values()) await host.close();
  await server.stop();
});

function hostNamed(name: string): Host {
  const host = hosts.get(name);
  if (!host) throw new Error(`The document names a host ${name}, which is none.`);
  return host;
}

/** What a snippet calls the client with, but for the names of the hosts. */
function callOf(snippet: string): { readonly host: Host; readonly url: string; readonly options: Options } {
  let call: readonly [string, Options] | undefined;
  const io = (...args: [string, Options]) => {
    call = args;
  };
  new Function('io', 'token', snippet)(io, 'a token');
  if (!call) throw new Error(`This calls no client: ${snippet}`);
  const [url, { transportOptions, ...options }] = call;
  const host = hostNamed(new URL(url).host);
  const { websocket } = (transportOptions ?? {}) as { websocket?: { hostname: string } };
  const elsewhere = websocket && {
    transportOptions: {
      websocket: { ...websocket, hostname: '127.0.0.1', port: hostNamed(websocket.hostname).port },
    },
  };
  return {
    host,
    url: `http://127.0.0.1:${host.port}`,
    options: { ...options, ...elsewhere, forceNew: true },
  };
}

async function talks(url: string, options: Options): Promise<void> {
  const socket = openClient(url, options);
  await connected(socket);
  await upgraded(socket);
  expect(await request(socket, 'message-with-ack', 'hello')).toBe('hello');
  expect(server.arrived.at(-1)?.auth).toEqual({ token: 'a token' });
}

describe('what the document tells a frontend to write', () => {
  it('is one line for each way to deploy', () => {
    const named = snippets.map((snippet) => /'https?:\/\/([^']+)'/.exec(snippet)?.[1]);
    expect(new Set(named)).toEqual(new Set(Object.keys(HOSTS)));
  });

  it('connects, and ends up on a WebSocket', async () => {
    for (const snippet of snippets) {
      const { url, options } = callOf(snippet);
      await talks(url, options);
    }
  });

  it.each(['ws.example.com', 'f6g7h8i9j0.execute-api.eu-central-1.amazonaws.com'])(
    'has the options that it takes: without them nothing connects at %s',
    async (name) => {
      const url = `http://127.0.0.1:${hostNamed(name).port}`;
      const plain = openClient(url, { forceNew: true, reconnection: false });
      await expect(connected(plain)).rejects.toThrow();
    },
  );
});

describe('one host before both APIs', () => {
  const urlOf = () => `http://127.0.0.1:${hostNamed('d111111abcdef8.cloudfront.net').port}`;
  const auth = { token: 'a token' };

  it.each<[string, Options]>([
    ['another path', { path: '/chat' }],
    ['no slash at its end', { path: '/chat', addTrailingSlash: false }],
    ['WebSocket alone', { transports: ['websocket'] }],
    ['WebSocket first', { transports: ['websocket', 'polling'] }],
  ])('serves the unmodified client with %s', async (_, options) => {
    await talks(urlOf(), { ...options, auth, forceNew: true });
  });

  it('carries both transports', async () => {
    const { seen } = hostNamed('d111111abcdef8.cloudfront.net');
    const before = seen.length;
    await talks(urlOf(), { auth, forceNew: true });
    const kinds = ['GET /socket.io/', 'POST /socket.io/', 'WebSocket /socket.io/'];
    expect(new Set(seen.slice(before))).toEqual(new Set(kinds));
  });
});
