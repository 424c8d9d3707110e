import { expect, onTestFinished } from 'vitest';
import { connectTable } from '../../lambdas/aws/table-client.ts';
import type { Connections } from '../../lambdas/core/ports.ts';
import { REST_ROUTES } from '../../lib/handlers.ts';
import { createFunctions, type Functions } from '../../local/functions.ts';
import { type Gateway, startGateway } from '../../local/gateway/gateway.ts';
import type { LambdaFunction } from '../../local/gateway/lambda.ts';
import type { Reachable } from './booking-scene.ts';
import { LeapingClock } from './leaping-clock.ts';
import { freshTable } from './table.ts';
import { signToken } from './tokens.ts';

/** A backend whose frames without a route of their own are served by either of two warm functions, as the test says. */
export type TwoFunctions = Reachable & {
  readonly clock: LeapingClock;
  readonly gateway: Gateway;
  readonly connections: Connections;
  /** From now on this one serves. */
  readonly turnTo: (which: 0 | 1) => void;
};

const SECRET = 'a secret of the tests, long enough for HS256';
const STAGE = 'ws';

/** Starts it for one test, whose log may report no failure. */
export async function twoFunctions(): Promise<TwoFunctions> {
  const table = connectTable(await freshTable());
  const clock = new LeapingClock();
  const failed: unknown[] = [];
  const log = { info: () => undefined, error: (...failure: unknown[]) => void failed.push(failure) };
  const late: { both?: readonly Functions[]; turn: 0 | 1 } = { turn: 0 };
  const serve =
    (route: string, turn = () => 0): LambdaFunction =>
    async (event, context) =>
      late.both?.[turn()]?.routes[route]?.(event, context);
  const gateway = await startGateway({
    clock,
    stage: STAGE,
    rewrittenBy: 'EIO',
    routes: {
      $connect: serve('$connect'),
      $default: serve('$default', () => late.turn),
      $disconnect: serve('$disconnect'),
    },
    http: async (event, context) => late.both?.[0]?.polling(event, context),
    httpRoutes: Object.fromEntries(
      REST_ROUTES.map((key) => [key, async (event, context) => late.both?.[0]?.http(event, context)]),
    ),
  });
  const env = { CALLBACK_URL: gateway.callbackUrl, JWT_SECRET: SECRET };
  const both = [0, 1].map(() => createFunctions(env, { log, clock, table }));
  late.both = both;
  onTestFinished(async () => {
    for (const { tasks } of both) tasks.stop();
    await gateway.close();
    table.client.destroy();
    expect(failed).toEqual([]);
  });
  return {
    url: gateway.url,
    webSocketUrl: gateway.url.replace('http', 'ws'),
    clock,
    gateway,
    connections: (both[0] as Functions).ports.connections,
    turnTo: (which) => {
      late.turn = which;
    },
    token: (claims) => signToken(claims, { secret: SECRET, now: clock.now() }),
  };
}
