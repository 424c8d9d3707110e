import { describe, expect, test, vi } from 'vitest';
import type { Client, ClientOptions, Storage } from '../../../client/index.ts';
import { memoryStorage } from '../../../client/sdk/outbox-storage.ts';
import { FakeSocket } from '../../fakes/fake-server.ts';
import { bookingOf, Street, watch } from './device.ts';

const GOOD = {
  ...{ _id: 'cAAAAAAAAAAAAAAAAAAAAAA.1', sender: { _id: 'ben', name: 'Ben' }, content: 'Hello' },
  ...{ isRead: false, createdAt: '2026-02-09T10:30:00.000Z' },
};

/** Events in which all but one field is as it should be. */
const HALF_SENSE: readonly (readonly [event: string, payload: object])[] = [
  ['newMessage', { ...GOOD, content: null }],
  ['newMessage', { ...GOOD, content: { text: 'Hello' } }],
  ['newMessage', { ...GOOD, createdAt: 'soon' }],
  ['newMessage', { ...GOOD, sender: { _id: 'ben' } }],
  ['newMessage', { ...GOOD, sender: { _id: 7, name: 'Ben' } }],
  ['messagesMarkedAsRead', { messageIds: 7 }],
  ['messagesMarkedAsRead', { messageIds: [null] }],
  ['typing', { bookingId: 'booking-1', userId: {}, isTyping: true }],
  ['notification:new', { id: 'n1', type: 'news', title: 'News', message: 'x', createdAt: 'soon' }],
  ['notification:new', { id: 'n1', type: 'news', title: ['News'], message: 'x', createdAt: GOOD.createdAt }],
  ['notification:read', { notificationId: 7 }],
];

/** What a client shows of its conversation. */
function shown(client: Client<'booking'>) {
  return bookingOf(client)
    .getSnapshot()
    .messages.map(({ content, status }) => `${content} ${status}`);
}

/** Ann's client, in her conversation. */
async function ann(street: Street, options: Partial<ClientOptions<'booking'>> = {}) {
  const client = street.client('ann', options);
  watch(bookingOf(client));
  await street.pass(1_000);
  return client;
}

/** Sends something, and tells later what became of it. */
function send(client: Client<'booking'>, content: string) {
  return bookingOf(client)
    .send({ content })
    .then(
      ({ id }) => id,
      ({ code }: { readonly code: string }) => code,
    );
}

