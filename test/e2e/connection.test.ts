import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { connect, type Message, newPerson, newScene, refused, say } from '../support/booking-scene.ts';
import { openNative } from '../support/native-client.ts';
import { call } from '../support/rest.ts';
import { backendForFile, type Row } from '../support/stack.ts';

const backend = await backendForFile();
const UNAUTHENTICATED = refused('AUTHENTICATION_FAILED');
const seconds = (ms: number) => Math.floor(ms / 1000);
const listOwn = (token: string) => call(backend, 'GET', '/api/messages/my-conversations', { token });

describe('a token', () => {
  test('comes in the query or in the header, with or without Bearer', async () => {
    const { token } = await newPerson(backend, 'Ann');
    for (const credentials of [
      { token },
      { token: `Bearer ${token}` },
      { authorization: token },
      { authorization: `Bearer ${token}` },
      { authorization: `bearer ${token}` },
    ]) {
      const device = await connect(backend, credentials);
      expect(await device.request('leaveBooking', 'any')).toMatchObject({ ok: true });
    }
    for (const authorization of [token, `Bearer ${token}`]) {
      const headers = { authorization };
      expect(await call(backend, 'GET', '/api/messages/my-conversations', { headers })).toMatchObject({
        status: 200,
      });
    }
  });

  test('names its user in the first of sub, userId, id and _id', async () => {
    const { bookingId, client } = await newScene(backend);
    const { userId } = client;
    for (const claims of [
      { sub: userId, userId: 'x', id: 'x', _id: 'x' },
      { userId, id: 'x', _id: 'x' },
      { id: userId, _id: 'x' },
      { _id: userId },
      { sub: null as never, userId: null, id: userId },
    ]) {
      const device = await connect(backend, { token: await backend.token(claims) });
      expect(await device.request('joinBooking', bookingId), JSON.stringify(claims)).toMatchObject({
        ok: true,
      });
    }
  });

  test('may name its user by a number', async () => {
    const id = Math.floor(Math.random() * 1e12);
    const device = await connect(backend, { token: await backend.token({ id, name: 'Numa' }) });
    const expiring = await backend.token({ sub: String(id) });
    expect(await device.request('authenticate', expiring)).toMatchObject({ ok: true, userId: String(id) });
  });

  test('with a name introduces its user, and the next one needs no name', async () => {
    const sub = `newcomer-${randomUUID()}`;
    const nameless = await backend.token({ sub });
    expect(await openNative(backend.webSocketUrl, { token: nameless })).toBe(401);
    expect(await listOwn(nameless)).toMatchObject({ status: 401, body: { message: 'User not found' } });
    await connect(backend, { token: await backend.token({ sub, name: 'Nora', email: 'nora@example.com' }) });
    await connect(backend, { token: nameless });
    expect(await listOwn(nameless)).toMatchObject({ status: 200 });
  });

  test('does not change what the platform has said of its user', async () => {
    const { bookingId, client } = await newScene(backend);
    const token = await backend.token({
      sub: client.userId,
      name: 'Impostor',
      email: 'impostor@example.com',
    });
    const message = await say(await connect(backend, { token }), bookingId, 'hello');
    expect(message.sender).toEqual({ _id: client.userId, name: 'Ann', email: 'ann@example.com' });
  });
});

describe('a connection without a token', () => {
  test('can do nothing, authenticates, and can do everything', async () => {
    const { bookingId, client, owner } = await newScene(backend);
    const ann = await connect(backend);
    for (const action of [
      'joinBooking',
      'sendMessage',
      'markAsRead',
      'typing',
      'leaveBooking',
      'unheardOf',
    ]) {
      expect(await ann.request(action, bookingId)).toEqual(UNAUTHENTICATED);
      expect(await ann.next('error')).toEqual(UNAUTHENTICATED.error);
    }
    const answer = await ann.request('authenticate', client.token);
    expect(answer).toStrictEqual({ ok: true, userId: client.userId, expiresAt: expect.stringMatching(/Z$/) });
    expect(await ann.request('joinBooking', bookingId)).toMatchObject({ ok: true });
    await say(await owner.connect(), bookingId, 'hello');
    expect(await ann.next('newMessage')).toMatchObject({ content: 'hello' });
  });

  test('is closed unless it authenticates within 20 s', async () => {
    const { client } = await newScene(backend);
    const [silent, failing, heard] = [await connect(backend), await connect(backend), await connect(backend)];
    expect(await failing.request('authenticate', 'garbage')).toEqual(UNAUTHENTICATED);
    expect(await heard.request('authenticate', { token: client.token })).toMatchObject({ ok: true });
    await backend.pass(10_000);
    await backend.settled(silent, failing, heard);
    expect([silent.isOpen, failing.isOpen, heard.isOpen]).toEqual([true, true, true]);
    await backend.pass(11_000);
    expect(await silent.closed).toMatchObject({ code: 1000 });
    expect(await failing.closed).toMatchObject({ code: 1000 });
    expect(await heard.request('leaveBooking', 'any')).toMatchObject({ ok: true });
  });
});

/** Leaves out the conversations of other tests: a task looks after them once more when a minute has passed. */
function isNoOtherThan({ _id }: Message): (row: Row) => boolean {
  const own = `CONV#${_id.split('.')[0]}`;
  return ({ pk }) => pk === own || !String(pk).startsWith('CONV#');
}

