import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { DialectName } from '../../lambdas/core/connection.ts';
import { connect, newPerson, newScene, type Person } from '../support/booking-scene.ts';
import { backendForFile, localBackend } from '../support/stack.ts';
import { openStock } from '../support/stock-client.ts';

/* Who is online, as unmodified Socket.IO clients and native ones are told. */

const backend = await backendForFile();

type OnlineUser = { readonly userId: string; readonly email?: string };

/** What both kinds of client have in common. */
type Device = {
  readonly next: (event: string) => Promise<unknown>;
  readonly flushed: () => Promise<void>;
  readonly heard: readonly { readonly event: string }[];
};
type Wire = 'native' | 'socket.io';
const WIRES: readonly Wire[] = ['native', 'socket.io'];

function open(person: Pick<Person, 'token'>, dialect: DialectName, wire: Wire): Promise<Device> {
  const { token } = person;
  if (wire === 'native') return connect(backend, { token, dialect });
  return openStock(backend, person, { auth: { token, dialect } });
}

/** The events of these names that a device has heard, of this user. */
function heardOf(device: Device, userId: string): readonly string[] {
  return device.heard.flatMap(({ event, ...rest }) => {
    const [payload] =
      'args' in rest ? (rest.args as readonly unknown[]) : [(rest as { data?: unknown }).data];
    const about = payload as { readonly userId?: string; readonly status?: string } | undefined;
    if (about?.userId !== userId) return [];
    return [about.status === undefined ? event : `${event} ${about.status}`];
  });
}

