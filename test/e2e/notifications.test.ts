import { io, type Socket } from 'socket.io-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newPerson, type Person, platformOf, refused } from '../support/booking-scene.ts';
import { call } from '../support/rest.ts';
import { backendForFile, type Row } from '../support/stack.ts';

const backend = await backendForFile();
const platform = await platformOf(backend);

/** A notification as frontends know it. */
type Shown = {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly message: string;
  readonly link?: string;
  readonly data?: unknown;
  readonly isRead: boolean;
  readonly createdAt: string;
};

type Listed = {
  readonly notifications: readonly Shown[];
  readonly unreadCount: number;
  readonly pagination: object;
};

const NEWS = { type: 'news', title: 'News', message: 'Something is new.' } as const;
const NOT_FOUND = { code: 'NOT_FOUND', message: 'Notification not found' };
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

async function notify({ userId }: Pick<Person, 'userId'>, more: object = {}): Promise<Shown> {
  const { body } = await platform.post('notifications', { userId, ...NEWS, ...more });
  return (body.data as { readonly notification: Shown }).notification;
}

async function list(person: Person, query = ''): Promise<Listed> {
  const { status, body } = await person.get(`/api/notifications${query}`);
  expect({ status, ...body }).toMatchObject({ status: 200, success: true });
  return body.data as Listed;
}

/** A device with the unmodified client of Socket.IO. */
async function socketOf({ token }: Person): Promise<Socket> {
  const socket = io(backend.url, { auth: { token }, transports: ['websocket'], forceNew: true });
  onTestFinished(() => void socket.disconnect());
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}

/** The payload of the next event of this name. */
function heard(socket: Socket, event: string): Promise<unknown> {
  return new Promise((resolve) => socket.once(event, resolve));
}

async function kept(): Promise<readonly Row[]> {
  return (await backend.rows()).filter(({ pk }) => String(pk).startsWith('INBOX#'));
}

