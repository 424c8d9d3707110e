import { Duration } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { HandlerFunction, type HandlerFunctionProps } from './handler-function.ts';
import { type Handler, HTTP, type Need, POLLING, ROUTES, SWEEP, TASK } from './handlers.ts';
import type { MessageTable } from './message-table.ts';
import type { Schedules } from './schedules.ts';
import type { SocketApi } from './socket-api.ts';
import type { TaskQueue } from './task-queue.ts';
import type { TokenKeys } from './token-keys.ts';

export interface FunctionsProps {
  readonly table: MessageTable;
  readonly tasks: TaskQueue;
  readonly schedules: Schedules;
  readonly keys: TokenKeys;
  readonly sockets: SocketApi;
  readonly dialect: string;
  /** @default http://localhost:5173, a site under development */
  readonly clientUrl?: string;
  /** @default 7200, two hours */
  readonly recoverySeconds?: number;
  /** @default 50 */
  readonly strangersPerAddress?: number;
  /** @default each dialect's own choice */
  readonly presenceScope?: 'contacts' | 'everyone';
  /** @default 10 */
  readonly presenceGraceSeconds?: number;
  /** @default false */
  readonly testRoutes?: boolean;
  /** How many minutes before an appointment people are reminded of it, separated by commas. @default '1440,60,15' */
  readonly reminderMinutes?: string;
  /** What requests by way of CloudFront have in a header. @default nothing stands before the APIs */
  readonly edgeKey?: string;
  /** @default what the account has left */
  readonly pollingConcurrency?: number;
  readonly logRetention: RetentionDays;
}

type Limits = Pick<HandlerFunctionProps, 'timeout' | 'recursive' | 'concurrency'>;

/**
 * API Gateway gives up on a frame after 29 s, and tells the client so in a frame that is none of ours; on an HTTP request
 * after 30 s. A poll of Socket.IO is held for 20 s.
 */
const REQUEST: Limits = { timeout: Duration.seconds(25) };

/** All Lambdas, each with what `handlers.ts` says it needs. */
export class Functions extends Construct {
  readonly routes: Readonly<Record<string, HandlerFunction>>;
  readonly http: HandlerFunction;
  readonly polling: HandlerFunction;
  readonly task: HandlerFunction;
  readonly sweep: HandlerFunction;
  readonly all: readonly HandlerFunction[];

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    this.routes = Object.fromEntries(
      Object.entries(ROUTES).map(([key, handler]) => [key, this.create(handler, REQUEST, props)]),
    );
    // A poll keeps a function busy while it waits: too many of them would leave none for anything else.
    this.polling = this.create(POLLING, { ...REQUEST, concurrency: props.pollingConcurrency }, props);
    this.http = this.create(HTTP, REQUEST, props);
    // A task may lead to another: typing that is refreshed, a business handed over run by run. Lambda would end such a
    // chain after about 16: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
    this.task = this.create(TASK, { timeout: props.tasks.taskTimeout, recursive: true }, props);
    // Time for 300,000 pings, 1,000 a second: the share of a minute in more than two million connections.
    this.sweep = this.create(SWEEP, { timeout: Duration.minutes(5) }, props);
    this.all = [...Object.values(this.routes), this.http, this.polling, this.task, this.sweep];
    props.tasks.feed(this.task);
  }

  private create(handler: Handler, limits: Limits, props: FunctionsProps): HandlerFunction {
    const { entry } = handler;
    const fn = new HandlerFunction(this, entry, { entry, ...limits, logRetention: props.logRetention });
    fn.addEnvironment({ TABLE_NAME: props.table.table.tableName });
    fn.addEnvironment(presenceOf(props));
    props.table.grantItems(fn, handler.table);
    for (const need of handler.needs) PROVIDE[need](fn, props);
    return fn;
  }
}

/** Whatever a function does, it may find that a device has gone. */
function presenceOf({ presenceScope: scope, presenceGraceSeconds: grace }: FunctionsProps) {
  return {
    ...(scope !== undefined && { PRESENCE_SCOPE: scope }),
    ...(grace !== undefined && { PRESENCE_GRACE_SECONDS: String(grace) }),
  };
}

const PROVIDE: Readonly<Record<Need, (fn: HandlerFunction, props: FunctionsProps) => void>> = {
  push: (fn, { sockets }) => {
    fn.addEnvironment({ CALLBACK_URL: sockets.stage.callbackUrl });
    sockets.grantPush(fn);
  },
  tasks: (fn, { tasks }) => {
    fn.addEnvironment({ TASK_QUEUE_URL: tasks.queue.queueUrl });
    tasks.grantEnqueue(fn);
  },
  tokens: (fn, { keys }) => {
    fn.addEnvironment(keys.environment);
    keys.grantRead(fn);
  },
  lists: (fn, { table }) => {
    table.grantActivityQuery(fn);
  },
  dialect: (fn, { dialect }) => {
    fn.addEnvironment({ DIALECT: dialect });
  },
  origin: (fn, { clientUrl }) => {
    if (clientUrl !== undefined) fn.addEnvironment({ CLIENT_URL: clientUrl });
  },
  examples: (fn, { testRoutes }) => {
    if (testRoutes) fn.addEnvironment({ TEST_ROUTES: '1' });
  },
  address: (fn, { strangersPerAddress: most, edgeKey }) => {
    if (most !== undefined) fn.addEnvironment({ STRANGERS_PER_ADDRESS: String(most) });
    if (edgeKey !== undefined) fn.addEnvironment({ EDGE_KEY: edgeKey });
  },
  recovery: (fn, { recoverySeconds }) => {
    if (recoverySeconds !== undefined) fn.addEnvironment({ RECOVERY_SECONDS: String(recoverySeconds) });
  },
  schedules: (fn, { schedules }) => {
    schedules.grantSchedule(fn);
  },
  reminders: (fn, { reminderMinutes }) => {
    if (reminderMinutes !== undefined) fn.addEnvironment({ REMINDER_MINUTES: reminderMinutes });
  },
};
