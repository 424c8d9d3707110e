import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { DialectName } from '../../lambdas/core/connection.ts';
import { connect, newPerson, newScene } from '../support/booking-scene.ts';
import { newTeam, platformSdk } from '../support/conversation-scene.ts';
import { call } from '../support/rest.ts';
import { backendForFile } from '../support/stack.ts';
import { openStock } from '../support/stock-client.ts';

/* What the platform sends of its own, to unmodified Socket.IO clients and on the native wire. */

const backend = await backendForFile();
const parley = platformSdk(backend);
const DIALECTS: readonly DialectName[] = ['booking', 'conversation', 'direct', 'appointment', 'support'];

const named = (prefix: string) => `${prefix}:${randomUUID().slice(0, 8)}`;
const refusal = (status: number, code: string) => ({ status, code });

/** A device on either wire, in this dialect. */
async function devicesOf(person: { readonly token: string }, dialect: DialectName) {
  return [
    await connect(backend, { token: person.token, dialect }),
    await openStock(backend, person, { auth: { token: person.token, dialect } }),
  ] as const;
}

/** Somebody with claims of their own, and a device on each wire. */
async function holder(claims: object) {
  const token = await backend.token({ sub: named('holder'), name: 'Holder', ...claims });
  return { token, devices: await devicesOf({ token }, 'appointment') };
}

describe('an event for a user', () => {
  test.each(DIALECTS)(
    'is heard as it is by every device that speaks %s, and by nobody else’s',
    async (dialect) => {
      const [ann, eve] = [await newPerson(backend, 'Ann'), await newPerson(backend, 'Eve')];
      const [devices, others] = [await devicesOf(ann, dialect), await devicesOf(eve, dialect)];
      const order = { id: 'o-1', lines: [{ name: 'Größe ✓', price: 1.5 }], note: null };
      await parley.emitOrderUpdate(ann.userId, order);
      await parley.sendToUser(ann.userId, 'custom:event', [1, 'two', { three: false }]);
      await parley.sendToUser(ann.userId, 'bare');
      for (const device of devices) {
        expect(await device.next('order:updated')).toEqual(order);
        expect(await device.next('custom:event')).toEqual([1, 'two', { three: false }]);
        expect(await device.next('bare')).toBeUndefined();
      }
      await backend.settled(...others);
      for (const { heard } of others) {
        expect(heard.map(({ event }) => event)).not.toContain('order:updated');
      }
    },
  );

  test('is not heard once the device’s token has run out', async () => {
    const { userId } = await newPerson(backend, 'Ann');
    const exp = Math.floor(backend.now() / 1000) + 60;
    const [brief, lasting] = [
      await backend.token({ sub: userId, exp }),
      await backend.token({ sub: userId }),
    ];
    const expired = await devicesOf({ token: brief }, 'booking');
    const valid = await connect(backend, { token: lasting });
    await backend.pass(61_000);
    await parley.sendToUser(userId, 'news', 1);
    expect(await valid.next('news')).toBe(1);
    await backend.settled(...expired);
    for (const { heard } of expired) expect(heard.map(({ event }) => event)).not.toContain('news');
  });

  test('goes to nobody where the user has no device', async () => {
    await expect(parley.sendToUser(named('nobody'), 'news', 1)).resolves.toBeUndefined();
  });
});

describe('an event for a room', () => {
  test('is heard by the devices of a therapist, by those of admins, and by a user’s', async () => {
    const therapistId = named('t');
    const therapist = await holder({ therapistId });
    const admin = await holder({ role: 'admin' });
    const ann = await newPerson(backend, 'Ann');
    const own = await devicesOf(ann, 'direct');
    for (const [room, devices] of [
      [`therapist:${therapistId}`, therapist.devices],
      ['admins', admin.devices],
      [`user:${ann.userId}`, own],
    ] as const) {
      await parley.sendToRoom(room, 'shift', { room });
      for (const device of devices) expect(await device.next('shift')).toEqual({ room });
    }
    const all = [...therapist.devices, ...admin.devices, ...own];
    await backend.settled(...all);
    for (const { heard } of all) {
      expect(heard.filter(({ event }) => event === 'shift')).toHaveLength(1);
    }
  });

  test('is heard by the devices that have joined a conversation, or a booking’s', async () => {
    const { conversationId, ann, ben } = await newTeam(backend);
    const [inside, outside] = [
      await openStock(backend, ann, { auth: { token: ann.token, dialect: 'conversation' } }),
      await connect(backend, { token: ben.token, dialect: 'conversation' }),
    ];
    await inside.request('join:conversation', conversationId);
    await parley.sendToRoom(`conversation:${conversationId}`, 'poll', 7);
    expect(await inside.next('poll')).toBe(7);
    await backend.settled(outside);
    expect(outside.heard.map(({ event }) => event)).not.toContain('poll');
    const { bookingId, client } = await newScene(backend);
    const device = await client.enter(bookingId);
    await parley.sendToRoom(`booking:${bookingId}`, 'poll', 8);
    expect(await device.next('poll')).toBe(8);
  });

  test('is refused where there is no such room', async () => {
    for (const room of [
      'nowhere',
      'user:',
      'therapist:',
      'onlookers',
      'lost',
      'booking:',
      `conversation:${'c'.repeat(23)}`,
      named('booking'),
    ]) {
      await expect(parley.sendToRoom(room, 'news', 1), room).rejects.toMatchObject(refusal(404, 'NOT_FOUND'));
    }
    await expect(parley.sendToRoom('x'.repeat(200), 'news')).rejects.toMatchObject({ status: 400 });
  });
});

