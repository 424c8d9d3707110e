import { afterAll, beforeAll, expect, test } from 'vitest';
import { echoApplication } from '../socket-io/echo-application.ts';
import { openPolling, request } from '../socket-io/raw-client.ts';
import { type MemoryServer, memoryServer } from './memory-server.ts';
import { type Reference, startReference } from './reference.ts';

/** Requests that begin no session and belong to none, in every combination: what a real server says to them. */

let reference: Reference;
let server: MemoryServer;
beforeAll(async () => {
  reference = await startReference();
  server = memoryServer(() => echoApplication({ emit: async () => undefined }));
});
afterAll(() => reference.stop());

type Asked = {
  readonly method: string;
  readonly EIO: string;
  readonly transport: string | undefined;
  readonly sid: string | undefined;
};

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];
const VERSIONS = ['', '3', '4', 'abc', '4.0', '__proto__'];
const TRANSPORTS = [
  undefined,
  '',
  'polling',
  'websocket',
  'webtransport',
  'Polling',
  '__proto__',
  'constructor',
];
const SIDS = [undefined, '', 'nobody', '__proto__', 'constructor', '../x', ' ', 'a'.repeat(500)];

const ASKED: readonly Asked[] = METHODS.flatMap((method) =>
  VERSIONS.flatMap((EIO) =>
    TRANSPORTS.flatMap((transport) => SIDS.map((sid) => ({ method, EIO, transport, sid }))),
  ),
);

function queryOf({ EIO, transport, sid }: Asked): Readonly<Record<string, string>> {
  return { EIO, ...(transport !== undefined && { transport }), ...(sid !== undefined && { sid }) };
}

/** What an answer comes to: a new session, or a refusal in its words. */
function meaningOf({ status, body }: { readonly status: number; readonly body: string }): unknown {
  return body.startsWith('0{') ? { status, opens: true } : { status, ...(JSON.parse(body) as object) };
}

test.each(METHODS)('%s', async (method) => {
  for (const asked of ASKED.filter((one) => one.method === method)) {
    const query = queryOf(asked);
    const theirs = await request(`${reference.url}/socket.io/?${new URLSearchParams(query)}`, { method });
    const ours = await server.request(method, query);
    expect({ ...asked, means: meaningOf(ours) }).toEqual({ ...asked, means: meaningOf(theirs) });
  }
});

test.each(['3', 'abc'])('a session of version 4 is asked for by version %s in vain', async (EIO) => {
  const { sid } = await openPolling(reference.url);
  const theirs = await request(`${reference.url}/socket.io/?EIO=${EIO}&transport=polling&sid=${sid}`);
  const { body } = await server.request('GET', { EIO: '4', transport: 'polling' });
  const own = (JSON.parse(body.slice(1)) as { readonly sid: string }).sid;
  const ours = await server.request('GET', { EIO, transport: 'polling', sid: own });
  expect(meaningOf(ours)).toEqual(meaningOf(theirs));
});
