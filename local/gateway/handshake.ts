import { type IncomingMessage, type OutgoingHttpHeaders, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { type Admission, admit } from './admission.ts';
import { type ClientSocket, listenToClient } from './client-frames.ts';
import { Connection } from './connection.ts';
import { dispatchDisconnect, dispatchMessage } from './dispatch.ts';
import { type ConnectionFacts, describeConnection } from './events.ts';
import { newId } from './ids.ts';
import { lasting, type Stage, track } from './stage.ts';

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

/** How `ws` is told the verdict on a handshake. */
type Answer = (admitted: boolean, status?: number, body?: string, headers?: OutgoingHttpHeaders) => void;

/**
 * Answers an upgrade once `$connect` has: the request stays pending until then, and no connection exists before.
 * A handshake that is not RFC 6455's is refused with 400 before anything is asked.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html
 */
export function upgrade(stage: Stage, { request, socket, head }: UpgradeRequest): void {
  const facts = describeConnection(stage, request);
  let subprotocol: string | false = false;
  let isOpen = false;
  const conclude = (admission: Admission, answer: Answer) => {
    if (admission.kind === 'refused') return answer(false, admission.status, ...refusal(admission, facts));
    subprotocol = admission.subprotocol;
    answer(true);
    if (!isOpen) dispatchDisconnect(stage, facts, NEVER_OPENED);
  };
  // One server for each handshake: it keeps the answer of its own `$connect`.
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: stage.limits.messageBytes,
    perMessageDeflate: DEFLATE,
    handleProtocols: () => subprotocol,
    verifyClient: (_info, answer) =>
      track(
        stage,
        admit(stage, facts, request).then((admission) => conclude(admission, answer)),
      ),
  });
  server.handleUpgrade(request, socket, head, (frames) => {
    isOpen = true;
    open(stage, facts, { frames, bytes: socket });
  });
}

function refusal({ status }: { readonly status: number }, { connectionId }: ConnectionFacts) {
  const message = STATUS_CODES[status] ?? 'Refused';
  const body = JSON.stringify({ message, connectionId, requestId: newId() });
  return [body, { 'Content-Type': 'application/json' }] as const;
}

function open(stage: Stage, facts: ConnectionFacts, socket: ClientSocket): void {
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
  const delayMs = lasting(chaos.postConnectDelayMs);
  if (delayMs > 0) clock.schedule(delayMs, makeVisible);
  else makeVisible();
}