test('a broadcast is heard by everyone who is connected, each device once', async () => {
  const people = await Promise.all(DIALECTS.map((name) => newPerson(backend, name)));
  const devices = [];
  for (const [index, person] of people.entries()) {
    devices.push(...(await devicesOf(person, DIALECTS[index] ?? 'booking')));
  }
  const event = named('announcement');
  await parley.broadcastToAll(event, { text: 'We close at noon' });
  for (const device of devices) expect(await device.next(event)).toEqual({ text: 'We close at noon' });
  await backend.settled(...devices);
  for (const { heard } of devices) expect(heard.filter((told) => told.event === event)).toHaveLength(1);
});

describe('an event is refused', () => {
  test.each([
    'connect',
    'disconnect',
    'newListener',
    'error',
    'authenticate',
    'newMessage',
    'joinBooking',
    'message:new',
    'online_users',
    'appointment:updated',
    'conversation_updated',
    'parley:anything',
  ])('that has the name %s', async (event) => {
    const told = refusal(400, 'INVALID_PAYLOAD');
    const message = expect.stringContaining(event);
    await expect(parley.sendToUser('ann', event, 1)).rejects.toMatchObject({ ...told, message });
    await expect(parley.sendToRoom('admins', event, 1)).rejects.toMatchObject({ ...told, message });
    await expect(parley.broadcastToAll(event, 1)).rejects.toMatchObject({ ...told, message });
  });

  test('that has no fit name, or too much to say', async () => {
    const token = await backend.token({ sub: 'platform', role: 'service' });
    const deep = `{"event":"x","data":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
    const bodies = [{}, [], { event: '' }, { event: 7 }, { event: 'x'.repeat(129) }, { event: 'a\nb' }];
    for (const body of [...bodies, deep, { event: 'x', data: 'ü'.repeat(33_000) }]) {
      const answer = await call(backend, 'POST', '/api/server/broadcast', { token, body });
      expect(answer).toMatchObject({ status: 400, body: { error: 'INVALID_PAYLOAD' } });
    }
    const body = { event: 'x', data: 'y'.repeat(140_000) };
    expect(await call(backend, 'POST', '/api/server/broadcast', { token, body })).toMatchObject({
      status: 413,
    });
  });
});

test('as much as may be said is heard, by many devices too', async () => {
  const ann = await newPerson(backend, 'Ann');
  const devices = await devicesOf(ann, 'support');
  const data = 'x'.repeat(64 * 1024 - 2);
  await parley.sendToUser(ann.userId, 'bulk', data);
  for (const device of devices) expect(await device.next('bulk')).toBe(data);
});

describe('presence, as the platform asks for it', () => {
  // The devices of the tests before are on their way out.
  beforeEach(() => expect.poll(() => parley.getOnlineUsersCount()).toBe(0));

  test('is that of users, however many devices they have, and ends with the last one', async () => {
    const ann = await newPerson(backend, 'Ann');
    expect(await parley.isUserOnline(ann.userId)).toBe(false);
    const device = await ann.connect();
    const stock = await openStock(backend, ann);
    const more = await ann.connect();
    expect(await parley.isUserOnline(ann.userId)).toBe(true);
    expect(await parley.getOnlineUsersCount()).toBe(1);
    await device.close();
    stock.socket.disconnect();
    await backend.settled(more);
    expect(await parley.isUserOnline(ann.userId)).toBe(true);
    await more.close();
    await expect.poll(() => parley.isUserOnline(ann.userId)).toBe(false);
    expect(await parley.getOnlineUsersCount()).toBe(0);
    const token = await backend.token({ sub: 'platform', role: 'service' });
    const answer = await call(backend, 'GET', `/api/server/users/${ann.userId}/presence`, { token });
    expect(answer.body.data).toEqual({
      userId: ann.userId,
      online: false,
      lastSeen: expect.stringMatching(/Z$/),
    });
  });

  test('lasts for the grace where a connection is lost', async () => {
    const ann = await newPerson(backend, 'Ann');
    const stock = await openStock(backend, ann, { reconnection: false });
    expect(await parley.getOnlineUsersCount()).toBe(1);
    // The transport ends without the client's goodbye.
    stock.socket.io.engine.close();
    await expect
      .poll(async () => (await backend.rows()).some(({ pk }) => /^ROOM#\d+\.lost$/.test(String(pk))))
      .toBe(true);
    expect(await parley.isUserOnline(ann.userId)).toBe(true);
    expect(await parley.getOnlineUsersCount()).toBe(1);
    await backend.pass(11_000);
    await expect.poll(() => parley.isUserOnline(ann.userId)).toBe(false);
    expect(await parley.getOnlineUsersCount()).toBe(0);
  });
});
