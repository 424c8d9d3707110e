import { describe, expect, test } from 'vitest';
import { connected, nextEvent, type Options, openClient, request } from '../socket-io/stock-clients.ts';
import { newPerson, type Person, refused } from '../support/booking-scene.ts';
import type { Backend } from '../support/stack.ts';
import { deployments } from './deployments.ts';
import { DOCUMENTS, type Wrong } from './documents.ts';

/** Who is not let in and how they are told, and whose token runs out, in the words of each document. */

const backendOf = await deployments();

const WAYS: Readonly<Record<string, Options>> = {
  'its default options': {},
  'WebSocket alone': { transports: ['websocket'] },
  'HTTP long-polling alone': { transports: ['polling'] },
};

const TOKENS: Readonly<Record<Wrong, (backend: Backend, person: Person) => Promise<string | undefined>>> = {
  'no token': async () => undefined,
  'a bad token': async (_, { token }) => `${token}x`,
  'an expired token': (backend, { userId }) =>
    backend.token({ sub: userId, exp: Math.floor(backend.now() / 1000) - 1 }),
  'the token of an unknown user': (backend) => backend.token({ sub: 'unheard-of' }),
};

/** A client for whom it is right or wrong to be let in. */
function open({ url }: Backend, token: string | undefined, options: Options = {}) {
  const auth = token === undefined ? {} : { auth: { token } };
  return openClient(url, { ...auth, forceNew: true, ...options });
}

describe.each(DOCUMENTS)('$dialect.md', ({ dialect, refusals, event: [event, payload] }) => {
  const backend = backendOf(dialect);
  const ask = (socket: ReturnType<typeof open>) =>
    request(socket, event, ...(payload === undefined ? [] : [payload]));

  test.each(Object.entries(refusals))('%s: connect_error %j', async (wrong, message) => {
    const person = await newPerson(backend, 'Ann');
    const token = await TOKENS[wrong as Wrong](backend, person);
    const socket = open(backend, token);
    const error = await connected(socket).catch((refusal: unknown) => refusal);
    if (message === undefined) return expect(error).toBeUndefined();
    expect(error).toMatchObject({ message, data: { code: 'AUTHENTICATION_FAILED' } });
    // The client does not try again by itself.
    expect(socket.active).toBe(false);
  });

  test('a dialect that nobody speaks is a connect_error', async () => {
    const { token } = await newPerson(backend, 'Ann');
    const asked = [{ auth: { token, dialect: 'klingon' } }, { query: { dialect: 'klingon' } }];
    for (const options of asked) {
      const error = await connected(open(backend, token, options)).catch((refusal: unknown) => refusal);
      expect(error).toMatchObject({ data: { code: 'INVALID_PAYLOAD' } });
    }
  });

  test('a refused client comes in with a better token', async () => {
    const { token } = await newPerson(backend, 'Ann');
    const socket = open(backend, 'garbage');
    await expect(connected(socket)).rejects.toThrow();
    socket.auth = { token };
    socket.connect();
    await connected(socket);
    expect(socket.connected).toBe(true);
  });

  test.each(Object.entries(WAYS))('a token that runs out on %s, and another', async (_, options) => {
    const person = await newPerson(backend, 'Ann');
    const exp = Math.floor(backend.now() / 1000) + 60;
    const socket = open(backend, await backend.token({ sub: person.userId, exp }), options);
    await connected(socket);
    const before = await ask(socket);
    expect(before).not.toMatchObject(refused('AUTHENTICATION_FAILED'));
    await backend.pass(61_000);
    const told = nextEvent(socket, 'error');
    expect(await ask(socket)).toEqual(refused('AUTHENTICATION_FAILED'));
    expect((await told)[0]).toEqual({ code: 'AUTHENTICATION_FAILED', message: expect.any(String) });
    const token = await backend.token({ sub: person.userId });
    expect(await request(socket, 'authenticate', { token })).toMatchObject({
      ok: true,
      userId: person.userId,
    });
    expect(await ask(socket)).toEqual(before);
    expect(socket.connected).toBe(true);
  });

  test('authenticate takes no token of anybody else', async () => {
    const [ann, mallory] = await Promise.all([newPerson(backend, 'Ann'), newPerson(backend, 'Mallory')]);
    const socket = open(backend, ann.token);
    await connected(socket);
    expect(await request(socket, 'authenticate', mallory.token)).toMatchObject({ ok: false });
    expect(await request(socket, 'authenticate', ann.token)).toMatchObject({ ok: true, userId: ann.userId });
  });
});
