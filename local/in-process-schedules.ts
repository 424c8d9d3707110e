import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { refusedRow } from '../lambdas/aws/conditions.ts';
import { queryAll } from '../lambdas/aws/query.ts';
import type { Table } from '../lambdas/aws/table-client.ts';
import type { Schedules, Task } from '../lambdas/core/ports.ts';
import { type Clock, systemClock } from './gateway/clock.ts';
import type { InProcessTasks } from './in-process-tasks.ts';

/** The schedules of one process: what EventBridge Scheduler is on AWS. A row each keeps them beyond its end. */
export type InProcessSchedules = Schedules & {
  /** Takes up those that an earlier process has left; what fell due meanwhile is done now. */
  resume(): Promise<void>;
  /** Leaves what is still to come to the next process. */
  stop(): void;
};

type ScheduleRow = { readonly pk: string; readonly sk: string; readonly at: number; readonly task: string };

/** No id leads here: those of all other rows stand behind a `#`. */
const PARTITION = 'SCHEDULES';
/** Node's timers take no more than 24 days. */
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;

export function inProcessSchedules(
  table: Table,
  tasks: InProcessTasks,
  clock: Clock = systemClock,
): InProcessSchedules {
  const waiting = new Map<string, () => void>();
  const remove = (name: string) => forget(table, name);
  const wait = (name: string, at: number, task: Task) => {
    const leftMs = Math.max(0, at - clock.now());
    const callOff = clock.schedule(Math.min(leftMs, LONGEST_WAIT_MS), () => {
      if (clock.now() < at) return wait(name, at, task);
      waiting.delete(name);
      tasks.perform(task, () => remove(name));
    });
    waiting.set(name, callOff);
  };
  return {
    arm: async (name, at, task) => {
      if ((await keep(table, { pk: PARTITION, sk: name, at, task: JSON.stringify(task) })) === 'kept') {
        wait(name, at, task);
      }
    },
    disarm: async (name) => {
      waiting.get(name)?.();
      waiting.delete(name);
      await remove(name);
    },
    resume: async () => {
      for (const { sk, at, task } of await left(table)) wait(sk, at, JSON.parse(task) as Task);
    },
    stop: () => {
      for (const callOff of waiting.values()) callOff();
      waiting.clear();
    },
  };
}

async function keep(table: Table, row: ScheduleRow): Promise<'kept' | 'known'> {
  const put = new PutCommand({
    TableName: table.name,
    Item: row,
    ConditionExpression: 'attribute_not_exists(pk)',
  });
  return (await refusedRow(table.client.send(put))) === undefined ? 'kept' : 'known';
}

async function forget(table: Table, name: string): Promise<void> {
  await table.client.send(new DeleteCommand({ TableName: table.name, Key: { pk: PARTITION, sk: name } }));
}

function left(table: Table): Promise<readonly ScheduleRow[]> {
  return queryAll<ScheduleRow>(table, {
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': PARTITION },
  });
}
