import type { Table } from '../lambdas/aws/table-client.ts';
import type { AppointmentPorts } from '../lambdas/core/ports.ts';
import { authenticate } from '../lambdas/handlers/authenticate.ts';
import { connect } from '../lambdas/handlers/connect.ts';
import { fallback } from '../lambdas/handlers/default.ts';
import { disconnect } from '../lambdas/handlers/disconnect.ts';
import { http } from '../lambdas/handlers/http.ts';
import { joinBooking } from '../lambdas/handlers/join-booking.ts';
import { leaveBooking } from '../lambdas/handlers/leave-booking.ts';
import type { Log } from '../lambdas/handlers/log.ts';
import { markAsRead } from '../lambdas/handlers/mark-as-read.ts';
import { polling } from '../lambdas/handlers/polling.ts';
import {
  createLobby,
  createMailboxes,
  createMessaging,
  createSessions,
  createSockets,
  createStatistics,
  createTokens,
  type Environment,
  tableIn,
  withAppointments,
} from '../lambdas/handlers/runtime.ts';
import { sendMessage } from '../lambdas/handlers/send-message.ts';
import { sweep } from '../lambdas/handlers/sweep.ts';
import { perform } from '../lambdas/handlers/task.ts';
import { typing } from '../lambdas/handlers/typing.ts';
import { VERBS } from '../lambdas/handlers/verbs.ts';
import { type Clock, pause } from './gateway/clock.ts';
import type { LambdaFunction } from './gateway/lambda.ts';
import { type InProcessSchedules, inProcessSchedules } from './in-process-schedules.ts';
import { type InProcessTasks, inProcessTasks } from './in-process-tasks.ts';

/** The deployed functions by route, in one process, with the task queue beside them. */
export type Functions = {
  readonly routes: Readonly<Record<string, LambdaFunction>>;
  readonly http: LambdaFunction;
  readonly polling: LambdaFunction;
  /** What EventBridge invokes once a minute. */
  readonly sweep: () => Promise<void>;
  readonly tasks: InProcessTasks;
  readonly schedules: InProcessSchedules;
  readonly ports: AppointmentPorts;
};

/** What the functions find where they run. */
export type Surroundings = {
  readonly log: Log;
  readonly clock: Clock;
  /** @default the one that the environment names */
  readonly table?: Table;
};

/** Makes the functions, each as its Lambda would from the same environment; all of them go by one clock. */
export function createFunctions(env: Environment, surroundings: Surroundings): Functions {
  const { log, clock: machine, table = tableIn(env) } = surroundings;
  const tasks = inProcessTasks(
    (todo) => perform(messaging, sockets, todo),
    (todo, cause) => log.error('task', cause, { kind: todo.kind }),
    machine,
  );
  const clock = { now: () => machine.now(), sleep: (ms: number) => pause(machine, ms) };
  const schedules = inProcessSchedules(table, tasks, machine);
  const substitutes = { tasks, schedules, log, clock, table };
  const messaging = createMessaging(env, substitutes);
  const tokens = createTokens(env, { clock });
  const { ports } = messaging;
  const booked = withAppointments(messaging, env, substitutes);
  const statistics = createStatistics(env, substitutes);
  const sockets = createSockets(messaging, { verbs: VERBS, tokens }, env, substitutes);
  return {
    routes: {
      $connect: connect({
        ports,
        sessions: createSessions(env, substitutes),
        mailboxes: createMailboxes(env, substitutes),
        ...createLobby(env, substitutes),
        tokens,
        defaultDialect: env.DIALECT,
        log,
      }),
      $disconnect: disconnect(messaging, sockets),
      $default: fallback(messaging, tokens, sockets),
      sendMessage: sendMessage(messaging),
      joinBooking: joinBooking(messaging),
      leaveBooking: leaveBooking(messaging),
      markAsRead: markAsRead(messaging),
      typing: typing(messaging),
      authenticate: authenticate(messaging, tokens),
    },
    http: http({ ...booked, statistics }, tokens, env),
    polling: polling(messaging, sockets, env.CLIENT_URL),
    sweep: sweep(sockets, { ...messaging, statistics }),
    tasks,
    schedules,
    ports: booked.ports,
  };
}
