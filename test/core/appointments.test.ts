import { describe, expect, test } from 'vitest';
import type { Booking } from '../../lambdas/core/directory.ts';
import type { Notification } from '../../lambdas/core/notification.ts';
import { holdFirst } from '../fakes/in-turn.ts';
import { BOOKING, CLIENT, DAY_MS, MINUTE_MS, OWNER, type Platform, platform, SALON } from './platform.ts';

const START = Date.UTC(2040, 0, 3, 10);
const startTime = new Date(START).toISOString();
const LATER = new Date(START + DAY_MS).toISOString();

/** A booking as the platform tells of it. */
const booked = (more: Partial<Booking> = {}): Booking => ({
  ...BOOKING,
  status: 'pending',
  startTime,
  ...more,
});

const messages = (notifications: readonly Notification[]) => notifications.map(({ message }) => message);

describe('a booking', () => {
  test('that is new is told to nobody', async () => {
    const { put, told, inboxes } = platform();
    await put(booked());
    await put(booked());
    expect(told).toEqual([]);
    expect(await inboxes()).toEqual([[], []]);
  });

  test('of another status is told to both sides, and kept in both inboxes', async () => {
    const { put, told, inboxes, clock } = platform();
    await put(booked());
    clock.pass(1_000);
    await put(booked({ status: 'confirmed', message: 'See you!' }));
    const notification = {
      id: expect.stringMatching(/^a[\w-]{22}$/),
      type: 'appointment_updated',
      title: 'Appointment updated',
      message: 'See you!',
      data: { appointmentId: BOOKING.bookingId, status: 'confirmed', startTime },
      createdAt: clock.now(),
      isRead: false,
    };
    expect(told).toStrictEqual(
      [CLIENT, OWNER].map((userId) => ({
        users: [userId],
        signal: {
          kind: 'appointment-updated',
          appointmentId: BOOKING.bookingId,
          status: 'confirmed',
          message: 'See you!',
          notification: { ...notification, userId },
        },
      })),
    );
    expect(await inboxes()).toEqual([CLIENT, OWNER].map((userId) => [{ ...notification, userId }]));
  });

  test.each<[string, Partial<Booking>, string, string]>([
    [
      'a status',
      { status: 'IN_PROGRESS' },
      'IN_PROGRESS',
      'Haircut at Salon on 2040-01-03 at 10:00 UTC is now in progress.',
    ],
    [
      'a time',
      { startTime: LATER },
      'pending',
      'Haircut at Salon on 2040-01-04 at 10:00 UTC is now pending.',
    ],
  ])('with %s of its own is told in a sentence', async (_, change, status, message) => {
    const { put, told } = platform();
    await put(booked({ title: 'Haircut' }));
    await put(booked({ title: 'Haircut', ...change }));
    expect(told.map(({ signal }) => signal)).toMatchObject(Array(2).fill({ status, message }));
  });

  test('without a status, a time, a title or a business that is known is told all the same', async () => {
    const { put, told, forgetBusiness } = platform();
    await put(BOOKING);
    await put({ ...BOOKING, startTime });
    await put(BOOKING);
    await forgetBusiness();
    await put({ ...BOOKING, startTime });
    const words = told.map(({ signal, users }) => ['message' in signal && signal.message, users[0]]);
    expect(words).toEqual([
      ['The appointment at Salon is now on 2040-01-03 at 10:00 UTC.', CLIENT],
      ['The appointment at Salon is now on 2040-01-03 at 10:00 UTC.', OWNER],
      ['The appointment at Salon has no date any more.', CLIENT],
      ['The appointment at Salon has no date any more.', OWNER],
      ['Your appointment is now on 2040-01-03 at 10:00 UTC.', CLIENT],
    ]);
    expect(told.map(({ signal }) => signal)).toMatchObject(Array(5).fill({ status: 'scheduled' }));
  });

  test('that changes otherwise is told to nobody', async () => {
    const { put, told } = platform();
    await put(booked());
    await put(booked({ title: 'Haircut', message: 'Hello' }));
    await put(booked({ clientId: 'cat' }));
    expect(told).toEqual([]);
  });

  test('that is told of again and again is told once', async () => {
    const { put, told, inboxes, clock } = platform();
    await put(booked());
    for (let time = 0; time < 3; time += 1) await put(booked({ status: 'confirmed' }));
    // An inbox forgets after half a year, but that is no news.
    clock.pass(200 * DAY_MS);
    await put(booked({ status: 'confirmed' }));
    expect(told).toHaveLength(2);
    await put(booked({ status: 'completed' }));
    expect(messages((await inboxes()).flat())).toHaveLength(2);
  });

  test('that goes back to what it was is told each time', async () => {
    const { put, told } = platform();
    for (const status of ['pending', 'confirmed', 'pending', 'confirmed']) await put(booked({ status }));
    const statuses = told.map(({ signal }) => 'status' in signal && signal.status);
    expect(statuses).toEqual(['confirmed', 'confirmed', 'pending', 'pending', 'confirmed', 'confirmed']);
  });

  test('whose client and owner are one is told once', async () => {
    const { put, told } = platform();
    await put(booked({ clientId: OWNER }));
    await put(booked({ clientId: OWNER, status: 'confirmed' }));
    expect(told.map(({ users }) => users)).toEqual([[OWNER]]);
  });

  test('that is forgotten is told to nobody; told of again, it is new', async () => {
    const { put, forget, told, armed } = platform();
    await put(booked());
    await forget();
    expect(armed.size).toBe(0);
    await forget();
    await put(booked({ status: 'confirmed' }));
    expect(told).toEqual([]);
    expect(armed.size).toBe(3);
  });
});