describe('a server', () => {
  test('that talks nonsense is listened to no further than it makes sense', async () => {
    const street = new Street();
    const client = await ann(street);
    const heard: unknown[] = [];
    client.onAny((event) => heard.push(event));
    for (const text of [
      '',
      'nonsense',
      'null',
      '[]',
      '7',
      '{}',
      '{"reply":1e9}',
      '{"reply":"x","data":{}}',
      '{"event":7}',
      '{"message": "Internal server error", "connectionId":"x", "requestId":"y"}',
    ])
      street.backend.say('ann', text);
    expect(heard).toEqual([]);
    for (const payload of ['null', '7', '{}', '{"_id":"nonsense","sender":{}}', '{"_id":null}', '[[]]'])
      for (const event of ['newMessage', 'typing', 'messagesMarkedAsRead', 'constructor', '__proto__'])
        street.backend.say('ann', `{"event":"${event}","data":${payload}}`);
    for (const [event, payload] of HALF_SENSE)
      street.backend.say('ann', JSON.stringify({ event, data: payload }));
    await street.pass(1_000);
    expect(bookingOf(client).getSnapshot()).toMatchObject({ messages: [], typing: [] });
    expect(client.notifications.getSnapshot().notifications).toEqual([]);
    expect(street.errors.length).toBeGreaterThan(0);
    expect(street.errors[0]?.message).toBe("An event 'newMessage' cannot be read.");
    const sent = send(client, 'still here');
    await street.pass(1_000);
    expect(await sent).toMatch(/\.1$/);
    expect(shown(client)).toEqual(['still here sent']);
  });

  test('that never answers is given up in words, and no message is', async () => {
    const street = new Street();
    const client = await ann(street);
    for (const action of ['sendMessage', 'markAsRead']) street.backend.silent.add(action);
    const sent = send(client, 'hello');
    const asked = client
      .request('markAsRead', { messageIds: ['x'] })
      .catch(({ code }: { readonly code: string }) => code);
    await street.pass(60_000);
    expect(await asked).toBe('TIMEOUT');
    expect(shown(client)).toEqual(['hello sending']);
    street.backend.silent.clear();
    await street.pass(60_000);
    expect(await sent).toMatch(/\.1$/);
    expect(street.backend.log).toHaveLength(1);
  });

  test('that cannot show the conversation now is asked again', async () => {
    const street = new Street();
    street.backend.silent.add('parley:history');
    const client = await ann(street);
    await street.pass(25_000);
    expect(bookingOf(client).getSnapshot().error).toMatchObject({ code: 'TIMEOUT' });
    street.backend.silent.clear();
    await street.pass(60_000);
    expect(bookingOf(client).getSnapshot()).toMatchObject({ isLoading: false, messages: [] });
    expect(bookingOf(client).getSnapshot().error).toBeUndefined();
  });

  test('that refuses a message is believed; what waits behind it goes on, and it may be sent again', async () => {
    const street = new Street();
    const client = await ann(street);
    street.backend.refusals.set('bad', { code: 'INVALID_PAYLOAD', message: 'No such words' });
    const sent = [send(client, 'bad'), send(client, 'good')];
    await street.pass(1_000);
    expect(await sent[0]).toBe('INVALID_PAYLOAD');
    expect(shown(client)).toEqual(['good sent', 'bad failed']);
    const failed = bookingOf(client).getSnapshot().messages.at(-1);
    expect(failed?.error).toMatchObject({ code: 'INVALID_PAYLOAD', message: 'No such words' });
    street.backend.refusals.clear();
    const again = bookingOf(client).retry(failed?.clientMessageId ?? '');
    await street.pass(1_000);
    expect(await again).toMatchObject({ content: 'bad', seq: 2 });
    expect(shown(client)).toEqual(['good sent', 'bad sent']);
  });

  test('whose routes do not answer, or fail, is asked again until the list is there', async () => {
    const street = new Street();
    const answers: (() => Promise<Response>)[] = [
      () => new Promise(() => undefined),
      async () => Promise.reject(new TypeError('Failed to fetch')),
      async () => new Response('Bad gateway', { status: 502 }),
      async () => annsList(),
    ];
    const fetch = () => answers.shift()?.() ?? Promise.reject(new Error('Asked too often.'));
    const client = await ann(street, { apiUrl: 'https://example.com', fetch });
    const list = client.conversations;
    expect(list.getSnapshot()).toMatchObject({ isLoading: true, conversations: [] });
    watch(list);
    for (const code of ['TIMEOUT', 'DISCONNECTED', 'INTERNAL']) {
      await street.pass(code === 'TIMEOUT' ? 22_000 : 5_000);
      expect(list.getSnapshot()).toMatchObject({ isLoading: false, error: { code } });
    }
    await street.pass(5_000);
    expect(list.getSnapshot()).toMatchObject({ isLoading: false, conversations: [{ title: 'Hers' }] });
    expect(list.getSnapshot().error).toBeUndefined();
    await street.pass(60_000);
    expect(answers).toEqual([]);
  });

  test('is asked for nothing again that nobody looks at any more', async () => {
    const street = new Street();
    const fetch = vi.fn(() => Promise.reject(new TypeError('Failed to fetch')));
    const client = await ann(street, { apiUrl: 'https://example.com', fetch });
    const leave = client.notifications.subscribe(() => undefined);
    await street.pass(1_000);
    leave();
    const calls = fetch.mock.calls.length;
    await street.pass(60_000);
    expect(fetch.mock.calls.length).toBeLessThanOrEqual(calls + 1);
  });

  test('that is in a hurry is sent the same again a little later, and nothing before it', async () => {
    const street = new Street();
    const client = await ann(street);
    street.backend.refusals.set('one', { code: 'RATE_LIMITED', message: 'Too many messages, slow down' });
    const sent = [send(client, 'one'), send(client, 'two')];
    await street.pass(5_000);
    expect(shown(client)).toEqual(['one sending', 'two sending']);
    street.backend.refusals.clear();
    await street.pass(60_000);
    await Promise.all(sent);
    expect(street.backend.log.map(({ content }) => content)).toEqual(['one', 'two']);
  });
});

