import type { Log } from '../lambdas/handlers/log.ts';
import type { Environment } from '../lambdas/handlers/runtime.ts';
import { REST_ROUTES } from '../lib/handlers.ts';
import { createTable, type TablePlace } from './create-table.ts';
import type { DemoConfig } from './demo-config.ts';
import { type DemoPage, serveDemoPage } from './demo-page.ts';
import { type EngineExit, startEngine } from './engine.ts';
import { createFunctions, type Functions } from './functions.ts';
import { type Clock, systemClock } from './gateway/clock.ts';
import { type Gateway, startGateway } from './gateway/gateway.ts';
import type { LambdaFunction } from './gateway/lambda.ts';
import type { GatewayOptions } from './gateway/options.ts';
import { sampleConfig, saveSamples } from './samples.ts';
import type { Settings } from './settings.ts';
import { StartupError } from './startup-error.ts';

/** The whole of Parley on one machine: the deployed functions behind a stand-in for API Gateway, on one port. */
export type Stack = {
  readonly gateway: Gateway;
  readonly functions: Functions;
  readonly demo: DemoConfig;
  /** Settles when the engine is no more; never, where it is not ours. */
  readonly engineExited: Promise<EngineExit>;
  /** Ends everything that was started, last first. */
  readonly stop: () => Promise<void>;
};

export type StackOptions = {
  readonly log: Log;
  /** @default 'parley' */
  readonly tableName?: string;
  /** Passed on to the gateway: tests make it misbehave. */
  readonly gateway?: Pick<GatewayOptions, 'chaos' | 'limits'>;
  /** Whether the sample people are known, and have talked already. @default false */
  readonly hasSamples?: boolean;
  /** The time of gateway, functions and tasks. @default the machine's */
  readonly clock?: Clock;
};

/** The stage's name, and so the path of WebSockets: `ws://127.0.0.1:3000/ws`. */
const STAGE = 'ws';
/** Every handshake of Engine.IO has it in its query, on whatever path the client was given. */
const ENGINE_IO_PARAMETER = 'EIO';
const SWEEP_EVERY_MS = 60_000;
const ROUTE_KEYS = [
  '$connect',
  '$disconnect',
  '$default',
  'sendMessage',
  'joinBooking',
  'leaveBooking',
  'markAsRead',
  'typing',
  'authenticate',
];

/**
 * Starts everything and answers when all is up. What had begun is stopped when something fails.
 *
 * @throws StartupError as `startEngine`, and for a `dynamodbEndpoint` that is of no use; Node's own error when the port
 *   cannot be had.
 */
export async function startStack(settings: Settings, options: StackOptions): Promise<Stack> {
  const ends: (() => Promise<void> | void)[] = [];
  const stop = lastFirst(ends);
  try {
    const { dynamodbEndpoint, dataDir } = settings;
    const engine = dynamodbEndpoint === undefined ? await startEngine({ dataDir }) : undefined;
    if (engine) ends.push(engine.stop);
    const table = {
      endpoint: dynamodbEndpoint ?? engine?.endpoint ?? '',
      tableName: options.tableName ?? 'parley',
    };
    await prepareTable(table, dynamodbEndpoint);
    const late: Late = {};
    const gateway = await startGatewayFor(settings, options, late);
    ends.push(gateway.close);
    const { log, clock = systemClock } = options;
    const functions = createFunctions(environment(settings, table, gateway), { log, clock });
    ends.push(
      functions.tasks.stop,
      functions.schedules.stop,
      everyMinute(clock, functions.sweep, (cause) => log.error('sweep', cause)),
    );
    if (options.hasSamples) await saveSamples(functions.ports);
    const demo = await sampleConfig(gateway.webSocketUrl, settings);
    Object.assign(late, { functions, page: serveDemoPage({ config: () => demo }) } satisfies Late);
    await functions.schedules.resume();
    return { gateway, functions, demo, engineExited: engine?.exited ?? new Promise(() => {}), stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

/** Ends things in the reverse order of their beginning: once, however often it is asked to. */
function lastFirst(ends: readonly (() => Promise<void> | void)[]): () => Promise<void> {
  let ended: Promise<void> | undefined;
  const endAll = async () => {
    for (const end of ends.toReversed()) await end();
  };
  return () => {
    ended ??= endAll();
    return ended;
  };
}

async function prepareTable(table: TablePlace, given: string | undefined): Promise<void> {
  try {
    await createTable(table);
  } catch (cause) {
    if (given === undefined) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StartupError(`DYNAMODB_ENDPOINT "${given}" cannot be used (${why}).`, { cause });
  }
}

/** Invokes a function once a minute until told to stop. */
function everyMinute(clock: Clock, sweep: () => Promise<void>, report: (cause: unknown) => void): () => void {
  let callOff = () => {};
  const next = () => {
    callOff = clock.schedule(SWEEP_EVERY_MS, () => {
      sweep().catch(report).finally(next);
    });
  };
  next();
  return () => callOff();
}

/** The functions need the gateway's address, which it has only once it listens: until then it answers nothing. */
type Late = { functions?: Functions; page?: DemoPage };

function startGatewayFor(settings: Settings, options: StackOptions, late: Late): Promise<Gateway> {
  const route =
    (key: string): LambdaFunction =>
    async (event, context) =>
      late.functions?.routes[key]?.(event, context);
  return startGateway({
    ...options.gateway,
    ...(options.clock && { clock: options.clock }),
    stage: STAGE,
    rewrittenBy: ENGINE_IO_PARAMETER,
    host: settings.host,
    port: settings.port,
    routes: Object.fromEntries(ROUTE_KEYS.map((key) => [key, route(key)])),
    http: async (event, context) => late.functions?.polling(event, context),
    httpRoutes: Object.fromEntries(
      REST_ROUTES.map((key) => [key, async (event, context) => late.functions?.http(event, context)]),
    ),
    intercept: (request, response) => late.page?.(request, response) ?? false,
    log: (message, details) => options.log.info('gateway', { message, details }),
  });
}

function environment(
  settings: Settings,
  table: { readonly endpoint: string; readonly tableName: string },
  gateway: Gateway,
): Environment {
  return {
    TABLE_NAME: table.tableName,
    DYNAMODB_ENDPOINT: table.endpoint,
    CALLBACK_URL: gateway.callbackUrl,
    JWT_SECRET: settings.jwtSecret,
    JWKS_URL: settings.jwksUrl,
    JWT_ISSUER: settings.jwtIssuer,
    JWT_AUDIENCE: settings.jwtAudience,
    DIALECT: settings.dialect,
    CLIENT_URL: settings.clientUrl,
    RECOVERY_SECONDS: settings.recoverySeconds,
    STRANGERS_PER_ADDRESS: settings.strangersPerAddress,
    PRESENCE_SCOPE: settings.presenceScope,
    PRESENCE_GRACE_SECONDS: settings.presenceGraceSeconds,
    TEST_ROUTES: settings.testRoutes,
    REMINDER_MINUTES: settings.reminderMinutes,
  };
}
