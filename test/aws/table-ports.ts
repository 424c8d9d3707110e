import { afterAll, inject } from 'vitest';
import { appointments } from '../../lambdas/aws/appointments.ts';
import { claims } from '../../lambdas/aws/claims.ts';
import { connections } from '../../lambdas/aws/connections.ts';
import { conversationLog } from '../../lambdas/aws/conversation-log.ts';
import { conversations } from '../../lambdas/aws/conversations.ts';
import { directory } from '../../lambdas/aws/directory.ts';
import { everyone } from '../../lambdas/aws/everyone.ts';
import { inbox } from '../../lambdas/aws/inbox.ts';
import { lastSeen } from '../../lambdas/aws/last-seen.ts';
import { rooms } from '../../lambdas/aws/room-rows.ts';
import { statistics } from '../../lambdas/aws/statistics.ts';
import { connectTable, type Table } from '../../lambdas/aws/table-client.ts';
import type { AppointmentPorts, Schedules } from '../../lambdas/core/ports.ts';
import type { Statistics } from '../../lambdas/core/statistics.ts';
import { inTurn } from '../fakes/in-turn.ts';
import type { QueuedTask } from '../fakes/memory-ports.ts';
import { memorySchedules } from '../fakes/memory-schedules.ts';
import { presenceByDialect } from '../fakes/presence-rules.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';
import { freshTable } from '../support/table.ts';

/** The DynamoDB adapters on the real engine, with what a test holds in its hands of them. */
export type TablePorts = {
  readonly ports: AppointmentPorts;
  readonly clock: VirtualClock;
  readonly queue: QueuedTask[];
  readonly statistics: Statistics;
  readonly table: Table;
};

/** A client for the tests of one file, and ports on as many empty tables as they ask for. */
export function tablesForFile(): {
  readonly client: Table['client'];
  readonly newPorts: () => Promise<TablePorts>;
} {
  const { client } = connectTable({ endpoint: inject('engineEndpoint'), tableName: 'any' });
  afterAll(() => client.destroy());
  return {
    client,
    newPorts: async () => portsOn({ client, name: (await freshTable()).tableName }),
  };
}

/** The ports on a table that is there. */
export function portsOn(table: Table): TablePorts {
  const clock = new VirtualClock();
  const queue: QueuedTask[] = [];
  let nonces = 0;
  const ports: AppointmentPorts = {
    log: conversationLog(table),
    conversations: conversations(table),
    claims: claims(table),
    directory: directory(table),
    connections: connections(table),
    inbox: inbox(table),
    appointments: appointments(table),
    rooms: rooms(table),
    everyone: everyone(table),
    lastSeen: lastSeen(table),
    tasks: {
      enqueue: async (task, delaySeconds = 0) => {
        queue.push({ task, dueAt: clock.now() + delaySeconds * 1000 });
      },
    },
    schedules: inTurn<Schedules>('schedules', memorySchedules(), async () => undefined),
    clock: { now: () => clock.now(), sleep: async (ms) => clock.pass(ms) },
    nonce: () => `nonce-${++nonces}`,
    random: Math.random,
    presence: presenceByDialect,
    reminderMinutes: [1440, 60, 15],
  };
  return { ports, clock, queue, statistics: statistics(table), table };
}
