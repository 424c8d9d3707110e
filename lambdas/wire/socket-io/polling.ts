import { awaitMail } from './await-mail.ts';
import { openFrame } from './greet.ts';
import { beginSession, endSession } from './lifecycle.ts';
import { servePayload } from './payload.ts';
import { findPolling } from './send.ts';
import type { ServerParts } from './server.ts';
import type { Handshake, Session } from './session.ts';

/** A request of Engine.IO's HTTP long-polling. */
export type PollingRequest = {
  readonly method: string;
  readonly query: Readonly<Record<string, string>>;
  readonly handshake: Handshake;
  readonly body: string;
};

export type PollingReply = { readonly status: number; readonly type: string; readonly body: string };

/** A new session on HTTP long-polling wants this done with it, so that one that never says anything ends. */
export type Begun = (session: Session) => Promise<void>;

/** The most that a request may carry, in bytes; the reference answers 413 beyond its own limit too. */
const MAX_BODY = 128 * 1024;
/** A payload that is not served by then ends its session: the HTTP API would give its request up soon after. */
const SERVE_WITHIN_MS = 20_000;
/** Ends a request whose function has died. */
const POST_WITHIN_MS = 25_000;

/** Codes and words of the reference, which also decides in this order (socket.io, packages/engine.io/lib/server.ts). */
const ERRORS = {
  transport: [0, 'Transport unknown'],
  session: [1, 'Session ID unknown'],
  method: [2, 'Bad handshake method'],
  request: [3, 'Bad request'],
  crowded: [4, 'Too many sessions'],
  version: [5, 'Unsupported protocol version'],
} as const;

/** Serves one request of HTTP long-polling: a handshake, a poll that waits, or a payload of packets. */
export async function servePolling(
  parts: ServerParts,
  request: PollingRequest,
  begun: Begun,
): Promise<PollingReply> {
  const { transport, sid } = request.query;
  if (transport !== 'polling' && transport !== 'websocket') return failed('transport');
  return sid ? serveSession(parts, request, sid) : serveHandshake(parts, request, begun);
}

async function serveHandshake(
  parts: ServerParts,
  request: PollingRequest,
  begun: Begun,
): Promise<PollingReply> {
  const { method, query } = request;
  if (method !== 'GET') return failed('method');
  if (query.transport === 'websocket') return failed('request');
  return query.EIO === '4' ? handshake(parts, request, begun) : failed('version');
}

async function serveSession(
  parts: ServerParts,
  { method, query, body }: PollingRequest,
  sid: string,
): Promise<PollingReply> {
  const session = await findPolling(parts.store, sid);
  if (!session) return failed('session');
  const isPolling = query.transport === 'polling' && query.EIO === '4' && session.webSocket === undefined;
  if (isPolling && method === 'GET') return poll(parts, session);
  return isPolling && method === 'POST' ? post(parts, session, body) : failed('request');
}

async function handshake(
  parts: ServerParts,
  { handshake }: PollingRequest,
  begun: Begun,
): Promise<PollingReply> {
  const session = await beginSession(parts, handshake);
  if (session === 'refused') return failed('crowded');
  await begun(session);
  return packets(openFrame(session, ['websocket']));
}

async function poll(parts: ServerParts, session: Session): Promise<PollingReply> {
  const waited = await awaitMail(parts, session);
  if (waited.kind === 'frames') return packets(waited.frames.join(SEPARATOR));
  // A second poll beside a waiting one: the reference takes it for a client gone wrong.
  if (waited.kind === 'busy') await endSession(parts, session);
  return failed('request');
}

async function post(parts: ServerParts, session: Session, body: string): Promise<PollingReply> {
  const { mailboxes, clock } = parts;
  if (Buffer.byteLength(body) > MAX_BODY) return { status: 413, type: HTML, body: '' };
  const now = clock.now();
  const overlap = await mailboxes.enter(session.key, 'POST', now, now + POST_WITHIN_MS);
  if (overlap !== 'free') {
    await endSession(parts, session);
    return failed(overlap === 'gone' ? 'session' : 'request');
  }
  try {
    await servePayload(parts, session, body, now + SERVE_WITHIN_MS);
  } finally {
    await mailboxes.leave(session.key, 'POST');
  }
  return { status: 200, type: HTML, body: 'ok' };
}

/** Packets of one payload are joined by it (github.com/socketio/engine.io-protocol#http-long-polling-1). */
const SEPARATOR = '\x1e';
const HTML = 'text/html';

function packets(body: string): PollingReply {
  return { status: 200, type: 'text/plain; charset=UTF-8', body };
}

function failed(error: keyof typeof ERRORS): PollingReply {
  const [code, message] = ERRORS[error];
  const status = error === 'crowded' ? 429 : 400;
  return { status, type: 'application/json', body: JSON.stringify({ code, message }) };
}