test.each([
  ['INTERNAL', 2],
  ['RATE_LIMITED', 2],
  ['AUTHENTICATION_FAILED', 1],
])('a client that is refused with %s makes %i attempts', async (code, attempts) => {
  const street = new Street();
  const sockets: FakeSocket[] = [];
  const WebSocket = class extends FakeSocket {
    constructor(url: string) {
      super(url);
      sockets.push(this);
    }
  };
  street.client('ann', { platform: { WebSocket } });
  await street.pass(100);
  sockets[0]?.onopen?.();
  await street.pass(100);
  sockets[0]?.answer('parley:connect', { ok: false, error: { message: 'No', code } });
  await street.pass(10_000);
  expect(sockets).toHaveLength(attempts);
});

describe('a token provider', () => {
  test('that never answers keeps no route waiting for ever', async () => {
    const street = new Street();
    const getToken = () => new Promise<string>(() => undefined);
    const fetch = () => Promise.reject(new Error('Without a token?'));
    const client = street.client('ann', { getToken, apiUrl: 'https://example.com', fetch });
    watch(client.conversations);
    await street.pass(22_000);
    expect(client.conversations.getSnapshot().error).toMatchObject({ code: 'TIMEOUT' });
    expect(client.connection.getSnapshot()).toMatchObject({ status: 'connecting' });
    client.close();
  });

  test('that throws is asked again, and says why nothing happens meanwhile', async () => {
    const street = new Street();
    const login: { token?: string } = {};
    const getToken = () => {
      if (login.token === undefined) throw new Error('The login service is away.');
      return login.token;
    };
    const client = await ann(street, { getToken });
    expect(client.connection.getSnapshot()).toMatchObject({
      status: 'connecting',
      error: { message: 'The login service is away.' },
    });
    const sent = send(client, 'hello');
    login.token = 'token';
    await street.pass(30_000);
    expect(await sent).toMatch(/\.1$/);
    expect(client.connection.getSnapshot()).toMatchObject({ status: 'online' });
    expect(client.connection.getSnapshot().error).toBeUndefined();
  });
});

test('somebody else who signs in is shown nothing of what the one before was shown', async () => {
  const street = new Street();
  const lists = [annsList()];
  const fetch = async () => lists.pop() ?? new Promise<Response>(() => undefined);
  const client = await ann(street, { apiUrl: 'https://example.com', fetch });
  const sent = send(client, 'mine');
  watch(client.conversations);
  const present = client.presence.of(['cat']);
  watch(present);
  street.backend.say('ann', JSON.stringify({ event: 'notification:new', data: ANNS_NOTIFICATION }));
  await street.pass(1_000);
  await sent;
  expect(client.conversations.getSnapshot().conversations).toHaveLength(1);
  expect(client.notifications.getSnapshot().unreadCount).toBe(1);
  expect(present.getSnapshot()).toEqual({ cat: 'online' });
  street.backend.renamed.set('ann', 'ben');
  street.backend.silent.add('parley:history');
  street.backend.cut();
  await street.pass(10_000);
  expect(client.userId).toBe('ben');
  expect(shown(client)).toEqual([]);
  expect(client.conversations.getSnapshot()).toMatchObject({ conversations: [], unreadCount: 0 });
  expect(client.notifications.getSnapshot()).toMatchObject({ notifications: [], unreadCount: 0 });
  expect(present.getSnapshot()).toEqual({});
});

const ANNS_NOTIFICATION = {
  ...{ id: 'n1', type: 'news', title: 'News', message: 'For Ann', isRead: false },
  createdAt: '2026-02-09T10:30:00.000Z',
};

