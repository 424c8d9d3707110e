import type { APIGatewayProxyEvent } from 'aws-lambda';
import { onTestFinished } from 'vitest';
import { type Gateway, startGateway } from '../../local/gateway/gateway.ts';
import type { LambdaFunction } from '../../local/gateway/lambda.ts';
import type { Limits } from '../../local/gateway/limits.ts';
import type { GatewayOptions } from '../../local/gateway/options.ts';
import { FakeClock } from './fake-clock.ts';
import { Inbox } from './inbox.ts';

/** The event of any WebSocket route, as far as a test looks into it. */
export type RouteEvent = Partial<APIGatewayProxyEvent> & {
  readonly requestContext: {
    readonly connectionId: string;
    readonly routeKey: string;
    readonly requestId: string;
    readonly disconnectStatusCode?: number;
    readonly disconnectReason?: string;
  };
};

/** A gateway for the length of one test, with the clock and the events it ran with. */
export type Deployment = Gateway & {
  readonly clock: FakeClock;
  /** What reached the functions that `recording` made, in the order of the calls. */
  readonly events: Inbox<RouteEvent>;
};

/** Makes functions that write down their events and answer 200. */
export type Recording = () => LambdaFunction;

/** Starts a gateway that stops with the test. Its time stands still unless the test moves it. */
export async function deploy(
  describe: (recording: Recording) => Partial<GatewayOptions> = (recording) => ({
    routes: { $default: recording() },
  }),
): Promise<Deployment> {
  const clock = new FakeClock();
  const events = new Inbox<RouteEvent>();
  const recording: Recording = () => async (event: RouteEvent) => {
    events.push(event);
    return { statusCode: 200 };
  };
  const gateway = await startGateway({ stage: 'ws', routes: {}, clock, ...describe(recording) });
  onTestFinished(() => gateway.close());
  return { ...gateway, clock, events };
}

/** Starts a gateway with an HTTP API and nothing else. */
export function deployHttp(http: LambdaFunction, limits: Partial<Limits> = {}): Promise<Deployment> {
  return deploy(() => ({ http, limits }));
}

/** A promise and the way to settle it from outside. */
export function gate<T = void>(): { readonly opened: Promise<T>; readonly open: (value: T) => void } {
  let open: (value: T) => void = () => undefined;
  const opened = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