describe.each(WIRES)('who connects in direct, on the %s wire,', (wire) => {
  test('is told who it is, and who is online, with addresses for contacts alone', async () => {
    const { client, owner, stranger, bookingId } = await newScene(backend);
    await client.enter(bookingId);
    await owner.connect();
    await stranger.connect();
    const device = await open(client, 'direct', wire);
    expect(await device.next('connection')).toStrictEqual({
      success: true,
      user: { _id: client.userId, name: 'Ann' },
    });
    const users = (await device.next('online_users')) as readonly OnlineUser[];
    const shown = (userId: string) => users.filter((user) => user.userId === userId);
    const fields = ({ userId, name }: Person) => ({
      ...{ userId, _id: userId, name },
      lastSeen: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(shown(client.userId)).toStrictEqual([{ ...fields(client), email: client.email }]);
    expect(shown(owner.userId)).toStrictEqual([{ ...fields(owner), email: owner.email }]);
    expect(shown(stranger.userId)).toStrictEqual([fields(stranger)]);
  });

  test('is shown the addresses of all where it is an admin’s, and the roles and names that tokens say', async () => {
    const stranger = await newPerson(backend, 'Eve');
    await stranger.connect();
    const sub = `admin-${randomUUID()}`;
    const claims = { sub, name: 'Ada', username: 'ada', email: 'ada@example.com', role: 'admin' };
    const token = await backend.token(claims);
    const device = await open({ token }, 'direct', wire);
    expect(await device.next('connection')).toStrictEqual({
      success: true,
      user: { _id: sub, name: 'Ada', username: 'ada' },
    });
    const users = (await device.next('online_users')) as readonly OnlineUser[];
    expect(users).toContainEqual(expect.objectContaining({ userId: stranger.userId, email: stranger.email }));
    expect(users).toContainEqual({
      ...{ userId: sub, _id: sub, name: 'Ada', username: 'ada', email: 'ada@example.com', role: 'admin' },
      lastSeen: expect.any(String),
    });
  });

  test('still sees somebody whose connection was lost a moment ago', async () => {
    const ann = await newPerson(backend, 'Ann');
    const lost = await openStock(backend, ann, { reconnection: false });
    lost.socket.io.engine.close();
    await expect
      .poll(async () =>
        (await backend.rows()).some((row) => row.userId === ann.userId && /lost$/.test(`${row.pk}`)),
      )
      .toBe(true);
    const device = await open(await newPerson(backend, 'Ben'), 'direct', wire);
    const users = (await device.next('online_users')) as readonly OnlineUser[];
    expect(users).toContainEqual(expect.objectContaining({ userId: ann.userId, name: 'Ann' }));
  });

  test('is told nothing of the kind in any other dialect', async () => {
    const ann = await newPerson(backend, 'Ann');
    for (const dialect of ['booking', 'conversation', 'appointment', 'support'] as const) {
      const device = await open(ann, dialect, wire);
      await backend.settled(device);
      expect(device.heard).toEqual([]);
    }
  });
});

/** What devices hear of somebody who comes, and goes: with contacts, and with others. */
const WORDS: readonly (readonly [DialectName, readonly string[], readonly string[]])[] = [
  ['booking', [], []],
  ['conversation', ['user:status-changed online', 'user:status-changed offline'], []],
  ['direct', ['user_online', 'user_offline'], ['user_online', 'user_offline']],
  ['appointment', ['user:online', 'user:offline'], []],
  ['support', ['user_online', 'user_offline'], []],
];

describe.each(WORDS)('in %s', (dialect, contacts, others) => {
  test.each(WIRES)(
    'who comes and goes is told of once, on the %s wire, to whom it concerns',
    async (wire) => {
      const { client, owner, stranger, bookingId } = await newScene(backend);
      // Once somebody has opened it, they share a conversation.
      await client.get(`/messaging/conversations/booking/${bookingId}`);
      const [contact, other] = [await open(owner, dialect, wire), await open(stranger, dialect, wire)];
      await backend.settled(contact, other);
      const devices = [await client.connect(), await client.connect()];
      await backend.settled(contact, other);
      const [first, second] = devices;
      await first?.close();
      await backend.settled(contact, other);
      expect(heardOf(contact, client.userId)).toEqual(contacts.slice(0, 1));
      await second?.close();
      const heard = (device: Device) => expect.poll(() => heardOf(device, client.userId));
      await heard(contact).toEqual(contacts);
      await backend.settled(contact, other);
      expect(heardOf(contact, client.userId)).toEqual(contacts);
      expect(heardOf(other, client.userId)).toEqual(others);
    },
  );
});

test('admins of the support desk see everybody', async () => {
  const token = await backend.token({ sub: `admin-${randomUUID()}`, name: 'Ada', role: 'admin' });
  const admins = await Promise.all(WIRES.map((wire) => open({ token }, 'support', wire)));
  const ann = await newPerson(backend, 'Ann');
  const device = await ann.connect();
  for (const admin of admins) {
    const payload = { userId: ann.userId, userName: 'Ann', timestamp: expect.any(String) };
    expect(await admin.next('user_online')).toStrictEqual(payload);
  }
  await device.close();
  for (const admin of admins) {
    await expect.poll(() => heardOf(admin, ann.userId)).toEqual(['user_online', 'user_offline']);
  }
});

test('a lost client is gone when its grace has passed, and one that is back by then never was', async () => {
  const watcher = await open(await newPerson(backend, 'Dora'), 'direct', 'native');
  const [ann, ben] = [await newPerson(backend, 'Ann'), await newPerson(backend, 'Ben')];
  const [lost, back] = await Promise.all([
    openStock(backend, ann, { reconnection: false }),
    openStock(backend, ben, { reconnectionDelay: 1, reconnectionDelayMax: 2 }),
  ]);
  const again = new Promise((resolve) => back.socket.io.once('reconnect', resolve));
  for (const { socket } of [lost, back]) socket.io.engine.close();
  await again;
  await backend.settled(watcher);
  expect(heardOf(watcher, ann.userId)).toEqual(['user_online']);
  await backend.pass(11_000);
  await expect.poll(() => heardOf(watcher, ann.userId)).toEqual(['user_online', 'user_offline']);
  await backend.settled(watcher);
  expect(heardOf(watcher, ben.userId)).toEqual(['user_online']);
});

test('support’s lists show who is online, and when the others last were', async () => {
  const { client, owner, bookingId } = await newScene(backend);
  const path = `/messaging/conversations/booking/${bookingId}`;
  type Shown = {
    readonly user: { readonly _id: string };
    readonly isOnline: boolean;
    readonly lastSeen: string | null;
  };
  const standing = async () => {
    const { body } = await client.get(path);
    const { conversation } = body.data as {
      readonly conversation: { readonly participants: readonly Shown[] };
    };
    const shown = conversation.participants.find(({ user }) => user._id === owner.userId);
    return [shown?.isOnline, shown?.lastSeen];
  };
  expect(await standing()).toEqual([false, null]);
  const device = await owner.connect();
  expect(await standing()).toEqual([true, expect.stringMatching(/Z$/)]);
  await device.close();
  await expect.poll(standing).toEqual([false, expect.stringMatching(/Z$/)]);
  const { body } = await client.get('/messaging/conversations');
  const { conversations } = body.data as {
    readonly conversations: readonly [{ readonly participants: readonly Shown[] }];
  };
  const listed = conversations[0].participants.find(({ user }) => user._id === owner.userId);
  expect(listed).toMatchObject({ isOnline: false, lastSeen: expect.stringMatching(/Z$/) });
});

describe('a deployment', () => {
  test('may have everybody see everyone, and no grace', async () => {
    const open = await localBackend({ PRESENCE_SCOPE: 'everyone', PRESENCE_GRACE_SECONDS: '0' });
    const [eve, ann] = [await newPerson(open, 'Eve'), await newPerson(open, 'Ann')];
    const watcher = await connect(open, { token: eve.token, dialect: 'appointment' });
    const lost = await openStock(open, ann, { reconnection: false });
    expect(await watcher.next('user:online')).toEqual({ userId: ann.userId });
    lost.socket.io.engine.close();
    expect(await watcher.next('user:offline')).toEqual({ userId: ann.userId });
  });

  test('may have nobody see but contacts', async () => {
    const closed = await localBackend({ PRESENCE_SCOPE: 'contacts' });
    const [eve, ann] = [await newPerson(closed, 'Eve'), await newPerson(closed, 'Ann')];
    await ann.connect();
    const device = await connect(closed, { token: eve.token, dialect: 'direct' });
    expect(await device.next('online_users')).toMatchObject([{ userId: eve.userId }]);
    const more = await newPerson(closed, 'Ben');
    await more.connect();
    await closed.settled(device);
    expect(heardOf(device, more.userId)).toEqual([]);
  });
});
