import type { Appointments } from '../../lambdas/core/appointment.ts';
import type { Entry } from '../../lambdas/core/conversation.ts';
import type { ConversationId } from '../../lambdas/core/ids.ts';
import type { Inbox } from '../../lambdas/core/inbox.ts';
import type { LastSeen } from '../../lambdas/core/last-seen.ts';
import type {
  AppointmentPorts,
  Claims,
  Connections,
  ConversationLog,
  Conversations,
  Directory,
  Schedules,
  Task,
} from '../../lambdas/core/ports.ts';
import type { Everyone, Rooms } from '../../lambdas/core/rooms.ts';
import type { Statistics } from '../../lambdas/core/statistics.ts';
import { inTurn, type Turn } from './in-turn.ts';
import { memoryAppointments } from './memory-appointments.ts';
import { memoryClaims } from './memory-claims.ts';
import { memoryConnections } from './memory-connections.ts';
import { memoryConversations } from './memory-conversations.ts';
import { memoryDirectory } from './memory-directory.ts';
import { memoryInbox } from './memory-inbox.ts';
import { memoryLastSeen } from './memory-last-seen.ts';
import { memoryLog, type Partitions } from './memory-log.ts';
import { memorySchedules } from './memory-schedules.ts';
import { memoryStatistics } from './memory-statistics.ts';
import { presenceByDialect } from './presence-rules.ts';
import { VirtualClock } from './virtual-clock.ts';

export type MemoryOptions = {
  /** @default every call goes on at the next opportunity */
  readonly turn?: Turn;
  /** How far behind an eventually consistent read of the devices is, in ms. @default never */
  readonly lag?: () => number;
  /** @default 10 */
  readonly headEntries?: number;
  /** @default nothing is left to chance */
  readonly random?: () => number;
};

export type QueuedTask = { readonly task: Task; readonly dueAt: number };

/** The core's ports without network, and what a test holds in its hands of them. */
export type MemoryPorts = {
  readonly ports: AppointmentPorts;
  readonly clock: VirtualClock;
  /** What was put on the task queue, in this order; the test takes it off and does it. */
  readonly queue: QueuedTask[];
  /** What was scheduled, by name; the test takes it off as well. */
  readonly armed: Map<string, QueuedTask>;
  readonly statistics: Statistics;
  /** The messages of a conversation at this moment, whoever may see them. */
  readonly stored: (id: ConversationId) => readonly Entry[];
};

/** Everything in memory: a step takes effect at once, but only when its turn has come; sleeping makes time pass. */
export function memoryPorts(options: MemoryOptions = {}): MemoryPorts {
  const { turn = async () => undefined, lag = () => 0, headEntries = 10, random = () => 0 } = options;
  const clock = new VirtualClock();
  const queue: QueuedTask[] = [];
  const armed = new Map<string, QueuedTask>();
  const partitions: Partitions = new Map();
  const directories = { profiles: new Map(), businesses: new Map(), bookings: new Map() };
  const log = memoryLog(partitions, headEntries);
  const connected = memoryConnections(clock, lag);
  let nonces = 0;
  const ports: AppointmentPorts = {
    log: inTurn<ConversationLog>('log', log, turn),
    conversations: inTurn<Conversations>(
      'conversations',
      memoryConversations({ partitions, directories }),
      turn,
    ),
    claims: inTurn<Claims>('claims', memoryClaims(), turn),
    directory: inTurn<Directory>('directory', memoryDirectory(directories), turn),
    inbox: inTurn<Inbox>('inbox', memoryInbox(), turn),
    appointments: inTurn<Appointments>('appointments', memoryAppointments(), turn),
    connections: inTurn<Connections>('connections', connected.connections, turn),
    rooms: inTurn<Rooms>('rooms', connected.rooms, turn),
    everyone: inTurn<Everyone>('everyone', connected.everyone, turn),
    lastSeen: inTurn<LastSeen>('lastSeen', memoryLastSeen(), turn),
    tasks: {
      enqueue: async (task, delaySeconds = 0) => {
        await turn('tasks.enqueue');
        queue.push({ task, dueAt: clock.now() + delaySeconds * 1000 });
      },
    },
    schedules: inTurn<Schedules>('schedules', memorySchedules(armed), turn),
    clock: {
      now: () => clock.now(),
      sleep: async (ms) => {
        await turn('clock.sleep');
        clock.pass(ms);
      },
    },
    nonce: () => `nonce-${++nonces}`,
    random,
    presence: presenceByDialect,
    reminderMinutes: [1440, 60, 15],
  };
  const statistics = memoryStatistics(partitions);
  const stored = (id: ConversationId) => log.range(id, 1, Number.POSITIVE_INFINITY);
  return { ports, clock, queue, armed, statistics, stored };
}