describe('a change', () => {
  test.each(['done', 'not done', 'done unanswered'] as const)(
    'is told once and its reminders stand, wherever the first try died: there the call was %s',
    async (fate) => {
      const first = platform();
      await first.put(booked());
      first.calls.length = 0;
      await first.put(booked({ startTime: LATER }));
      const calls = first.calls.length;
      expect(calls).toBeGreaterThan(8);
      for (let deadly = 0; deadly < calls; deadly += 1) {
        const { put, putUntil, inboxes, armed, told, names } = platform();
        await put(booked());
        await putUntil(booked({ startTime: LATER }), deadly, fate);
        for (let again = 0; again < 2; again += 1) await put(booked({ startTime: LATER }));
        expect(
          (await inboxes()).map(({ length }) => length),
          `${deadly}`,
        ).toEqual([1, 1]);
        // Who was put into the inbox by a function that died then is not told besides.
        expect(told.length).toBeLessThanOrEqual(2);
        const starts = [...armed.values()].map(({ task }) => 'startTime' in task && task.startTime);
        expect(starts.filter((start) => start === LATER)).toHaveLength(3);
        expect(new Set(names()).size).toBe(armed.size);
      }
    },
  );

  test('that one side cannot be told of reaches the other, and the first with the next try', async () => {
    const { put, putUntil, told, calls } = platform();
    await put(booked());
    calls.length = 0;
    await putUntil(booked({ status: 'confirmed' }), (call) => call === 'inbox.addOnce', 'not done');
    expect(told.map(({ users }) => users)).toEqual([[OWNER]]);
    await put(booked({ status: 'confirmed' }));
    expect(told.map(({ users }) => users)).toEqual([[OWNER], [CLIENT]]);
  });

  test('that overtakes another is the one that stands, and the last that is told', async () => {
    const held = holdFirst('appointments.save');
    const { put, told, setTurn, standing } = platform();
    await put(booked());
    setTurn(held.turn);
    const slow = put(booked({ status: 'confirmed' }));
    await held.reached;
    await put(booked({ status: 'cancelled' }));
    held.letGo();
    await slow;
    expect(told.map(({ signal }) => 'status' in signal && signal.status)).toEqual(['cancelled', 'cancelled']);
    expect(await standing()).toMatchObject({ status: 'cancelled' });
  });

  test('is told once by two who are told of it at once', async () => {
    for (const call of ['appointments.save', 'inbox.addOnce', 'appointments.settle', 'schedules.arm']) {
      const held = holdFirst(call);
      const { put, told, setTurn, inboxes, armed } = platform();
      await put(booked());
      setTurn(held.turn);
      const slow = put(booked({ startTime: LATER }));
      await held.reached;
      await put(booked({ startTime: LATER }));
      held.letGo();
      await slow;
      expect(told, call).toHaveLength(2);
      expect((await inboxes()).map(({ length }) => length)).toEqual([1, 1]);
      expect(armed.size).toBe(3);
    }
  });
});

