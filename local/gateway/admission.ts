import type { IncomingMessage } from 'node:http';
import { pause } from './clock.ts';
import { type ConnectionFacts, connectEvent } from './events.ts';
import type { Outcome } from './lambda.ts';
import { parseTarget } from './request-target.ts';
import { entryOf, invokeRoute, lasting, type Stage } from './stage.ts';

/** Whether a client may connect, with the subprotocol that `$connect` chose, or the status that refuses it. */
export type Admission =
  | { readonly kind: 'admitted'; readonly subprotocol: string | false }
  | { readonly kind: 'refused'; readonly status: number };

/** Decides on a handshake: its path, the throttles, and then the function of `$connect` if there is one. */
export async function admit(
  stage: Stage,
  facts: ConnectionFacts,
  request: IncomingMessage,
): Promise<Admission> {
  const target = parseTarget(request.url);
  if ((request.url?.length ?? 0) > stage.limits.urlCharacters) return refuse(414);
  const entry = entryOf(stage, target);
  if (entry === undefined) return refuse(403);
  if (!stage.admitConnection() || !stage.admitRequest()) return refuse(429);
  // A Lambda authorizer would be asked here: `$connect` is the only route that can have one.
  const event = connectEvent(stage, facts, { request, entry, query: target.query });
  const outcome = await invokeRoute(stage, '$connect', event);
  await pause(stage.clock, lasting(stage.chaos.connectDelayMs));
  if (!outcome) return { kind: 'admitted', subprotocol: false };
  const admission = outcome.kind === 'timed-out' ? refuse(504) : admissionOf(outcome);
  if (!admission && outcome.kind === 'returned')
    stage.log('route $connect: the answer has no status', outcome);
  return admission ?? refuse(502);
}

/** A non-2xx status is the client's answer as it is; undefined when there is none. */
function admissionOf(outcome: Outcome): Admission | undefined {
  const answer = outcome.kind === 'returned' ? outcome.value : undefined;
  const status = Number(field(answer, 'statusCode'));
  if (!Number.isInteger(status) || status < 200 || status > 599) return undefined;
  return status < 300 ? { kind: 'admitted', subprotocol: subprotocolOf(answer) } : refuse(status);
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-connect-route-subprotocol.html */
function subprotocolOf(answer: unknown): string | false {
  const headers = Object.entries(field(answer, 'headers') ?? {});
  const found = headers.find(([name]) => name.toLowerCase() === 'sec-websocket-protocol')?.[1];
  return typeof found === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(found) ? found : false;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function refuse(status: number): Admission {
  return { kind: 'refused', status };
}
