import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EchoServer, failsNever, type Heard, startEcho } from './echo-server.ts';
import {
  CLIENTS,
  type ClientVersion,
  connected,
  nextEvent,
  type Options,
  openClient,
  request,
  upgraded,
} from './stock-clients.ts';

/** The unmodified clients of four minor versions, with each way of getting through. */

let server: EchoServer;
beforeAll(async () => {
  server = await startEcho();
});
afterAll(() => server.stop());
failsNever(() => server);

const WAYS: Readonly<Record<string, Options>> = {
  'its default options': {},
  'WebSocket alone': { transports: ['websocket'] },
  'HTTP long-polling alone': { transports: ['polling'] },
};

const CASES = (Object.keys(CLIENTS) as ClientVersion[]).flatMap((version) =>
  Object.entries(WAYS).map(([way, options]) => ({ version, way, options })),
);

describe.each(CASES)('version $version with $way', ({ version, options }) => {
  const open = (more: Options = {}, namespace = '') =>
    openClient(server.url + namespace, { forceNew: true, ...options, ...more }, version);

  test('connects, with a payload or without', async () => {
    const [plain, telling] = [open(), open({ auth: { token: 'abc', nested: { list: [1, null] } } })];
    const auths = await Promise.all([nextEvent(plain, 'auth'), nextEvent(telling, 'auth')]);
    expect(auths).toEqual([[{}], [{ token: 'abc', nested: { list: [1, null] } }]]);
    expect(plain.id).toMatch(/^[\w-]{20}$/);
    expect(plain.id).not.toBe((plain.io.engine as { readonly id?: string }).id);
  });

  test('sends, hears and is answered, on whichever transport', async () => {
    const socket = open();
    const payload = ['ä € 😀', 1, null, { deep: [{ er: true }] }, '\u001e'];
    const heard = nextEvent(socket, 'message-back');
    socket.emit('message', ...payload);
    expect(await heard).toEqual(payload);
    expect(await request(socket, 'message-with-ack', 'one')).toBe('one');
    if (!options.transports) await upgraded(socket);
    expect(await request(socket, 'message-with-ack', 'two')).toBe('two');
    const again = nextEvent(socket, 'message-back');
    socket.emit('message', ...payload);
    expect(await again).toEqual(payload);
  });

  test('answers what the server asks', async () => {
    const socket = open();
    socket.on('question', (question: string, answer: (...values: unknown[]) => void) =>
      answer(`${question}!`, 2),
    );
    const heard = nextEvent(socket, 'answer');
    socket.emit('ask-me', 'ready?');
    expect(await heard).toEqual(['ready?', 'ready?!', 2]);
  });

  test('has two namespaces on one session, and leaves one of them', async () => {
    const main = openClient(server.url, { ...options, multiplex: true }, version);
    const custom = main.io.socket('/custom').connect();
    await Promise.all([connected(main), connected(custom)]);
    expect(main.id).not.toBe(custom.id);
    const leaving = custom.id;
    custom.disconnect();
    await expect.poll(() => server.left).toContainEqual({ sid: leaving, isClean: true });
    expect(await request(main, 'message-with-ack', 'still here')).toBe('still here');
  });

  test('is told that a namespace does not exist', async () => {
    const socket = open({}, '/unheard-of');
    const refused = await connected(socket).catch((error: Error) => error);
    expect(refused).toMatchObject({ message: 'Invalid namespace' });
  });

  test('receives binary data', async () => {
    const socket = open();
    const me = await whoIs(socket);
    const heard = nextEvent(socket, 'picture');
    await server.emit(me, 'picture', [{ bytes: Buffer.from([1, 2, 3]) }, 'caption']);
    const [{ bytes }, caption] = (await heard) as [{ readonly bytes: Uint8Array }, string];
    expect([[...bytes], caption]).toEqual([[1, 2, 3], 'caption']);
  });

  test('says goodbye', async () => {
    const socket = open();
    await connected(socket);
    const { id } = socket;
    const reason = nextEvent(socket, 'disconnect');
    socket.disconnect();
    expect((await reason)[0]).toBe('io client disconnect');
    // API Gateway may have the end of the WebSocket served before the goodbye that was sent on it.
    await expect.poll(() => server.left.map(({ sid }) => sid)).toContain(id);
  });

  test('comes back by itself when its session ends', async () => {
    const socket = open({ reconnectionDelay: 10, randomizationFactor: 0 });
    const { session, sid } = await whoIs(socket);
    const reason = nextEvent(socket, 'disconnect');
    await server.sockets.end(session);
    expect((await reason)[0]).toMatch(/^transport (close|error)$/);
    await connected(socket);
    expect(socket.id).not.toBe(sid);
    expect(await request(socket, 'message-with-ack', 'back')).toBe('back');
  });
});

/** The server's side of a client. */
async function whoIs(client: Socket): Promise<Heard['socket']> {
  await connected(client);
  await request(client, 'message-with-ack', 'here I am');
  const found = server.heard.findLast(({ socket }) => socket.sid === client.id)?.socket;
  if (!found) throw new Error('The server has not heard of this client.');
  return found;
}
