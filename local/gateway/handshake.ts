import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { listenToClient } from './client-frames.ts';
import { pause } from './clock.ts';
import { Connection } from './connection.ts';
import { dispatchDisconnect, dispatchMessage } from './dispatch.ts';
import { type ConnectionFacts, connectEvent, describeConnection } from './events.ts';
import { newId } from './ids.ts';
import type { Outcome } from './lambda.ts';
import { parseTarget } from './request-target.ts';
import { entryOf, invokeRoute, type Stage, track } from './stage.ts';

/** A real reply was seen to carry this: https://github.com/python-websockets/websockets/issues/1065 */
const DEFLATE = { serverMaxWindowBits: 12 };

/** The client went before the connection stood, though `$connect` had agreed. */
const NEVER_OPENED = { code: 1006, reason: '' };

/** An HTTP request for a WebSocket: the request, its socket, and what the socket had sent beyond it. */
export type UpgradeRequest = {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
};

type Decision =
  | { readonly kind: 'admitted'; readonly subprotocol: string | false }
  | { readonly kind: 'refused'; readonly status: number };

/**
 * Answers an upgrade once `$connect` has: the request stays pending until then, and no connection exists before.
 * A handshake that is not RFC 6455's is refused with 400 before anything is asked.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html
 */
export function upgrade(stage: Stage, { request, socket, head }: UpgradeRequest): void {
  const facts = describeConnection(stage, request);
  let subprotocol: string | false = false;
  let opened = false;
  // One server for each handshake: it keeps the answer of its own `$connect`.
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: stage.limits.messageBytes,
    perMessageDeflate: DEFLATE,
    handleProtocols: () => subprotocol,
    verifyClient: (_info, answer) => {
      const settle = (decision: Decision) => {
        if (decision.kind === 'refused') return answer(false, decision.status, ...refusal(decision, facts));
        subprotocol = decision.subprotocol;
        answer(true);
        if (!opened) dispatchDisconnect(stage, facts, NEVER_OPENED);
      };
      track(stage, decide(stage, facts, request).then(settle));
    },
  });
  socket.on('error', () => socket.destroy());
  server.handleUpgrade(request, socket, head, (frames) => {
    opened = true;
    open(stage, facts, { frames, bytes: socket });
  });
}

async function decide(stage: Stage, facts: ConnectionFacts, request: IncomingMessage): Promise<Decision> {
  const { path, query } = parseTarget(request.url);
  if ((request.url?.length ?? 0) > stage.limits.urlCharacters) return refuse(414);
  const entry = entryOf(stage, path);
  if (entry === undefined) return refuse(403);
  if (!stage.admitConnection() || !stage.admitRequest()) return refuse(429);
  // A Lambda authorizer would be asked here: `$connect` is the only route that can have one.
  const event = connectEvent(stage, facts, { request, entry, query });
  const outcome = await invokeRoute(stage, '$connect', event);
  await pause(stage.clock, stage.chaos.connectDelayMs);
  return outcome ? decisionOf(outcome) : { kind: 'admitted', subprotocol: false };
}

/** A non-2xx status is the client's answer as it is; a function that fails, or answers no status, is a 502. */
function decisionOf(outcome: Outcome): Decision {
  if (outcome.kind === 'timed-out') return refuse(504);
  const answer = outcome.kind === 'returned' ? outcome.value : undefined;
  const status = Number(field(answer, 'statusCode'));
  if (!Number.isInteger(status) || status < 200 || status > 599) return refuse(502);
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

function refuse(status: number): Decision {
  return { kind: 'refused', status };
}

function refusal({ status }: { readonly status: number }, { connectionId }: ConnectionFacts) {
  const message = STATUS_CODES[status] ?? 'Refused';
  const body = JSON.stringify({ message, connectionId, requestId: newId() });
  return [body, { 'Content-Type': 'application/json' }] as const;
}

function open(
  stage: Stage,
  facts: ConnectionFacts,
  socket: { readonly frames: WebSocket; readonly bytes: Duplex },
): void {
  const connection = new Connection(facts, socket.frames, {
    clock: stage.clock,
    limits: stage.limits,
    onEnd: (end) => {
      stage.connections.delete(facts.connectionId);
      dispatchDisconnect(stage, facts, end);
    },
  });
  stage.connections.set(facts.connectionId, connection);
  listenToClient(connection, socket, {
    limits: stage.limits,
    onMessage: (body) => dispatchMessage(stage, connection, body),
  });
  reveal(stage, connection);
}

/** @connections learns of a connection only after the 101, and on AWS not always at once. */
function reveal({ clock, chaos }: Stage, connection: Connection): void {
  const makeVisible = () => {
    connection.visible = true;
  };
  if (chaos.postConnectDelayMs > 0) clock.schedule(chaos.postConnectDelayMs, makeVisible);
  else makeVisible();
}
