import { describe, expect, test } from 'vitest';
import { request as fetchAs } from '../socket-io/raw-client.ts';
import { connected, type Options, openClient, request, upgraded } from '../socket-io/stock-clients.ts';
import { newPerson, type Person } from '../support/booking-scene.ts';
import { localBackend } from '../support/stack.ts';

/** Options that frontends use besides those that the documents show. */

const PAGE = 'https://chat.example.com';
const pages = { CLIENT_URL: `${PAGE},https://other.example.com` };
const backend = await localBackend({ ...pages, STRANGERS_PER_ADDRESS: '0' });
const crowded = await localBackend({ ...pages, STRANGERS_PER_ADDRESS: '5' });
const toAnybody = await localBackend({ CLIENT_URL: '*' });

/** Connects, and is served on whichever transport; then on the WebSocket, where there is one to come. */
async function serves(url: string, { userId, token }: Person, options: Options): Promise<void> {
  const socket = openClient(url, { auth: { token }, forceNew: true, ...options });
  await connected(socket);
  const isServed = async () =>
    expect(await request(socket, 'authenticate', token)).toMatchObject({ ok: true, userId });
  await isServed();
  const isPollingAlone = options.transports?.length === 1 && options.transports[0] === 'polling';
  if (isPollingAlone || options.upgrade === false) return;
  await upgraded(socket);
  await isServed();
}

const PATHS = ['/socket.io', '/socket.io/', '/chat/', '/chat', '/a/b/c/', '/@io/'];
const WAYS: readonly Options[] = [
  {},
  { transports: ['websocket'] },
  { transports: ['polling'] },
  { addTrailingSlash: false },
  { addTrailingSlash: false, transports: ['websocket'] },
];

describe.each(PATHS)('the path %s', (path) => {
  test.each(WAYS)('with %j', async (options) => {
    await serves(backend.url, await newPerson(backend, 'Ann'), { path, ...options });
  });
});

describe('a client', () => {
  test.each<[string, (person: Person) => Options]>([
    ['that prefers the WebSocket', () => ({ transports: ['websocket', 'polling'] })],
    ['that never upgrades', () => ({ upgrade: false })],
    ['that remembers an upgrade', () => ({ rememberUpgrade: true })],
    ['that tries all transports', () => ({ tryAllTransports: true })],
    ['that stamps its requests', () => ({ timestampRequests: true, timestampParam: 'stamp' })],
    ['that sends credentials', () => ({ withCredentials: true })],
    ['that names its dialect in the query', () => ({ query: { dialect: 'booking', tag: 'ä&=?#' } })],
    ['that fetches its token when it connects', ({ token }) => ({ auth: (tell) => tell({ token }) })],
    ['whose token says Bearer', ({ token }) => ({ auth: { token: `Bearer ${token}` } })],
    ['whose token is in a header', ({ token }) => ({ auth: {}, extraHeaders: { Authorization: token } })],
    [
      'whose token is in a header of the WebSocket',
      ({ token }) => ({
        auth: {},
        transports: ['websocket'],
        extraHeaders: { authorization: `Bearer ${token}` },
      }),
    ],
    ['that forces base64', () => ({ forceBase64: true })],
  ])('%s is served', async (_, optionsFor) => {
    const person = await newPerson(backend, 'Ann');
    await serves(backend.url, person, optionsFor(person));
  });

  test.each<[string, (url: string) => string]>([
    ['ws://', (url) => url.replace('http', 'ws')],
    ['a slash at its end', (url) => `${url}/`],
    ['a query', (url) => `${url}/?dialect=booking`],
  ])('whose URL has %s is served', async (_, changed) => {
    await serves(changed(backend.url), await newPerson(backend, 'Ann'), {});
  });
});

describe('CORS', () => {
  const at = (query: string, url = backend.url) => `${url}/socket.io/?${query}`;
  const from = (origin: string, init: RequestInit = {}) => ({ headers: { origin }, ...init });
  const HANDSHAKE = 'EIO=4&transport=polling';
  const allowed = ({ headers }: { readonly headers: Headers }) => [
    headers.get('access-control-allow-origin'),
    headers.get('access-control-allow-credentials'),
  ];

  test.each<[string, string, RequestInit, number]>([
    ['a handshake', HANDSHAKE, {}, 200],
    ['an unknown transport', 'EIO=4&transport=abc', {}, 400],
    ['an unknown version', 'EIO=3&transport=polling', {}, 400],
    ['an unknown session', `${HANDSHAKE}&sid=nobody`, {}, 400],
    ['a handshake by the wrong method', HANDSHAKE, { method: 'POST' }, 400],
    ['too large a payload', `${HANDSHAKE}&sid=nobody`, { method: 'POST', body: 'x'.repeat(200_000) }, 413],
  ])('lets a page of the platform read the answer to %s', async (_, query, init, status) => {
    const answer = await fetchAs(at(query), from(PAGE, init));
    expect([answer.status, ...allowed(answer)]).toEqual([status, PAGE, 'true']);
    const elsewhere = await fetchAs(at(query), from('https://evil.example', init));
    expect(allowed(elsewhere)[0]).toBeNull();
  });

  test('lets a page read that there are too many strangers', async () => {
    const answers = [];
    while (answers.at(-1)?.status !== 429)
      answers.push(await fetchAs(at(HANDSHAKE, crowded.url), from(PAGE)));
    expect(answers.map(allowed)).toEqual(answers.map(() => [PAGE, 'true']));
  });

  test('lets any page in where CLIENT_URL says so, without credentials', async () => {
    const answer = await fetchAs(at(HANDSHAKE, toAnybody.url), from('https://anywhere.example'));
    expect([answer.status, ...allowed(answer)]).toEqual([200, '*', null]);
  });

  test('says before what a page may send: a header with the token', async () => {
    const answer = await fetchAs(at(HANDSHAKE), {
      method: 'OPTIONS',
      headers: {
        origin: PAGE,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect([answer.status, ...allowed(answer)]).toEqual([204, PAGE, 'true']);
    expect(answer.headers.get('access-control-allow-headers')?.toLowerCase()).toMatch(
      /authorization.*content-type/,
    );
    expect(answer.headers.get('access-control-allow-methods')).toContain('POST');
  });
});
