import type { Ports, Schedules, Task, Tasks } from '../core/ports.ts';
import { callService, type JsonService, originOf } from './json-service.ts';

/** Where schedules are kept, and what EventBridge Scheduler does when their time has come. */
export type SchedulePlace = {
  readonly group: string;
  /** The queue that their tasks are put on, and the one for those that could not be. */
  readonly queueArn: string;
  readonly deadLettersArn: string;
  /** Who does so. */
  readonly roleArn: string;
  readonly region: string;
  /** Where something else stands in for AWS. @default AWS, as the region's name has it */
  readonly origin?: string;
};

export type ScheduleParts = Pick<Ports, 'clock' | 'random'> & {
  readonly place: SchedulePlace;
  readonly tasks: Tasks;
};

/** The longest that a task may wait on the queue itself, in seconds. */
const LONGEST_DELAY_S = 900;
/** A task that cannot be put on the queue is tried again for so long, in seconds: a reminder is of no use much later. */
const TRIED_FOR_S = 3_600;

/**
 * One-time schedules of EventBridge Scheduler, gone once their task is on the queue, which is within a minute of its time.
 * A task that is due soon waits on the queue itself, to the second: what Scheduler does with a time that has just passed
 * is not documented.
 */
export function schedules({ place, tasks, clock, random }: ScheduleParts): Schedules {
  const { region, origin = originOf('scheduler', region) } = place;
  const service: JsonService = { name: 'scheduler', origin, region, clock, random };
  return {
    arm: async (name, at, task) => {
      const inSeconds = Math.max(0, Math.ceil((at - clock.now()) / 1000));
      if (inSeconds <= LONGEST_DELAY_S) return tasks.enqueue(task, inSeconds);
      const create = callService(
        service,
        { method: 'POST', path: `/schedules/${name}` },
        described(place, at, task),
      );
      // It is there already, be it that the answer to our own first try was lost.
      await unless('ConflictException', create);
    },
    disarm: async (name) => {
      const path = `/schedules/${name}?groupName=${place.group}`;
      const remove = callService(service, { method: 'DELETE', path });
      await unless('ResourceNotFoundException', remove);
    },
  };
}

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
function described({ group, queueArn, deadLettersArn, roleArn }: SchedulePlace, at: number, task: Task) {
  return {
    GroupName: group,
    ScheduleExpression: `at(${new Date(at).toISOString().slice(0, 19)})`,
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: 'DELETE',
    Target: {
      Arn: queueArn,
      RoleArn: roleArn,
      Input: JSON.stringify(task),
      DeadLetterConfig: { Arn: deadLettersArn },
      RetryPolicy: { MaximumEventAgeInSeconds: TRIED_FOR_S },
    },
  };
}

async function unless(expected: string, call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (thrown) {
    if ((thrown as Error).name !== expected) throw thrown;
  }
}