describe('reminders', () => {
  /** How many minutes they said, with whom they were said to. */
  const said = ({ told }: Platform) =>
    told.flatMap(({ signal, users }) =>
      signal.kind === 'appointment-reminded' ? [[signal.minutesUntil, users[0]]] : [],
    );
  const both = (...minutes: readonly number[]) =>
    minutes.flatMap((each) => [CLIENT, OWNER].map((userId) => [each, userId]));

  test('come a day, an hour and a quarter of an hour before, to both sides, and are kept', async () => {
    const scene = platform();
    const { put, until, told, inboxes } = scene;
    await put(booked({ title: 'Haircut' }));
    await until(START - 1_441 * MINUTE_MS);
    expect(told).toEqual([]);
    await until(START - 1_440 * MINUTE_MS);
    expect(said(scene)).toEqual(both(1_440));
    await until(START - 60 * MINUTE_MS);
    await until(START - 15 * MINUTE_MS);
    await until(START + DAY_MS);
    expect(said(scene)).toEqual(both(1_440, 60, 15));
    const [own = []] = await inboxes();
    expect(messages(own).toReversed()).toEqual([
      'Haircut at Salon begins in 1 day.',
      'Haircut at Salon begins in 1 hour.',
      'Haircut at Salon begins in 15 minutes.',
    ]);
    const about = {
      appointmentId: BOOKING.bookingId,
      therapistName: SALON.name,
      startTime,
      minutesUntil: 15,
    };
    expect(told.at(-1)).toMatchObject({
      signal: {
        kind: 'appointment-reminded',
        ...about,
        notification: { type: 'appointment_reminder', title: 'Appointment reminder', data: about },
      },
    });
  });

  test('that are past when the booking is told of are left out', async () => {
    const scene = platform();
    scene.clock.pass(START - 60 * MINUTE_MS - scene.clock.now());
    await scene.put(booked());
    expect(scene.armed.size).toBe(1);
    await scene.until(START);
    expect(said(scene)).toEqual(both(15));
    await scene.put(booked({ bookingId: 'another' }));
    expect(scene.armed.size).toBe(0);
  });

  test.each(['cancelled', 'CANCELED', 'cancelled_by_client', 'Completed', 'no-show', 'NO_SHOW', 'declined'])(
    'of an appointment that is %s are dropped, and one that comes all the same is not said',
    async (status) => {
      const scene = platform();
      await scene.put(booked());
      const late = [...scene.armed.values()];
      await scene.put(booked({ status }));
      expect(scene.armed.size).toBe(0);
      await scene.until(START - 60 * MINUTE_MS);
      for (const { task } of late) await scene.perform(task);
      expect(said(scene)).toEqual([]);
      await scene.put(booked({ bookingId: 'from the start', status }));
      expect(scene.armed.size).toBe(0);
    },
  );

  test.each(['pending', 'cancellation_requested', 'confirmed', 'in-progress', ''])(
    'of one that is %s stay',
    async (status) => {
      const scene = platform();
      await scene.put(booked({ status: 'new' }));
      const names = scene.names();
      await scene.put(booked({ status }));
      expect(scene.names()).toEqual(names);
      await scene.until(START);
      expect(said(scene)).toEqual(both(1_440, 60, 15));
    },
  );

  test('move with their appointment, and what was scheduled before says nothing', async () => {
    const scene = platform();
    await scene.put(booked());
    const stale = [...scene.armed.values()];
    await scene.put(booked({ startTime: LATER }));
    expect(scene.armed.size).toBe(3);
    await scene.until(START - 60 * MINUTE_MS);
    for (const { task } of stale) await scene.perform(task);
    expect(said(scene)).toEqual([]);
    await scene.until(START + DAY_MS);
    expect(said(scene)).toEqual(both(1_440, 60, 15));
  });

  test('are said once of a start that is taken back and given again', async () => {
    const scene = platform();
    await scene.put(booked());
    await scene.until(START - 1_000 * MINUTE_MS);
    await scene.put(booked({ startTime: LATER }));
    await scene.put(booked({ status: 'cancelled' }));
    await scene.put(booked({ status: 'confirmed' }));
    await scene.until(START);
    expect(said(scene)).toEqual(both(1_440, 60, 15));
  });

  test('go to whoever is client and owner by then', async () => {
    const scene = platform();
    await scene.put(booked());
    await scene.put(booked({ clientId: 'cat' }));
    await scene.until(START - 1_440 * MINUTE_MS);
    expect(said(scene)).toEqual([
      [1_440, 'cat'],
      [1_440, OWNER],
    ]);
  });

  test('of a booking that was forgotten are not said', async () => {
    const scene = platform();
    await scene.put(booked());
    const late = [...scene.armed.values()];
    await scene.forget();
    await scene.until(START - 60 * MINUTE_MS);
    for (const { task } of late) await scene.perform(task);
    expect(scene.told).toEqual([]);
  });

  test.each([
    ['on time', -60, [60]],
    ['by a clock that is 5 s slow', -60 - 5 / 60, [60]],
    ['half a minute late', -59.5, [60]],
    ['five minutes late', -55, [55]],
    ['as the next is due', -15, []],
    ['as it begins', 0, []],
    ['when it is over', 60, []],
  ])('that come %s say how much is left', async (_, minutes, expected) => {
    const scene = platform();
    await scene.put(booked());
    const hour = [...scene.armed.values()].find(({ task }) => 'minutes' in task && task.minutes === 60);
    if (!hour) throw new Error('unreachable');
    scene.clock.pass(Math.round(START + minutes * MINUTE_MS - scene.clock.now()));
    await scene.perform(hour.task);
    expect(said(scene)).toEqual(both(...expected));
  });

  test('name a business that is not known as such, and tell the client', async () => {
    const scene = platform();
    await scene.put(booked());
    await scene.forgetBusiness();
    await scene.until(START - 1_440 * MINUTE_MS);
    expect(scene.told).toMatchObject([
      {
        users: [CLIENT],
        signal: {
          therapistName: 'Unknown business',
          notification: { message: 'Your appointment begins in 1 day.' },
        },
      },
    ]);
  });
});
