import { describe, expect, test } from 'vitest';
import type { Schedules, Task } from '../../lambdas/core/ports.ts';
import { unique } from './fixture.ts';

/** An implementation of schedules, its time, and what came of them. */
export type ScheduleFixture = {
  readonly schedules: Schedules;
  readonly now: () => number;
  /** Lets time pass; what falls due meanwhile has been done once it resolves. */
  readonly pass: (ms: number) => Promise<void>;
  /** The tasks that were done, in their order. */
  readonly done: readonly Task[];
};

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
/** How late a task may be done. */
const LATE_MS = MINUTE_MS;

/** What all schedules do. */
export function schedulesContract(make: () => Promise<ScheduleFixture>): void {
  describe('schedules', () => {
    const taskOf = (bookingId: string): Task => ({ kind: 'remind', bookingId, startTime: 'T', minutes: 15 });

    test.each([
      ['at once', 0],
      ['in seconds', 20_000],
      ['in minutes', 14 * MINUTE_MS],
      ['in hours', 3 * 60 * MINUTE_MS],
      ['in a day', DAY_MS],
      ['in a year', 366 * DAY_MS],
    ])('have a task done %s, not before its time and not again', async (_, inMs) => {
      const { schedules, now, pass, done } = await make();
      const task = taskOf(unique('booking'));
      await schedules.arm(unique('name'), now() + inMs, task);
      if (inMs > 0) {
        await pass(inMs - 1_000);
        expect(done).toEqual([]);
      }
      await pass(1_000 + LATE_MS);
      expect(done).toEqual([task]);
      await pass(DAY_MS);
      expect(done).toEqual([task]);
    });

    test('have each task done in its time', async () => {
      const { schedules, now, pass, done } = await make();
      const start = now();
      const tasks = [3, 1, 2].map((day) => ({ day, task: taskOf(`${day}`) }));
      for (const { day, task } of tasks) await schedules.arm(`day.${day}`, start + day * DAY_MS, task);
      for (const day of [1, 2, 3]) {
        await pass(DAY_MS + LATE_MS);
        expect(done).toEqual([1, 2, 3].slice(0, day).map((each) => taskOf(`${each}`)));
      }
    });

    test('take a name that they have for the same task', async () => {
      const { schedules, now, pass, done } = await make();
      const at = now() + DAY_MS;
      const task = taskOf('once');
      for (const _again of [1, 2, 3]) await schedules.arm('the-one_name.15', at, task);
      await pass(DAY_MS + LATE_MS);
      expect(done).toEqual([task]);
    });

    test('call a task off, and no other', async () => {
      const { schedules, now, pass, done } = await make();
      const at = now() + DAY_MS;
      for (const name of ['one', 'two', 'three']) await schedules.arm(name, at, taskOf(name));
      for (const name of ['two', 'two', 'never-there']) await schedules.disarm(name);
      await pass(DAY_MS + LATE_MS);
      const byName = new Set(done.map((task) => 'bookingId' in task && task.bookingId));
      expect(byName).toEqual(new Set(['one', 'three']));
      await schedules.disarm('one');
    });

    test('take a name anew once its task was called off', async () => {
      const { schedules, now, pass, done } = await make();
      await schedules.arm('name', now() + DAY_MS, taskOf('old'));
      await schedules.disarm('name');
      await schedules.arm('name', now() + 2 * DAY_MS, taskOf('new'));
      await pass(DAY_MS + LATE_MS);
      expect(done).toEqual([]);
      await pass(DAY_MS);
      expect(done).toEqual([taskOf('new')]);
    });
  });
}