describe('a notification of the platform', () => {
  test('comes to all of the user’s devices, to nobody else, and stays in the inbox', async () => {
    const [ann, eve] = [await newPerson(backend, 'Ann'), await newPerson(backend, 'Eve')];
    const [phone, laptop, other] = [await ann.connect(), await ann.connect(), await eve.connect()];
    const tablet = await socketOf(ann);
    const atTablet = heard(tablet, 'notification:new');
    const data = { orderId: 17, tags: ['a', null], nested: { deep: true } };
    const sent = await notify(ann, { link: '/orders/17', data });
    expect(sent).toStrictEqual({
      id: expect.any(String),
      ...NEWS,
      link: '/orders/17',
      data,
      isRead: false,
      createdAt: expect.stringMatching(TIME),
    });
    for (const device of [phone, laptop]) expect(await device.next('notification:new')).toStrictEqual(sent);
    expect(await atTablet).toStrictEqual(sent);
    await backend.settled(other);
    expect(other.heard).toEqual([]);
    const pagination = { page: 1, limit: 20, total: 1, pages: 1, hasMore: false };
    expect(await list(ann)).toStrictEqual({ notifications: [sent], unreadCount: 1, pagination });
    expect(await list(eve)).toMatchObject({ notifications: [], unreadCount: 0 });
  });

  test('waits for a user who is not there, or not known yet', async () => {
    const ann = await newPerson(backend, 'Ann');
    const sent = await notify(ann);
    const phone = await ann.connect();
    await backend.settled(phone);
    expect(phone.heard).toEqual([]);
    expect((await list(ann)).notifications).toEqual([sent]);
    await notify({ userId: 'whoever comes one day' });
  });

  test('is kept and told once, however often it is told under one id, also at once', async () => {
    const ann = await newPerson(backend, 'Ann');
    const phone = await ann.connect();
    const id = 'order-17-shipped';
    const first = await notify(ann, { id });
    expect(first.id).toBe(id);
    const repeats = await Promise.all([1, 2, 3].map(() => notify(ann, { id, title: 'Again' })));
    expect(repeats).toEqual([first, first, first]);
    await Promise.all([1, 2, 3, 4].map((title) => notify(ann, { id: 'at once', title: `${title}` })));
    await backend.settled(phone);
    expect(phone.heard.map(({ data }) => (data as Shown).id)).toEqual([id, 'at once']);
    expect(await list(ann)).toMatchObject({ pagination: { total: 2 } });
  });

  test('is refused with 400 when it is not what it should be, and kept nowhere', async () => {
    const token = await backend.token({ sub: 'platform', role: 'service' });
    const right = { userId: 'u', ...NEWS };
    const wrong: readonly object[] = [
      ...['userId', 'type', 'title', 'message'].flatMap((field) =>
        [undefined, null, '', ' ', 7, {}, '\ud800', 'a\u0000', 'x'.repeat(2_049)].map((value) => ({
          ...right,
          [field]: value,
        })),
      ),
      ...[null, '', 7, 'x'.repeat(2_049), 'a\nb'].map((link) => ({ ...right, link })),
      ...[null, '', 7, 'x'.repeat(129), 'a\u0000'].map((id) => ({ ...right, id })),
      { ...right, data: 'x'.repeat(16_384) },
    ].filter(({ userId }) => userId !== ' ');
    const before = await kept();
    for (const body of [...wrong, [], 'null', '{', '']) {
      const answer = await call(backend, 'POST', '/api/server/notifications', { token, body });
      const error = { status: 400, body: { success: false, error: 'INVALID_PAYLOAD' } };
      expect(answer, JSON.stringify(body).slice(0, 200)).toMatchObject(error);
    }
    expect(await kept()).toEqual(before);
  });

  test('may hold whatever JSON can', async () => {
    const ann = await newPerson(backend, 'Ann');
    const phone = await ann.connect();
    const odd = ['', 0, false, null, [], {}, '\ud83d', { '': { $ref: 1 } }, [[[[[[[[]]]]]]]], 1e-300];
    for (const data of odd) {
      await notify(ann, { data });
      expect(((await phone.next('notification:new')) as Shown).data).toStrictEqual(data);
    }
    const listed = (await list(ann)).notifications.map(({ data }) => data);
    expect(new Set(listed.map((data) => JSON.stringify(data)))).toEqual(
      new Set(odd.map((data) => JSON.stringify(data))),
    );
  });

  test('comes from the platform alone', async () => {
    const ann = await newPerson(backend, 'Ann');
    const body = { userId: ann.userId, ...NEWS };
    const before = await kept();
    for (const [token, status] of [
      [undefined, 401],
      [ann.token, 403],
      [await backend.token({ sub: ann.userId, role: 'admin' }), 403],
    ] as const) {
      expect(await call(backend, 'POST', '/api/server/notifications', { token, body })).toMatchObject({
        status,
      });
    }
    expect(await kept()).toEqual(before);
  });
});

describe('reading one', () => {
  test('tells the user’s other devices, by its id alone, and counts once', async () => {
    const ann = await newPerson(backend, 'Ann');
    const [one, two] = [await notify(ann), await notify(ann)];
    const [phone, laptop] = [await ann.connect(), await ann.connect()];
    const tablet = await socketOf(ann);
    const atTablet = heard(tablet, 'notification:read');
    const answer = { ok: true, notificationId: one.id };
    expect(await phone.request('notification:read', one.id)).toEqual(answer);
    expect(await laptop.next('notification:read')).toBe(one.id);
    expect(await atTablet).toBe(one.id);
    expect(await phone.request('notification:read', { notificationId: one.id })).toEqual(answer);
    await backend.settled(phone, laptop);
    expect(phone.heard).toEqual([]);
    const { notifications, unreadCount } = await list(ann);
    expect(unreadCount).toBe(1);
    expect(notifications).toEqual([two, { ...one, isRead: true }].sort(newestFirst));
  });

  test('over Socket.IO has an acknowledgement, and leaves the own device alone', async () => {
    const ann = await newPerson(backend, 'Ann');
    const { id } = await notify(ann);
    const phone = await ann.connect();
    const tablet = await socketOf(ann);
    const strays: unknown[] = [];
    tablet.onAny((...event: readonly unknown[]) => void strays.push(event));
    expect(await tablet.emitWithAck('notification:read', id)).toEqual({ ok: true, notificationId: id });
    expect(await phone.next('notification:read')).toBe(id);
    await backend.settled(phone);
    expect(strays).toEqual([]);
  });

  test('over REST tells all devices', async () => {
    const ann = await newPerson(backend, 'Ann');
    const { id } = await notify(ann, { id: 'order 17: ü' });
    const phone = await ann.connect();
    const answer = await ann.put(`/api/notifications/${encodeURIComponent(id)}/read`);
    expect(answer).toMatchObject({ status: 200, body: { data: { notificationId: id } } });
    expect(await phone.next('notification:read')).toBe(id);
    expect(await list(ann)).toMatchObject({ unreadCount: 0, notifications: [{ id, isRead: true }] });
  });

  test('finds none that is not the caller’s, and answers the same of one that does not exist', async () => {
    const [ann, eve] = [await newPerson(backend, 'Ann'), await newPerson(backend, 'Eve')];
    const { id } = await notify(ann);
    const device = await eve.connect();
    for (const other of [id, `${id}x`, 'read-all']) {
      expect(await device.request('notification:read', other)).toEqual(
        refused('NOT_FOUND', NOT_FOUND.message),
      );
      expect(await eve.put(`/api/notifications/${other}/read`)).toMatchObject({
        status: 404,
        body: { error: 'NOT_FOUND', message: NOT_FOUND.message },
      });
    }
    expect(await list(ann)).toMatchObject({ unreadCount: 1 });
  });
});

