import { beforeAll, describe, expect, test } from 'vitest';
import { type Message, newBooking, newPerson, newScene, type Scene, say } from '../support/booking-scene.ts';
import { call } from '../support/rest.ts';
import { backendForFile } from '../support/stack.ts';

const backend = await backendForFile();
const refusal = (status: number, error: string, message: unknown = expect.any(String)) => ({
  status,
  body: { success: false, message, data: null, error },
});
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `message ${from + index}`);
const contents = (messages: readonly Message[]) => messages.map(({ content }) => content);

describe('a booking’s history', () => {
  const TOTAL = 23;
  let scene: Scene;
  let messages: readonly Message[];
  let path: string;

  beforeAll(async () => {
    scene = await newScene(backend);
    const { bookingId, client, owner } = scene;
    path = `/api/messages/booking/${bookingId}`;
    const devices = [await client.connect(), await owner.connect()] as const;
    const said: Message[] = [];
    for (const content of numbers(1, TOTAL)) {
      if (said.length === 20) await backend.pass(10_500);
      said.push(await say(devices[said.length % 2 === 0 ? 0 : 1], bookingId, content));
    }
    messages = said;
  });

  test('comes in the envelope, whole when it fits a page', async () => {
    const { status, body } = await scene.owner.get(path);
    expect(status).toBe(200);
    expect(body).toStrictEqual({
      success: true,
      message: expect.any(String),
      data: { messages, pagination: { page: 1, limit: 50, total: TOTAL, pages: 1, hasMore: false } },
    });
  });

  test.each([
    ['?limit=10', numbers(14, 23), { page: 1, limit: 10, pages: 3, hasMore: true }],
    ['?page=2&limit=10', numbers(4, 13), { page: 2, limit: 10, pages: 3, hasMore: true }],
    ['?page=3&limit=10', numbers(1, 3), { page: 3, limit: 10, pages: 3, hasMore: false }],
    ['?page=4&limit=10', [], { page: 4, limit: 10, pages: 3, hasMore: false }],
    ['?page=1000000', [], { page: 1_000_000, limit: 50, pages: 1, hasMore: false }],
    ['?limit=1&page=23', numbers(1, 1), { page: 23, limit: 1, pages: 23, hasMore: false }],
    ['?limit=23', numbers(1, 23), { page: 1, limit: 23, pages: 1, hasMore: false }],
    ['?limit=100', numbers(1, 23), { page: 1, limit: 100, pages: 1, hasMore: false }],
  ])('%s has its newest page first, each oldest first', async (query, expected, pagination) => {
    const { body } = await scene.client.get(path + query);
    const data = body.data as { readonly messages: readonly Message[]; readonly pagination: unknown };
    expect(contents(data.messages)).toEqual(expected);
    expect(data.pagination).toEqual({ ...pagination, total: TOTAL });
  });

  test('refuses a page or a limit that is none with 400', async () => {
    const numerals = ['', '0', '-1', '1.5', '1e1', ' 1', '0x1', 'x', '٣', '9'.repeat(30), 'NaN', 'null'];
    for (const query of [...numerals.flatMap((n) => [`page=${n}`, `limit=${n}`]), 'limit=101']) {
      const answer = await scene.client.get(`${path}?${query}`);
      expect(answer, query).toMatchObject(refusal(400, 'INVALID_PAYLOAD'));
    }
  });

  test('?after= gives what followed a message, oldest first', async () => {
    const following = async (place: number, query = '') => {
      const id = encodeURIComponent(messages[place - 1]?._id ?? '');
      const { body } = await scene.client.get(`${path}?after=${id}${query}`);
      const data = body.data as {
        readonly messages: readonly Message[];
        readonly pagination: { hasMore: boolean };
      };
      return [contents(data.messages), data.pagination.hasMore];
    };
    expect(await following(20)).toEqual([numbers(21, 23), false]);
    expect(await following(2, '&limit=3')).toEqual([numbers(3, 5), true]);
    expect(await following(20, '&limit=3')).toEqual([numbers(21, 23), false]);
    expect(await following(TOTAL)).toEqual([[], false]);
  });

  test('?after= refuses what is no message of this booking with 400', async () => {
    const theirs = await newScene(backend);
    const foreign = await say(await theirs.client.connect(), theirs.bookingId, 'x');
    const last = messages.at(-1)?._id ?? '';
    const forged = [last.replace(/\d+$/, '24'), last.replace(/\d+$/, '0'), 'x', '', '%00', '%F0%9F'];
    for (const id of [foreign._id, ...forged]) {
      expect(await scene.client.get(`${path}?after=${id}`), id).toMatchObject(
        refusal(400, 'INVALID_PAYLOAD'),
      );
    }
  });

  test('is for its two sides alone', async () => {
    expect(await scene.stranger.get(path)).toMatchObject(refusal(403, 'UNAUTHORIZED', 'Unauthorized'));
    expect(await call(backend, 'GET', path)).toMatchObject(refusal(401, 'AUTHENTICATION_FAILED'));
    const nowhere = await scene.client.get('/api/messages/booking/no-such-booking');
    expect(nowhere).toMatchObject(refusal(404, 'NOT_FOUND', 'Booking not found'));
  });

  test('is empty where nothing was said', async () => {
    const { owner, bookingId } = await newScene(backend);
    const { body } = await owner.get(`/api/messages/booking/${bookingId}`);
    const pagination = { page: 1, limit: 50, total: 0, pages: 0, hasMore: false };
    expect(body.data).toEqual({ messages: [], pagination });
  });
});

