import type { IncomingMessage } from 'node:http';
import { connectTable, type Table } from '../../lambdas/aws/table-client.ts';
import type { Ports } from '../../lambdas/core/ports.ts';
import { createPorts } from '../../lambdas/handlers/runtime.ts';
import { REST_ROUTES } from '../../lib/handlers.ts';
import type { TablePlace } from '../../local/create-table.ts';
import type { Functions, Surroundings } from '../../local/functions.ts';
import { type Gateway, startGateway } from '../../local/gateway/gateway.ts';
import { separateFunctions } from './functions.ts';
import { PassingClock } from './passing-clock.ts';
import { RequestMeter } from './request-meter.ts';

/** Every function behind a gateway, and a meter on the functions' way to the table. */
export type Deployment = {
  readonly gateway: Gateway;
  /** What EventBridge invokes once a minute. */
  readonly sweep: () => Promise<void>;
  /** Resolves when nothing is under way any more: no invocation, and no task that one has left behind. */
  readonly settled: () => Promise<void>;
  readonly meter: RequestMeter;
  /** Another way to the table, which the meter does not see. */
  readonly table: Table;
  readonly ports: Ports;
  readonly clock: PassingClock;
  readonly jwtSecret: string;
};

const JWT_SECRET = 'a secret of the bench, long enough for HS256';

/** What goes wrong must be seen; the rest is not what the bench is about. */
const LOG = { info: () => undefined, error: console.error };

/** Deploys into a table that is there and empty. */
export async function deploy(place: TablePlace): Promise<Deployment> {
  const clock = new PassingClock();
  const meter = new RequestMeter();
  const metered = connectTable(place);
  meter.watch(metered.client);
  const started = await startMeteredGateway({ log: LOG, clock, table: metered }, meter);
  const table = connectTable(place);
  return { ...started, meter, table, ports: createPorts({}, { table }), clock, jwtSecret: JWT_SECRET };
}

/** The functions need the gateway's address, which it has only once it listens. */
async function startMeteredGateway(
  around: Surroundings,
  meter: RequestMeter,
): Promise<Pick<Deployment, 'gateway' | 'sweep' | 'settled'>> {
  const functionsAt = (callbackUrl: string) =>
    separateFunctions({ CALLBACK_URL: callbackUrl, JWT_SECRET }, around);
  const late: { functions?: Pick<Functions, 'routes' | 'http' | 'polling'> } = {};
  const routeKeys = Object.keys(functionsAt('').routes);
  const gateway = await startGateway({
    stage: 'ws',
    routes: Object.fromEntries(
      routeKeys.map((key) => [key, async (...call) => late.functions?.routes[key]?.(...call)]),
    ),
    http: async (...call) => late.functions?.polling(...call),
    httpRoutes: Object.fromEntries(
      REST_ROUTES.map((key) => [key, async (event, context) => late.functions?.http(event, context)]),
    ),
    intercept: (request) => {
      if (isPush(request)) meter.notePush();
      return false;
    },
  });
  const functions = functionsAt(gateway.callbackUrl);
  late.functions = functions;
  const settled = async () => {
    await gateway.settled();
    await functions.settled();
    // What a task has sent may have been answered.
    await gateway.settled();
  };
  return { gateway, sweep: functions.sweep, settled };
}

function isPush({ method, url = '' }: IncomingMessage): boolean {
  return method === 'POST' && url.includes('/@connections/');
}
