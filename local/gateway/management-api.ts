import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Connection } from './connection.ts';
import { type Exchange, gatewayReply, type HttpReply, jsonReply, send } from './exchange.ts';
import { isId } from './ids.ts';
import { readBody } from './request-body.ts';
import { decodePath } from './request-target.ts';
import { isSigned } from './signature.ts';
import { entryOf, type Stage } from './stage.ts';

/** A request for `/{stage}/@connections/{id}`, taken apart; an id with a malformed escape is no id. */
export type ConnectionPath = { readonly entry: string; readonly connectionId: string };

const OK: HttpReply = { status: 200, headers: [], body: Buffer.alloc(0) };
const DELETED: HttpReply = { ...OK, status: 204 };
/** The same for an unsigned request, a wrong stage and an unknown method. */
const FORBIDDEN = errorReply(403, 'ForbiddenException', 'Forbidden');
/** AWS sends no body with it. */
const GONE: HttpReply = { ...errorReply(410, 'GoneException', ''), body: Buffer.alloc(0) };
const TOO_LARGE = errorReply(413, 'PayloadTooLargeException', 'Payload Too Large');
/** Means either that too many requests come, or that this client does not take what it was sent. */
const LIMIT_EXCEEDED = errorReply(429, 'LimitExceededException', 'Too Many Requests');
const FAILED = errorReply(500, 'InternalServerErrorException', 'Internal server error');

const CLOSED_NORMALLY = { code: 1000, reason: 'Connection Closed Normally' };

/** The stage and the connection that a path means, or undefined when it is no path of this API. */
export function parseConnectionPath(path: string): ConnectionPath | undefined {
  const found = /^(?:\/(?<entry>.*?))?\/(?:@|%40)connections\/(?<id>.*)$/i.exec(path)?.groups;
  if (!found) return undefined;
  return { entry: found.entry ?? '', connectionId: decodePath(found.id ?? '') ?? '' };
}

/**
 * The @connections API: POST sends, GET tells, DELETE closes. Errors are named in `x-amzn-ErrorType`, the only place
 * where the SDK for JavaScript looks for a name.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export async function serveManagementApi(
  stage: Stage,
  path: ConnectionPath,
  exchange: Exchange,
): Promise<void> {
  const reply = await answer(stage, path, exchange.request);
  if (!reply) return;
  exchange.response.setHeader('x-amzn-RequestId', randomUUID());
  await send(exchange, reply);
}

/** Undefined when nobody gets an answer: the caller has gone, or the fault asked for is silence. */
async function answer(
  stage: Stage,
  { entry, connectionId }: ConnectionPath,
  request: IncomingMessage,
): Promise<HttpReply | undefined> {
  const isAllowed =
    entryOf(stage, { path: entry, query: '' }) !== undefined &&
    isSigned(request.headers.authorization, stage.credentials);
  if (!isAllowed) return FORBIDDEN;
  if (!stage.admitRequest()) return LIMIT_EXCEEDED;
  if (!isId(connectionId)) return badRequest(connectionId);
  switch (request.method) {
    case 'POST':
      return post(stage, connectionId, request);
    case 'GET':
      return withConnection(stage, connectionId, describe);
    case 'DELETE':
      return withConnection(stage, connectionId, hangUp);
    default:
      return FORBIDDEN;
  }
}

async function post(stage: Stage, id: string, request: IncomingMessage): Promise<HttpReply | undefined> {
  const body = await readBody(request, stage.limits.messageBytes);
  if (body.kind === 'aborted') return undefined;
  if (body.kind === 'too-large') return TOO_LARGE;
  const fault = stage.chaos.postFault(id);
  if (fault === 'hung') return undefined;
  if (fault) return fault === 'throttled' ? LIMIT_EXCEEDED : FAILED;
  return withConnection(stage, id, (connection) => {
    if (connection.bufferedBytes >= stage.limits.clientBufferBytes) return LIMIT_EXCEEDED;
    connection.send(body.bytes.toString());
    return OK;
  });
}

function withConnection(stage: Stage, id: string, act: (connection: Connection) => HttpReply): HttpReply {
  const connection = stage.connections.get(id);
  return connection?.visible && connection.isOpen ? act(connection) : GONE;
}

function describe({ facts, lastActiveAt }: Connection): HttpReply {
  const description = {
    connectedAt: new Date(facts.connectedAt).toISOString(),
    identity: facts.identity,
    lastActiveAt: new Date(lastActiveAt).toISOString(),
  };
  return jsonReply(200, JSON.stringify(description));
}

function hangUp(connection: Connection): HttpReply {
  connection.close(CLOSED_NORMALLY);
  return DELETED;
}

function badRequest(connectionId: string): HttpReply {
  return errorReply(400, 'BadRequestException', `Invalid connectionId: ${connectionId}`);
}

function errorReply(status: number, errorType: string, message: string): HttpReply {
  const { headers, body } = gatewayReply(status, message);
  return { status, headers: [...headers, ['x-amzn-ErrorType', errorType]], body };
}