describe('reading all', () => {
  test('reads all that has come, tells the other devices, and leaves what comes later', async () => {
    const ann = await newPerson(backend, 'Ann');
    await notify(ann);
    await notify(ann, { id: 'chosen' });
    const [phone, laptop] = [await ann.connect(), await ann.connect()];
    expect(await phone.request('notifications:read-all')).toEqual({ ok: true });
    await laptop.next('notifications:read-all');
    expect(laptop.frames.at(-1)).toBe('{"event":"notifications:read-all"}');
    expect(await list(ann)).toMatchObject({ unreadCount: 0, pagination: { total: 2 } });
    await backend.pass(1);
    const later = await notify(ann);
    expect(await list(ann, '?unread=true')).toMatchObject({ notifications: [later], unreadCount: 1 });
    expect(await ann.put('/api/notifications/read-all')).toMatchObject({ status: 200, body: { data: {} } });
    for (const device of [phone, laptop]) await device.next('notifications:read-all');
    expect(await list(ann, '?unread=true')).toMatchObject({ notifications: [], unreadCount: 0 });
    await backend.settled(phone, laptop);
    expect(phone.heard.map(({ event }) => event)).toEqual(['notification:new', 'notifications:read-all']);
  });
});

describe('the list', () => {
  test('comes page by page, newest first, all or those that are unread', async () => {
    const ann = await newPerson(backend, 'Ann');
    const sent: Shown[] = [];
    for (let count = 1; count <= 5; count += 1) {
      sent.unshift(await notify(ann, { title: `${count}` }));
      await backend.pass(1);
    }
    const titles = async (query: string) => (await list(ann, query)).notifications.map(({ title }) => title);
    expect(await titles('?limit=2')).toEqual(['5', '4']);
    expect(await titles('?limit=2&page=3')).toEqual(['1']);
    expect(await titles('?limit=2&page=4')).toEqual([]);
    expect(await list(ann, '?limit=2&page=2')).toMatchObject({
      unreadCount: 5,
      pagination: { page: 2, limit: 2, total: 5, pages: 3, hasMore: true },
    });
    await ann.put(`/api/notifications/${sent[1]?.id}/read`);
    expect(await titles('?unread=true&limit=2')).toEqual(['5', '3']);
    expect(await titles('?unread=1&limit=2&page=2')).toEqual(['2', '1']);
    expect(await titles('?unread=false')).toEqual(['5', '4', '3', '2', '1']);
  });

  test('is for its user alone, and refuses what cannot be asked', async () => {
    const ann = await newPerson(backend, 'Ann');
    for (const query of ['?unread=yes', '?unread=', '?page=0', '?limit=101', '?page=x']) {
      const answer = await ann.get(`/api/notifications${query}`);
      expect(answer, query).toMatchObject({ status: 400, body: { error: 'INVALID_PAYLOAD' } });
    }
    for (const [method, path] of [
      ['GET', ''],
      ['PUT', '/read-all'],
      ['PUT', '/x/read'],
    ] as const) {
      expect(await call(backend, method, `/api/notifications${path}`)).toMatchObject({ status: 401 });
    }
  });
});

function newestFirst(a: Shown, b: Shown): number {
  return b.createdAt.localeCompare(a.createdAt) || (a.id < b.id ? 1 : -1);
}
