import { CreateScheduleCommand, DeleteScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { schedules } from '../../lambdas/aws/schedules.ts';
import type { Task } from '../../lambdas/core/ports.ts';
import { schedulesContract } from '../contracts/schedules.contract.ts';
import type { QueuedTask } from '../fakes/memory-ports.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';
import { type Asked, schedulerService } from './scheduler-service.ts';

const PLACE = {
  group: 'parley-live',
  queueArn: 'arn:aws:sqs:eu-central-1:123456789012:tasks',
  deadLettersArn: 'arn:aws:sqs:eu-central-1:123456789012:dead',
  roleArn: 'arn:aws:iam::123456789012:role/scheduler',
  region: 'eu-central-1',
};
const HOUR_MS = 3_600_000;
const TASK: Task = { kind: 'remind', bookingId: 'b/1', startTime: '2040-01-02T10:00:00.000Z', minutes: 60 };

/** The adapter, with the service and the queue that it speaks to. */
async function scene() {
  const clock = new VirtualClock();
  const service = await schedulerService(clock, PLACE.group);
  const queue: QueuedTask[] = [];
  const tasks = {
    enqueue: async (task: Task, delaySeconds = 0) => {
      expect(Number.isInteger(delaySeconds) && delaySeconds >= 0 && delaySeconds <= 900).toBe(true);
      queue.push({ task, dueAt: clock.now() + delaySeconds * 1000 });
    },
  };
  const sleep = async () => undefined;
  const chance = { clock: { now: () => clock.now(), sleep }, random: () => 0.5 };
  const adapter = schedules({ place: { ...PLACE, origin: service.origin }, tasks, ...chance });
  const done: Task[] = [];
  const pass = async (ms: number) => {
    clock.pass(ms);
    const fromQueue = queue.filter(({ dueAt }) => dueAt <= clock.now());
    for (const one of fromQueue) queue.splice(queue.indexOf(one), 1);
    done.push(...fromQueue.map(({ task }) => task), ...service.fire().map((input) => JSON.parse(input)));
  };
  return { schedules: adapter, now: () => clock.now(), pass, done, service, queue };
}

/** The signature that the AWS SDK gives a request with the headers that were signed. */
async function signed({ config }: SchedulerClient, asked: Asked | undefined): Promise<string | undefined> {
  const { method = '', url = '', headers = {}, text = '' } = asked ?? {};
  const names = /SignedHeaders=([^,]+),/.exec(headers.authorization ?? '')?.[1]?.split(';') ?? [];
  const { pathname, searchParams } = new URL(url, 'http://scheduler');
  const scheme = { name: 'sigv4', signingName: 'scheduler', signingRegion: PLACE.region, properties: {} };
  const request = {
    ...{ method, protocol: 'http:', hostname: 'scheduler', path: pathname, body: text },
    query: Object.fromEntries(searchParams),
    headers: Object.fromEntries(names.map((name) => [name, String(headers[name])])),
  };
  const signingDate = new Date(Date.now());
  const options = { signingDate, unsignableHeaders: new Set(['x-amz-content-sha256']) };
  const { headers: given } = await (await config.signer(scheme)).sign(request, options);
  return given.authorization;
}

schedulesContract(scene);

describe('a schedule on AWS', () => {
  test('is asked for and called off as the client of the AWS SDK does it', async () => {
    const { schedules: own, now, service } = await scene();
    const at = now() + HOUR_MS;
    await own.arm('name.60', at, TASK);
    await own.disarm('name.60');
    const [created, deleted] = service.asked;
    const client = new SchedulerClient({ region: PLACE.region, endpoint: service.origin });
    onTestFinished(() => client.destroy());
    vi.useFakeTimers({ now: now(), toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    await client.send(
      new CreateScheduleCommand({
        Name: 'name.60',
        GroupName: PLACE.group,
        ScheduleExpression: `at(${new Date(at).toISOString().slice(0, 19)})`,
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: {
          Arn: PLACE.queueArn,
          RoleArn: PLACE.roleArn,
          Input: JSON.stringify(TASK),
          DeadLetterConfig: { Arn: PLACE.deadLettersArn },
          RetryPolicy: { MaximumEventAgeInSeconds: 3_600 },
        },
      }),
    );
    await client.send(new DeleteScheduleCommand({ Name: 'name.60', GroupName: PLACE.group }));
    const [, , itsCreated, itsDeleted] = service.asked;
    // It adds a token by which it knows its own repeats: the name is ours.
    const itsBody = { ...itsCreated?.body, ClientToken: undefined };
    expect({ ...created?.body, ClientToken: undefined }).toEqual(itsBody);
    expect(created).toMatchObject({ method: 'POST', url: itsCreated?.url });
    expect(deleted).toMatchObject({ method: 'DELETE' });
    expect(deleted?.url).toBe(itsDeleted?.url.replace(/&clientToken=[^&]+|clientToken=[^&]+&/, ''));
    for (const one of [created, deleted]) expect(one?.headers.authorization).toBe(await signed(client, one));
  });

  test('is for what is further ahead than a task may wait on the queue', async () => {
    const { schedules: own, now, service, queue } = await scene();
    await own.arm('near', now() + 899_001, TASK);
    expect(queue).toEqual([{ task: TASK, dueAt: now() + 900_000 }]);
    await own.arm('past', now() - HOUR_MS, TASK);
    expect(queue.at(-1)?.dueAt).toBe(now());
    expect(service.asked).toEqual([]);
    await own.arm('far', now() + 900_001, TASK);
    expect(queue).toHaveLength(2);
    expect(service.asked).toMatchObject([{ method: 'POST', url: '/schedules/far' }]);
  });

  test.each(['unanswered', 500, 503, 429] as const)('is asked for again after %s', async (mood) => {
    const { schedules: own, now, service, pass, done } = await scene();
    service.moods.push(mood, mood);
    await own.arm('name', now() + HOUR_MS, TASK);
    expect(service.asked).toHaveLength(3);
    await pass(2 * HOUR_MS);
    expect(done).toEqual([TASK]);
  });

  test('is called off although the answer to that was lost', async () => {
    const { schedules: own, now, service, pass, done } = await scene();
    await own.arm('name', now() + HOUR_MS, TASK);
    service.moods.push('unanswered');
    await own.disarm('name');
    await pass(2 * HOUR_MS);
    expect(done).toEqual([]);
  });

  test('that is refused is an error of that name', async () => {
    const { schedules: own, now, service } = await scene();
    const refused = own.arm('a name that is none', now() + HOUR_MS, TASK);
    await expect(refused).rejects.toMatchObject({ name: 'ValidationException', message: 'why' });
    expect(service.asked).toHaveLength(1);
    service.moods.push(403);
    await expect(own.disarm('name')).rejects.toMatchObject({ name: 'HTTP 403', message: 'why' });
  });

  test('is kept by the service of the function’s own region', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response('{}'));
    onTestFinished(() => fetched.mockRestore());
    const { now } = await scene();
    const parts = { tasks: { enqueue: async () => undefined }, random: Math.random };
    const clock = { now, sleep: async () => undefined };
    for (const region of ['eu-central-1', 'cn-north-1']) {
      await schedules({ place: { ...PLACE, region }, clock, ...parts }).disarm('name');
    }
    expect(fetched.mock.calls.map(([asked]) => new URL(new Request(asked).url).host)).toEqual([
      'scheduler.eu-central-1.amazonaws.com',
      'scheduler.cn-north-1.amazonaws.com.cn',
    ]);
  });
});