/** What `GET /messaging/conversations` answers. */
function annsList(): Response {
  const people = [
    ['ann', 'Ann'],
    ['cat', 'Cat'],
  ].map(([_id, name]) => ({ user: { _id, name }, role: 'customer', isOnline: true }));
  const row = {
    ...{ _id: 'c1', relatedBooking: 'b1', title: 'Hers', status: 'active', participants: people },
    ...{ lastMessage: null, unreadCount: 2, updatedAt: '2026-02-09T10:30:00.000Z' },
  };
  const data = { conversations: [row], pagination: { hasMore: false } };
  return Response.json({ success: true, message: 'Conversations', data });
}

describe('a storage', () => {
  test('keeps what was not sent until the page comes back, for the same user alone', async () => {
    const street = new Street();
    const storage = memoryStorage();
    const first = await ann(street, { storage });
    street.backend.silent.add('sendMessage');
    void send(first, 'one');
    void send(first, 'two');
    await street.pass(100);
    first.close();
    street.backend.silent.clear();
    const ben = street.client('ben', { storage });
    watch(bookingOf(ben));
    await street.pass(60_000);
    expect(street.backend.log).toEqual([]);
    expect(shown(ben)).toEqual([]);
    const second = await ann(street, { storage });
    await street.pass(1_000);
    expect(shown(second)).toEqual(['one sent', 'two sent']);
    expect(await storage.getItem('parley:outbox:ann')).toBeUndefined();
  });

  const broken = (fails: Partial<Record<keyof Storage, true>>, kept?: string): Storage => {
    const fail = (name: keyof Storage) => {
      if (fails[name]) throw new Error('QuotaExceededError');
    };
    return {
      getItem: async () => {
        fail('getItem');
        return kept;
      },
      setItem: async () => fail('setItem'),
      removeItem: async () => fail('removeItem'),
    };
  };

  test.each([
    ['full', broken({ setItem: true, removeItem: true })],
    ['out of reach', broken({ getItem: true })],
    ['corrupt', broken({}, '{"half')],
    ['somebody else’s', broken({}, '{"a":1}')],
  ])('that is %s is reported, and no message is lost for it', async (_, storage) => {
    const street = new Street();
    const client = await ann(street, { storage });
    const sent = send(client, 'hello');
    await street.pass(1_000);
    expect(await sent).toMatch(/\.1$/);
    expect(shown(client)).toEqual(['hello sent']);
    expect(street.errors.length).toBeGreaterThan(0);
    expect(street.errors[0]?.message).toMatch(/^(The outbox cannot be kept|What the outbox had kept)/);
  });

  test('whose entries are no messages is used for what is one', async () => {
    const street = new Street();
    const good = {
      clientMessageId: 'm',
      room: { bookingId: 'booking-1' },
      draft: { content: 'kept' },
      createdAt: GOOD.createdAt,
    };
    const bad = [
      ...[null, 7, {}, { ...good, draft: 7 }, { ...good, room: null }, { ...good, createdAt: '' }],
      { ...good, draft: { content: 'kept', attachments: [{ url: 7 }] } },
    ];
    const kept = JSON.stringify([...bad, good]);
    const client = await ann(street, { storage: broken({}, kept) });
    expect(shown(client)).toEqual(['kept sent']);
  });

  test('holds so many and no more', async () => {
    const street = new Street();
    street.backend.silent.add('sendMessage');
    const client = await ann(street);
    for (let n = 0; n < 500; n += 1) void send(client, `${n}`);
    expect(await send(client, 'one more')).toBe('OUTBOX_FULL');
    expect(shown(client)).toHaveLength(500);
    const [first] = bookingOf(client).getSnapshot().messages;
    bookingOf(client).discard(first?.clientMessageId ?? '');
    expect(shown(client)).toHaveLength(499);
  });
});

