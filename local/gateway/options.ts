import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Clock, systemClock } from './clock.ts';
import { newApiId } from './ids.ts';
import type { LambdaFunction } from './lambda.ts';
import { LIMITS, type Limits } from './limits.ts';
import type { ExpectedCredentials } from './signature.ts';
import type { Chaos, GatewayLog, Stage } from './stage.ts';
import { tokenBucket } from './throttle.ts';

/** What to deploy on the port. */
export type GatewayOptions = {
  /** The WebSocket stage: `ws` is reached at `/ws` and `/ws/`, and at nothing below. */
  readonly stage: string;
  /** Functions by route key: `$connect`, `$disconnect`, `$default`, and those that frames select. */
  readonly routes: Readonly<Record<string, LambdaFunction>>;
  /** API-mapping keys that lead to the stage too, such as `socket.io`. @default none */
  readonly mappings?: readonly string[];
  /**
   * A query parameter with which a handshake on any path leads to the stage: what a CloudFront function in front makes of
   * it, by rewriting the path. @default none
   */
  readonly rewrittenBy?: string;
  /** The key of a frame's JSON object that names its route. @default 'action' */
  readonly routeSelectionKey?: string;
  /** The function of the HTTP API's `$default` route. @default no HTTP API */
  readonly http?: LambdaFunction;
  /**
   * Functions by the HTTP API's other route keys, all of the form `ANY /path/{proxy+}`. @default none
   */
  readonly httpRoutes?: Readonly<Record<string, LambdaFunction>>;
  /** Has the first chance at plain HTTP requests; answers true when it took one. @default none */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** @default 0, any free port */
  readonly port?: number;
  /** @default LIMITS, those of AWS without the throttles */
  readonly limits?: Partial<Limits>;
  /** @default order and delivery as good as one machine's */
  readonly chaos?: Partial<Chaos>;
  /** @default the machine's */
  readonly clock?: Clock;
  /** Whose signature @connections accepts. @default anybody's */
  readonly credentials?: ExpectedCredentials;
  /** @default silence */
  readonly log?: GatewayLog;
};

const CALM: Chaos = {
  jitterMs: 0,
  connectDelayMs: 0,
  postConnectDelayMs: 0,
  dropDisconnects: () => false,
  postFault: () => undefined,
  random: Math.random,
};

/** Fills in what the options leave out, and starts with nothing connected. */
export function createStage(options: GatewayOptions, domainName: string): Stage {
  const limits = { ...LIMITS, ...options.limits };
  const clock = options.clock ?? systemClock;
  return {
    name: options.stage,
    mappings: options.mappings ?? [],
    rewrittenBy: options.rewrittenBy,
    apiId: newApiId(),
    domainName,
    routes: options.routes,
    routeSelectionKey: options.routeSelectionKey ?? 'action',
    limits,
    clock,
    chaos: { ...CALM, ...options.chaos },
    credentials: options.credentials ?? {},
    log: options.log ?? (() => undefined),
    admitConnection: tokenBucket(limits.newConnectionsPerSecond, limits.newConnectionsPerSecond, clock),
    admitRequest: tokenBucket(limits.requestsPerSecond, limits.requestBurst, clock),
    connections: new Map(),
    pending: new Set(),
  };
}

/**
 * Throws on a stage name or mapping key that API Gateway would not deploy.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-mappings.html
 */
export function checkNames({ stage, mappings = [] }: GatewayOptions): void {
  if (!/^[\w-]+$/.test(stage))
    throw new Error(`A stage name is letters, digits, "-" and "_": not "${stage}".`);
  for (const key of mappings) {
    if (!/^[\w$.+!*'()/-]*$/.test(key)) throw new Error(`No API mapping can have the key "${key}".`);
  }
}
