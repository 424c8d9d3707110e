import { pause } from './clock.ts';
import type { Connection } from './connection.ts';
import {
  type ConnectionEnd,
  type ConnectionFacts,
  disconnectEvent,
  messageEvent,
  type RoutedFrame,
} from './events.ts';
import { newId } from './ids.ts';
import type { Outcome } from './lambda.ts';
import { selectRoute } from './route-selection.ts';
import { invokeRoute, type Stage, track } from './stage.ts';

/**
 * Hands a frame to its route's function. Nothing waits for the frames before it: two frames of one connection run at
 * once, and with jitter the later one may start first. The integration is one-way, so what the function returns
 * never reaches the client; that it threw or took too long does, as a frame in the gateway's own words.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-routes-integrations.html
 */
export function dispatchMessage(stage: Stage, connection: Connection, body: string): void {
  const routeKey = selectRoute(body, stage.routeSelectionKey, stage.routes);
  if (!stage.admitRequest()) sendError(connection, 'Too Many Requests', newId());
  else if (routeKey === undefined) sendError(connection, 'Forbidden', newId());
  else track(stage, runMessage(stage, connection, { routeKey, body }));
}

/** Tells `$disconnect`, at best effort: chaos may lose it. */
export function dispatchDisconnect(stage: Stage, facts: ConnectionFacts, end: ConnectionEnd): void {
  if (stage.chaos.dropDisconnects(facts.connectionId)) return;
  const run = async () => {
    await pause(stage.clock, jitter(stage));
    await invokeRoute(stage, '$disconnect', disconnectEvent(stage, facts, end));
  };
  track(stage, run());
}

async function runMessage(stage: Stage, connection: Connection, frame: RoutedFrame): Promise<void> {
  const event = messageEvent(stage, connection.facts, frame);
  await pause(stage.clock, jitter(stage));
  const outcome = await invokeRoute(stage, frame.routeKey, event);
  const complaint = outcome && complaintOf(outcome);
  if (complaint !== undefined) sendError(connection, complaint, event.requestContext.requestId);
}

function jitter({ chaos }: Stage): number {
  return chaos.random() * chaos.jitterMs;
}

function complaintOf(outcome: Outcome): string | undefined {
  if (outcome.kind === 'returned') return undefined;
  return outcome.kind === 'timed-out' ? 'Endpoint request timed out' : 'Internal server error';
}

/** The frame that API Gateway itself sends, to the very spaces. */
function sendError(connection: Connection, message: string, requestId: string): void {
  const { connectionId } = connection.facts;
  connection.send(`{"message": "${message}", "connectionId":"${connectionId}", "requestId":"${requestId}"}`);
}
