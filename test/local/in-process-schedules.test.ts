import { afterAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { connectTable } from '../../lambdas/aws/table-client.ts';
import type { Task } from '../../lambdas/core/ports.ts';
import { inProcessSchedules } from '../../local/in-process-schedules.ts';
import { inProcessTasks } from '../../local/in-process-tasks.ts';
import { type ScheduleFixture, schedulesContract } from '../contracts/schedules.contract.ts';
import { LeapingClock } from '../support/leaping-clock.ts';
import { freshTable } from '../support/table.ts';

const { client } = connectTable({ endpoint: inject('engineEndpoint'), tableName: 'any' });
afterAll(() => client.destroy());

const HOUR_MS = 3_600_000;
const TASK: Task = { kind: 'remind', bookingId: 'b', startTime: 'T', minutes: 60 };

/** A process with its schedules: its end is `stop`, and nothing that it does until then fails but as `fails` says. */
function processOn(name: string, clock: LeapingClock, fails: () => boolean = () => false) {
  const done: Task[] = [];
  const given: Task[] = [];
  const perform = async (task: Task) => {
    if (fails()) throw new Error('not now');
    done.push(task);
  };
  const tasks = inProcessTasks(perform, (task) => void given.push(task), clock);
  const schedules = inProcessSchedules({ client, name }, tasks, clock);
  const stop = () => {
    schedules.stop();
    tasks.stop();
  };
  onTestFinished(stop);
  const pass = async (ms: number) => {
    clock.leap(ms);
    await tasks.settled();
  };
  return { schedules, now: () => clock.now(), pass, done, stop, settled: tasks.settled };
}

schedulesContract(async (): Promise<ScheduleFixture> => {
  return processOn((await freshTable()).tableName, new LeapingClock());
});

describe('the schedules of a process', () => {
  test('are taken up by the next one, and what fell due meanwhile is done', async () => {
    const { tableName } = await freshTable();
    const clock = new LeapingClock();
    const first = processOn(tableName, clock);
    const tasks = ['due', 'ahead', 'off'].map((bookingId) => ({ ...TASK, bookingId }));
    const [due, ahead] = tasks;
    for (const [index, task] of tasks.entries()) {
      await first.schedules.arm(`${index}`, clock.now() + (index + 1) * HOUR_MS, task);
    }
    await first.schedules.disarm('2');
    first.stop();
    clock.leap(1.5 * HOUR_MS);
    const second = processOn(tableName, clock);
    await second.schedules.resume();
    await second.pass(0);
    expect(second.done).toEqual([due]);
    await second.pass(HOUR_MS);
    expect(second.done).toEqual([due, ahead]);
    second.stop();
    const third = processOn(tableName, clock);
    await third.schedules.resume();
    await third.pass(10 * HOUR_MS);
    expect([first.done, third.done]).toEqual([[], []]);
  });

  test('keep a task that failed for the next one', async () => {
    const { tableName } = await freshTable();
    const clock = new LeapingClock();
    const failing = processOn(tableName, clock, () => true);
    await failing.schedules.arm('one', clock.now() + HOUR_MS, TASK);
    await failing.pass(HOUR_MS);
    expect(failing.done).toEqual([]);
    failing.stop();
    const next = processOn(tableName, clock);
    await next.schedules.resume();
    await next.pass(0);
    expect(next.done).toEqual([TASK]);
  });
});