describe('after a lost connection', () => {
  test('a device catches up completely, and misses nothing from then on', async () => {
    const { bookingId, client, owner } = await newScene(backend);
    const ben = await owner.connect();
    const lost = await client.enter(bookingId);
    await say(ben, bookingId, 'one');
    const seen = (await lost.next('newMessage')) as Message;
    await lost.close();
    await say(ben, bookingId, 'two');
    await say(ben, bookingId, 'three');
    const back = await client.enter(bookingId);
    const missed = await client.history(bookingId, `?after=${seen._id}`);
    expect(contents(missed)).toEqual(['two', 'three']);
    await say(ben, bookingId, 'four');
    expect(await back.next('newMessage')).toMatchObject({ content: 'four' });
    expect(back.unawaited).toEqual([]);
  });
});

type Listed = { readonly booking: { readonly _id: string }; readonly unreadCount: number };
type List = { readonly conversations: readonly Listed[]; readonly pagination: unknown };

describe('lists of conversations', () => {
  const own = '/api/messages/my-conversations';
  const ofBusiness = (businessId: string) => `/api/messages/business/${businessId}/conversations`;

  test('show a conversation to its client and to the owner, each with their own unread count', async () => {
    const { bookingId, businessId, client, owner } = await newScene(backend);
    const [ann, ben] = [await client.connect(), await owner.connect()];
    const first = await say(ann, bookingId, 'one');
    await say(ann, bookingId, 'two');
    const last = await say(ben, bookingId, 'three');
    const conversation = {
      booking: { _id: bookingId, title: 'Haircut' },
      business: { _id: businessId, name: 'Ben’s Barbershop' },
      client: { _id: client.userId, name: 'Ann', email: 'ann@example.com' },
      lastMessage: last,
      unreadCount: 1,
      updatedAt: last.createdAt,
    };
    const pagination = { page: 1, limit: 20, hasMore: false };
    expect(await client.get(own)).toMatchObject({
      status: 200,
      body: {
        success: true,
        message: expect.any(String),
        data: { conversations: [conversation], pagination },
      },
    });
    expect((await owner.get(ofBusiness(businessId))).body.data).toEqual({
      conversations: [{ ...conversation, unreadCount: 2 }],
      pagination,
    });
    await ben.request('markAsRead', { messageIds: [first._id] });
    const after = (await owner.get(ofBusiness(businessId))).body.data as List;
    expect(after.conversations[0]?.unreadCount).toBe(1);
    expect((await owner.get(own)).body.data).toMatchObject({ conversations: [] });
  });

  test('come latest activity first, in pages', async () => {
    const scene = await newScene(backend);
    const { client, businessId, owner } = scene;
    const ids = [
      scene.bookingId,
      await newBooking(backend, scene),
      await newBooking(backend, scene),
    ] as const;
    const ann = await client.connect();
    for (const id of ids) {
      await say(ann, id, 'hello');
      await backend.pass(1_000);
    }
    const listed = async (query: string) => {
      const { conversations, pagination } = (await client.get(own + query)).body.data as List;
      return [conversations.map(({ booking }) => ids.indexOf(booking._id)), pagination];
    };
    expect(await listed('')).toEqual([[2, 1, 0], { page: 1, limit: 20, hasMore: false }]);
    expect(await listed('?limit=2')).toEqual([[2, 1], { page: 1, limit: 2, hasMore: true }]);
    expect(await listed('?limit=2&page=2')).toEqual([[0], { page: 2, limit: 2, hasMore: false }]);
    await backend.pass(61_000);
    await say(await client.connect(), ids[0], 'again');
    expect((await listed(''))[0]).toEqual([0, 2, 1]);
    const { conversations } = (await owner.get(ofBusiness(businessId))).body.data as List;
    expect(conversations.map(({ booking }) => ids.indexOf(booking._id))).toEqual([0, 2, 1]);
  });

  test('leave out a booking that nobody has opened', async () => {
    const { client, owner, businessId } = await newScene(backend);
    expect((await client.get(own)).body.data).toMatchObject({ conversations: [] });
    expect((await owner.get(ofBusiness(businessId))).body.data).toMatchObject({ conversations: [] });
  });

  test('of a business are for its owner alone, whether it exists or not', async () => {
    const { businessId, client, stranger } = await newScene(backend);
    const answers = [
      await client.get(ofBusiness(businessId)),
      await stranger.get(ofBusiness(businessId)),
      await stranger.get(ofBusiness('no-such-business')),
    ];
    for (const { status, body } of answers) {
      expect({ status, body }).toStrictEqual(refusal(403, 'UNAUTHORIZED', 'Unauthorized'));
    }
  });

  test('need a token, and a page that is one', async () => {
    const { businessId, client } = await newScene(backend);
    for (const path of [own, ofBusiness(businessId)]) {
      expect(await call(backend, 'GET', path)).toMatchObject(refusal(401, 'AUTHENTICATION_FAILED'));
      expect(await client.get(`${path}?limit=0`)).toMatchObject(refusal(400, 'INVALID_PAYLOAD'));
    }
  });

  test('of somebody who has none are empty', async () => {
    const nobody = await newPerson(backend, 'Nora');
    expect((await nobody.get(own)).body.data).toEqual({
      conversations: [],
      pagination: { page: 1, limit: 20, hasMore: false },
    });
  });
});
