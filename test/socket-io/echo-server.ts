import { randomBytes } from 'node:crypto';
import { afterEach, expect } from 'vitest';
import { connectTable, type Table } from '../../lambdas/aws/table-client.ts';
import { connect } from '../../lambdas/handlers/connect.ts';
import { fallback } from '../../lambdas/handlers/default.ts';
import { disconnect } from '../../lambdas/handlers/disconnect.ts';
import { polling } from '../../lambdas/handlers/polling.ts';
import {
  createLobby,
  createMailboxes,
  createMessaging,
  createSessions,
  createStatistics,
  createTokens,
} from '../../lambdas/handlers/runtime.ts';
import { sweep } from '../../lambdas/handlers/sweep.ts';
import { perform } from '../../lambdas/handlers/task.ts';
import type { Knock, Received, Socket } from '../../lambdas/wire/socket-io/application.ts';
import { PacketType, socketFrames } from '../../lambdas/wire/socket-io/packets.ts';
import { type SocketIoServer, socketIoServer } from '../../lambdas/wire/socket-io/server.ts';
import type { Mailboxes, SessionStore } from '../../lambdas/wire/socket-io/session.ts';
import { pause } from '../../local/gateway/clock.ts';
import { type Gateway, startGateway } from '../../local/gateway/gateway.ts';
import type { LambdaFunction } from '../../local/gateway/lambda.ts';
import type { GatewayOptions } from '../../local/gateway/options.ts';
import { inProcessTasks } from '../../local/in-process-tasks.ts';
import { LeapingClock } from '../support/leaping-clock.ts';
import { freshTable } from '../support/table.ts';
import { echoApplication } from './echo-application.ts';

/** A socket at the moment at which it sent an event. */
export type Heard = { readonly socket: Socket<unknown>; readonly event: Received };

/** The echo application behind the stand-in for API Gateway, its sessions in a real table. */
export type EchoServer = {
  readonly url: string;
  readonly webSocketUrl: string;
  readonly gateway: Gateway;
  readonly clock: LeapingClock;
  readonly store: SessionStore;
  readonly mailboxes: Mailboxes;
  readonly sockets: SocketIoServer;
  readonly table: Table;
  /** Those who have knocked, in the order in which they did. */
  readonly arrived: readonly Knock[];
  /** The events that reached the application, in the order in which they did. */
  readonly heard: readonly Heard[];
  /** The sockets that have left, and whether they said goodbye. */
  readonly left: readonly { readonly sid: string; readonly isClean: boolean }[];
  /** Sends an event to a socket from outside, as a push does. */
  readonly emit: (
    socket: Pick<Socket<unknown>, 'session' | 'namespace'>,
    name: string,
    args: readonly unknown[],
  ) => Promise<void>;
  /** What EventBridge does once a minute. */
  readonly sweep: () => Promise<void>;
  /** What was logged as a failure since this was last asked. */
  readonly failures: () => readonly unknown[];
  readonly stop: () => Promise<void>;
};

export type EchoOptions = Pick<GatewayOptions, 'chaos' | 'limits'> & {
  /** @default a new table */
  readonly table?: Table;
  readonly clientUrl?: string;
  /** @default as deployed */
  readonly strangersPerAddress?: number;
};

/** Where browsers may call from in the tests. */
export const CLIENT_URL = 'https://chat.example.com';

type Late = { routes?: Readonly<Record<string, LambdaFunction>>; http?: LambdaFunction };

/** Starts the echo application; whoever starts it stops it. */
export async function startEcho({ chaos, limits, ...rest }: EchoOptions = {}): Promise<EchoServer> {
  const table = rest.table ?? connectTable(await freshTable());
  const clock = new LeapingClock();
  const late: Late = {};
  const route =
    (key: string): LambdaFunction =>
    async (event, context) =>
      late.routes?.[key]?.(event, context);
  const gateway = await startGateway({
    ...(chaos && { chaos }),
    ...(limits && { limits }),
    clock,
    stage: 'ws',
    rewrittenBy: 'EIO',
    routes: { $connect: route('$connect'), $default: route('$default'), $disconnect: route('$disconnect') },
    http: async (event, context) => late.http?.(event, context),
  });
  const { functions, ...echo } = createEcho(table, clock, environmentOf(gateway, rest));
  Object.assign(late, functions);
  return {
    ...echo,
    url: gateway.url,
    webSocketUrl: gateway.url.replace('http', 'ws'),
    gateway,
    clock,
    table,
    stop: async () => {
      echo.stopTasks();
      await gateway.close();
    },
  };
}

/** One server for the tests of a file, which may log no failure. */
export function failsNever(server: () => EchoServer): void {
  afterEach(() => expect(server().failures()).toEqual([]));
}

function environmentOf(gateway: Gateway, { clientUrl = CLIENT_URL, strangersPerAddress }: EchoOptions) {
  return {
    CALLBACK_URL: gateway.callbackUrl,
    JWT_SECRET: 'unused',
    CLIENT_URL: clientUrl,
    ...(strangersPerAddress !== undefined && { STRANGERS_PER_ADDRESS: String(strangersPerAddress) }),
  };
}

type EchoEnvironment = ReturnType<typeof environmentOf>;

function createEcho(table: Table, machine: LeapingClock, env: EchoEnvironment) {
  const arrived: Knock[] = [];
  const heard: Heard[] = [];
  const left: { sid: string; isClean: boolean }[] = [];
  const failed: unknown[] = [];
  const log = { info: () => undefined, error: (...failure: unknown[]) => void failed.push(failure) };
  const tasks = inProcessTasks(
    (todo) => perform(messaging, sockets, todo),
    (todo, cause) => log.error('task', cause, todo.kind),
    machine,
  );
  const clock = { now: () => machine.now(), sleep: (ms: number) => pause(machine, ms) };
  const substitutes = { table, tasks, log, clock };
  const messaging = createMessaging(env, substitutes);
  const tokens = createTokens(env, substitutes);
  const store = createSessions(env, substitutes);
  const mailboxes = createMailboxes(env, substitutes);
  const entrance = createLobby(env, substitutes);
  const emit: EchoServer['emit'] = async ({ session, namespace }, name, args) => {
    for (const frame of socketFrames({ type: PacketType.EVENT, nsp: namespace, data: [name, ...args] })) {
      await messaging.gateway.post(session, frame);
    }
  };
  const sockets = socketIoServer({
    application: echoApplication({
      emit,
      arrive: (knock) => arrived.push(knock),
      hear: (socket, event) => heard.push({ socket, event }),
      leave: ({ sid }, isClean) => left.push({ sid, isClean }),
    }),
    store,
    mailboxes,
    ...entrance,
    gateway: messaging.gateway,
    clock,
    recoverySeconds: 0,
    nonce: () => randomBytes(15).toString('base64url'),
    random: Math.random,
  });
  const opening = {
    ...entrance,
    ports: messaging.ports,
    sessions: store,
    mailboxes,
    tokens,
    defaultDialect: undefined,
    log,
  };
  return {
    arrived,
    heard,
    left,
    store,
    mailboxes,
    sockets,
    emit,
    sweep: sweep(sockets, { ...messaging, statistics: createStatistics(env, substitutes) }),
    failures: () => failed.splice(0),
    stopTasks: tasks.stop,
    functions: {
      routes: {
        $connect: connect(opening),
        $default: fallback(messaging, tokens, sockets),
        $disconnect: disconnect(messaging, sockets),
      },
      http: polling(messaging, sockets, env.CLIENT_URL),
    },
  };
}
