import type { Clock } from './clock.ts';
import type { Connection } from './connection.ts';
import { invokeLambda, type LambdaFunction, type Outcome } from './lambda.ts';
import type { Limits } from './limits.ts';
import type { RequestTarget } from './request-target.ts';
import type { ExpectedCredentials } from './signature.ts';
import type { Throttle } from './throttle.ts';

/** How a post to a connection is made to fail; `hung` never answers, as AWS has been seen to do with a dead peer. */
export type PostFault = 'throttled' | 'failed' | 'hung';

/** In ms; a function is asked anew for each connection. */
export type Delay = number | (() => number);

/** The disorder of a distributed system, which one quiet machine would otherwise hide. */
export type Chaos = {
  /** Each frame's function starts up to this much later, so that two frames may overtake one another. */
  readonly jitterMs: number;
  /** Between the answer of `$connect` and the 101. */
  readonly connectDelayMs: Delay;
  /** Between the 101 and the moment @connections knows the connection; until then posts meet 410. */
  readonly postConnectDelayMs: Delay;
  /** Whether this connection's `$disconnect` is lost: AWS delivers it at best effort. */
  readonly dropDisconnects: (connectionId: string) => boolean;
  readonly postFault: (connectionId: string) => PostFault | undefined;
  /** From 0 to below 1. */
  readonly random: () => number;
};

/** Where the gateway writes what AWS would put into its execution log. */
export type GatewayLog = (message: string, details: Readonly<Record<string, unknown>>) => void;

/** A deployed stage: its configuration, and what is connected to it and under way in it. */
export type Stage = {
  readonly name: string;
  readonly mappings: readonly string[];
  readonly rewrittenBy: string | undefined;
  readonly apiId: string;
  readonly domainName: string;
  readonly routes: Readonly<Record<string, LambdaFunction>>;
  readonly routeSelectionKey: string;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly chaos: Chaos;
  readonly credentials: ExpectedCredentials;
  readonly log: GatewayLog;
  readonly admitConnection: Throttle;
  readonly admitRequest: Throttle;
  readonly connections: Map<string, Connection>;
  readonly pending: Set<Promise<unknown>>;
};

/**
 * The stage name or mapping key that a path consists of, or is rewritten to. One trailing slash is allowed; anything further below the
 * stage is no path of a WebSocket API.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-wscat.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-mappings.html
 */
export function entryOf(stage: Stage, { path, query }: RequestTarget): string | undefined {
  if (stage.rewrittenBy !== undefined && new URLSearchParams(query).has(stage.rewrittenBy)) return stage.name;
  const entry = path.replace(/^\//, '').replace(/\/$/, '');
  return [stage.name, ...stage.mappings].find((candidate) => candidate === entry);
}

/** Invokes the function of a route; undefined when the route has none. */
export async function invokeRoute(
  stage: Stage,
  routeKey: string,
  event: unknown,
): Promise<Outcome | undefined> {
  const lambda = Object.hasOwn(stage.routes, routeKey) ? stage.routes[routeKey] : undefined;
  if (!lambda) return undefined;
  const outcome = await invokeLambda(lambda, event, {
    functionName: routeKey.replace('$', ''),
    timeoutMs: stage.limits.integrationTimeoutMs,
    payloadBytes: stage.limits.lambdaPayloadBytes,
    clock: stage.clock,
  });
  if (outcome.kind !== 'returned') stage.log(`route ${routeKey}: the integration ${outcome.kind}`, outcome);
  return outcome;
}

/** How long a delay is this time, in ms. */
export function lasting(delay: Delay): number {
  return typeof delay === 'number' ? delay : delay();
}

/** Keeps count of work that nobody awaits, so that closing the gateway and tests can wait for it. */
export function track(stage: Stage, work: Promise<unknown>): void {
  const done = work
    .catch((error: unknown) => stage.log('the gateway itself failed', { error }))
    .finally(() => stage.pending.delete(done));
  stage.pending.add(done);
}