describe('a token that has run out', () => {
  /** A booking whose client’s device has joined with a token for the next half minute. */
  async function brief() {
    const scene = await newScene(backend);
    const { bookingId, client, owner } = scene;
    const exp = seconds(backend.now()) + 30;
    const ann = await connect(backend, { token: await backend.token({ sub: client.userId, exp }) });
    await ann.request('joinBooking', bookingId);
    const ben = await owner.enter(bookingId);
    const message = await say(ben, bookingId, 'before');
    await ann.next('newMessage');
    return { ...scene, ann, ben, message };
  }

  test('stops every event, and nothing else happens', async () => {
    const { ann, ben, bookingId, message } = await brief();
    await ben.next('newMessage');
    await backend.pass(31_000);
    const rows = async () => (await backend.rows()).filter(isNoOtherThan(message));
    const before = await rows();
    for (const [action, data] of [
      ['sendMessage', { bookingId, content: 'after' }],
      ['joinBooking', bookingId],
      ['leaveBooking', bookingId],
      ['markAsRead', { messageIds: [message._id] }],
      ['typing', { bookingId, isTyping: true }],
      ['unheardOf', {}],
    ] as const) {
      expect(await ann.request(action, data), action).toEqual(UNAUTHENTICATED);
      expect(await ann.next('error'), action).toEqual(UNAUTHENTICATED.error);
    }
    await backend.settled(ann, ben);
    expect(await rows()).toEqual(before);
    expect(ben.unawaited).toEqual([]);
    expect(ann.isOpen).toBe(true);
  });

  test('stops every push', async () => {
    const { ann, ben, bookingId, owner, client } = await brief();
    const own = await say(ann, bookingId, 'mine');
    await ann.next('newMessage');
    await backend.pass(31_000);
    await say(ben, bookingId, 'after');
    await ben.request('typing', { bookingId, isTyping: true });
    await owner.post('/api/messages/mark-read', { messageIds: [own._id] });
    const messageIds = [(await client.history(bookingId))[0]?._id];
    await client.post('/api/messages/mark-read', { messageIds });
    await backend.settled(ben, ann);
    expect(ann.unawaited).toEqual([]);
  });

  test.each([
    ['a string', (token: string) => token],
    ['an object', (token: string) => ({ token })],
  ])('is renewed by authenticate with %s, and the room is still joined', async (_, form) => {
    const { ann, ben, bookingId, client } = await brief();
    await backend.pass(31_000);
    const exp = seconds(backend.now()) + 600;
    const token = await backend.token({ sub: client.userId, exp });
    const expiresAt = new Date(exp * 1000).toISOString();
    expect(await ann.request('authenticate', form(token))).toEqual({
      ok: true,
      userId: client.userId,
      expiresAt,
    });
    await say(ben, bookingId, 'heard again');
    expect(await ann.next('newMessage')).toMatchObject({ content: 'heard again' });
    expect(await say(ann, bookingId, 'and said')).toMatchObject({ senderType: 'client' });
  });

  test('opens no connection and no route', async () => {
    const { userId } = await newPerson(backend, 'Ann');
    const token = await backend.token({ sub: userId, exp: seconds(backend.now()) - 1 });
    expect(await openNative(backend.webSocketUrl, { token })).toBe(401);
    expect(await listOwn(token)).toMatchObject({ status: 401, body: { error: 'AUTHENTICATION_FAILED' } });
  });
});

describe('authenticate', () => {
  test('refuses somebody else’s token, and all stays as it was', async () => {
    const { bookingId, client, owner } = await newScene(backend);
    const ann = await client.enter(bookingId);
    expect(await ann.request('authenticate', owner.token)).toEqual(refused('UNAUTHORIZED', 'Unauthorized'));
    expect(await ann.next('error')).toEqual({ code: 'UNAUTHORIZED', message: 'Unauthorized' });
    expect(await say(ann, bookingId, 'still Ann')).toMatchObject({ senderType: 'client' });
  });

  test('refuses a token that is no good, and all stays as it was', async () => {
    const { bookingId, client } = await newScene(backend);
    const ann = await client.enter(bookingId);
    const expired = await backend.token({ sub: client.userId, exp: seconds(backend.now()) - 1 });
    for (const token of [expired, 'garbage', { token: 'garbage' }]) {
      expect(await ann.request('authenticate', token)).toEqual(UNAUTHENTICATED);
    }
    for (const payload of [undefined, null, 7, '', {}, { token: '' }, { token: 7 }, ['x']]) {
      expect(await ann.request('authenticate', payload)).toEqual(refused('INVALID_PAYLOAD'));
    }
    expect(await say(ann, bookingId, 'still here')).toMatchObject({ senderType: 'client' });
  });
});

describe('the dialect', () => {
  test('is chosen in the query, else by the token; an unknown one is refused', async () => {
    const { userId, token } = await newPerson(backend, 'Ann');
    const claiming = (dialect: string) => backend.token({ sub: userId, dialect });
    await connect(backend, { token, dialect: 'booking' });
    await connect(backend, { token: await claiming('booking') });
    await connect(backend, { token: await claiming('klingon'), dialect: 'booking' });
    for (const dialect of ['klingon', '__proto__', 'constructor', 'BOOKING', '']) {
      expect(await openNative(backend.webSocketUrl, { token, dialect }), dialect).toBe(400);
    }
    expect(await openNative(backend.webSocketUrl, { dialect: 'klingon' })).toBe(400);
    expect(await openNative(backend.webSocketUrl, { token: await claiming('klingon') })).toBe(400);
  });
});

describe('the end of a connection', () => {
  test('leaves nothing of it behind', async () => {
    const { bookingId, client, owner } = await newScene(backend);
    const ben = await owner.enter(bookingId);
    await client.history(bookingId);
    const connections = async () =>
      (await backend.rows()).filter(
        (row) => /^(CONN|ROOM)#/.test(String(row.pk)) && JSON.stringify(row).includes(client.userId),
      );
    const ann = await client.enter(bookingId);
    await ann.close();
    await expect.poll(connections).toEqual([]);
    expect(await say(ben, bookingId, 'to myself')).toMatchObject({ content: 'to myself' });
  });
});