test('a clock that jumps makes no difference', async () => {
  const street = new Street();
  let offset = 0;
  const clock = {
    now: () => street.clock.now() + offset,
    schedule: street.clock.schedule.bind(street.clock),
  };
  const platform = {
    WebSocket: street.backend.webSocketOf('ann'),
    clock,
    random: street.random,
    onNetwork: () => () => undefined,
  };
  const client = street.client('ann', { platform });
  watch(bookingOf(client));
  await street.pass(1_000);
  for (const jump of [86_400_000, -172_800_000, 0]) {
    offset = jump;
    const sent = send(client, `${jump}`);
    bookingOf(client).setTyping(true);
    await street.pass(200_000);
    expect(await sent).toMatch(/\.\d$/);
  }
  expect(shown(client)).toHaveLength(3);
  expect(client.connection.getSnapshot().status).toBe('online');
});

test('where there is no WebSocket is said at once, and only by who would connect', () => {
  const street = new Street();
  const platform = { WebSocket: undefined as never };
  expect(() => street.client('ann', { platform })).toThrow(/no WebSocket here/);
  const client = street.client('ann', { platform, autoConnect: false });
  expect(() => client.connect()).toThrow(/no WebSocket here/);
});

test('however many conversations are asked for before one is looked at, each hears what is said in it', async () => {
  const street = new Street();
  const client = await ann(street);
  const first = client.conversation({ conversationId: 'cAAAAAAAAAAAAAAAAAAAAAA' });
  for (let n = 0; n < 100; n += 1) client.conversation({ bookingId: `other-${n}` });
  watch(first);
  await street.pass(1_000);
  const said = bookingOf(client).send({ content: 'Is this heard?' });
  await street.pass(1_000);
  await said;
  expect(first.getSnapshot().messages).toMatchObject([{ content: 'Is this heard?', status: 'sent' }]);
});

test('a conversation that was left counts as loading again, with what was shown last', async () => {
  const street = new Street();
  const client = await ann(street);
  await Promise.all([send(client, 'before'), street.pass(1_000)]);
  const other = client.conversation({ bookingId: 'other' });
  const leave = other.subscribe(() => undefined);
  await street.pass(500);
  expect(other.getSnapshot()).toMatchObject({ isLoading: false });
  leave();
  await street.pass(2_000);
  expect(other.getSnapshot()).toMatchObject({ isLoading: true, messages: [{ content: 'before' }] });
  watch(other);
  await street.pass(500);
  expect(other.getSnapshot()).toMatchObject({ isLoading: false, messages: [{ content: 'before' }] });
});

test('an own message has its author’s name before it is stored', async () => {
  const street = new Street();
  const getToken = () => `e30.${btoa(JSON.stringify({ sub: 'ann', name: 'Ann Archer' }))}.x`;
  const client = await ann(street, { getToken });
  street.backend.silent.add('sendMessage');
  void send(client, 'Hello');
  expect(bookingOf(client).getSnapshot().messages).toMatchObject([
    { status: 'sending', sender: { userId: 'ann', name: 'Ann Archer' } },
  ]);
});

test('what a dialect has no word for is refused in words', async () => {
  const street = new Street();
  const client = await ann(street);
  const unsupported = { name: 'ParleyError', code: 'UNSUPPORTED' };
  const room = bookingOf(client);
  const id = `c${'A'.repeat(22)}.1`;
  await expect(room.edit(id, 'x')).rejects.toMatchObject(unsupported);
  await expect(room.remove(id)).rejects.toMatchObject(unsupported);
  await expect(room.react(id, '👍')).rejects.toMatchObject(unsupported);
  await expect(room.send({ content: 'x', replyTo: id })).rejects.toMatchObject(unsupported);
  await expect(client.conversations.refresh()).resolves.toBeUndefined();
  expect(client.conversations.getSnapshot().error).toMatchObject(unsupported);
});

test('who is online is not known any more once the connection is lost', async () => {
  const street = new Street();
  const fetch = async () => annsList();
  const client = await ann(street, { apiUrl: 'https://example.com', fetch });
  watch(client.conversations);
  const present = client.presence.of(['cat']);
  watch(present);
  await street.pass(1_000);
  expect(present.getSnapshot()).toEqual({ cat: 'online' });
  street.backend.cut();
  expect(present.getSnapshot()).toEqual({});
  await street.pass(10_000);
  expect(present.getSnapshot()).toEqual({ cat: 'online' });
});
