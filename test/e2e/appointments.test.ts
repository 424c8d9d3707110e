import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { newScene, type Person, platformOf, type Scene } from '../support/booking-scene.ts';
import { call } from '../support/rest.ts';
import { backendForFile } from '../support/stack.ts';
import { openStock, type StockClient } from '../support/stock-client.ts';

const backend = await backendForFile();
const platform = await platformOf(backend);

const MINUTE_MS = 60_000;
const NAME = 'Ben’s Barbershop';

/** What the platform says of the scene's booking. */
function put({ bookingId, businessId, client }: Scene, more: object): Promise<unknown> {
  return platform.put(`bookings/${bookingId}`, { clientId: client.userId, businessId, ...more });
}

/** A start in so many minutes. */
const inMinutes = (minutes: number) => new Date(backend.now() + minutes * MINUTE_MS).toISOString();

/** A client, a business, and a booking of theirs of which the platform has said nothing yet. */
const newPeople = async (): Promise<Scene> => ({
  ...(await newScene(backend)),
  bookingId: `appointment-${randomUUID()}`,
});

const stock = (person: Person, dialect: string): Promise<StockClient> =>
  openStock(backend, person, { auth: { token: person.token, dialect } });

async function inboxOf(person: Person) {
  const { body } = await person.get('/api/notifications');
  return body.data as { readonly notifications: readonly object[]; readonly unreadCount: number };
}

describe('an appointment that changes', () => {
  test('is told to both sides on all devices, each in its own dialect, and kept', async () => {
    const scene = await newPeople();
    const { bookingId: appointmentId, client, owner, stranger } = scene;
    const startTime = inMinutes(300);
    await put(scene, { status: 'pending', startTime });
    const [phone, laptop] = [await stock(client, 'appointment'), await stock(client, 'appointment')];
    const [direct, native, outsider] = [
      await stock(owner, 'direct'),
      await owner.connect(),
      await stranger.connect(),
    ];
    const sdk = await client.connect({ token: client.token, dialect: 'appointment' });
    await put(scene, { status: 'confirmed', startTime, message: 'See you soon!' });
    const update = { appointmentId, status: 'confirmed', message: 'See you soon!' };
    for (const device of [phone, laptop, sdk])
      expect(await device.next('appointment:updated')).toStrictEqual(update);
    const notification = {
      id: expect.any(String),
      type: 'appointment_updated',
      title: 'Appointment updated',
      message: 'See you soon!',
      data: { appointmentId, status: 'confirmed', startTime },
      isRead: false,
      createdAt: expect.any(String),
    };
    expect(await native.next('notification:new')).toStrictEqual(notification);
    expect(await direct.next('message_notification')).toMatchObject({ type: 'appointment_updated' });
    for (const person of [client, owner]) {
      expect(await inboxOf(person)).toMatchObject({ notifications: [notification], unreadCount: 1 });
    }
    await backend.settled(outsider);
    expect(outsider.heard).toEqual([]);
  });

  test('is told once, however often the platform says so, also at once', async () => {
    const scene = await newPeople();
    const phone = await stock(scene.client, 'appointment');
    await put(scene, { status: 'pending' });
    for (const status of ['confirmed', 'completed']) {
      await Promise.all([1, 2, 3].map(() => put(scene, { status })));
      await put(scene, { status });
    }
    await backend.settled(phone);
    const updates = phone
      .all('appointment:updated')
      .map((update) => (update as { readonly status: string }).status);
    expect(updates).toEqual(['confirmed', 'completed']);
    expect((await inboxOf(scene.owner)).notifications).toHaveLength(2);
  });

  test('is marked as read like any other notification', async () => {
    const scene = await newPeople();
    await put(scene, { status: 'pending' });
    const phone = await stock(scene.client, 'appointment');
    await put(scene, { status: 'confirmed' });
    await phone.next('appointment:updated');
    const [kept] = (await inboxOf(scene.client)).notifications as readonly { readonly id: string }[];
    const notificationId = kept?.id;
    expect(await phone.request('notification:read', { notificationId })).toEqual({
      ok: true,
      notificationId,
    });
    expect(await inboxOf(scene.client)).toMatchObject({ unreadCount: 0 });
    expect(await inboxOf(scene.owner)).toMatchObject({ unreadCount: 1 });
  });

  test('is the platform’s alone to tell of', async () => {
    const scene = await newPeople();
    await put(scene, { status: 'pending' });
    const { bookingId, businessId, client, owner } = scene;
    const body = { clientId: client.userId, businessId, status: 'confirmed' };
    for (const { token } of [client, owner]) {
      const answer = await call(backend, 'PUT', `/api/server/bookings/${bookingId}`, { token, body });
      expect(answer.status).toBe(403);
    }
    expect(await inboxOf(client)).toMatchObject({ notifications: [] });
  });
});

describe('a reminder', () => {
  test('comes in time, once, to both sides in their own dialects, and is kept', async () => {
    const scene = await newPeople();
    const { bookingId, client, owner } = scene;
    const startTime = inMinutes(61);
    await put(scene, { status: 'confirmed', startTime, title: 'Haircut' });
    await put(scene, { status: 'confirmed', startTime, title: 'Haircut' });
    const phone = await stock(client, 'appointment');
    const [browser, native] = [await stock(owner, 'conversation'), await owner.connect()];
    await backend.pass(MINUTE_MS);
    const about = { therapistName: NAME, startTime, minutesUntil: 60 };
    expect(await phone.next('appointment:reminder')).toStrictEqual({ id: bookingId, ...about });
    const notification = {
      id: expect.any(String),
      type: 'appointment_reminder',
      title: 'Appointment reminder',
      message: `Haircut at ${NAME} begins in 1 hour.`,
      data: { appointmentId: bookingId, ...about },
      isRead: false,
      createdAt: expect.any(String),
    };
    for (const device of [browser, native]) {
      expect(await device.next('notification:new')).toStrictEqual(notification);
    }
    await backend.settled(phone, browser, native);
    expect(phone.all('appointment:reminder')).toHaveLength(1);
    for (const person of [client, owner]) {
      expect((await inboxOf(person)).notifications).toEqual([notification]);
    }
  });

  test('waits for those who are not there', async () => {
    const scene = await newPeople();
    await put(scene, { startTime: inMinutes(16) });
    await backend.pass(MINUTE_MS);
    await backend.settled();
    for (const person of [scene.client, scene.owner]) {
      expect((await inboxOf(person)).notifications).toMatchObject([{ data: { minutesUntil: 15 } }]);
    }
  });

  test('follows an appointment that moves, and is dropped with one that is called off or forgotten', async () => {
    const scenes = [await newPeople(), await newPeople(), await newPeople()] as const;
    const [moved, cancelled, forgotten] = scenes;
    for (const scene of scenes) await put(scene, { startTime: inMinutes(61) });
    await put(moved, { startTime: inMinutes(62) });
    await put(cancelled, { startTime: inMinutes(61), status: 'cancelled' });
    await platform.forget(`bookings/${forgotten.bookingId}`);
    const remindersOf = async ({ client }: Scene) =>
      (await inboxOf(client)).notifications.filter(
        (one) => 'type' in one && one.type === 'appointment_reminder',
      );
    await backend.pass(MINUTE_MS);
    await backend.settled();
    for (const scene of scenes) expect(await remindersOf(scene)).toEqual([]);
    await backend.pass(MINUTE_MS);
    await backend.settled();
    const found = await Promise.all(scenes.map(remindersOf));
    expect(found.map(({ length }) => length)).toEqual([1, 0, 0]);
  });
});
