import type { APIGatewayProxyWebsocketEventV2, APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda';
import { openConnection } from '../core/authenticate-connection.ts';
import { toFault } from '../core/fault.ts';
import type { Claims, Tokens } from '../core/identify-user.ts';
import type { Ports } from '../core/ports.ts';
import { chooseDialect } from '../dialects/registry.ts';
import { beginSession } from '../wire/socket-io/lifecycle.ts';
import { enterLobby, type Lobby } from '../wire/socket-io/lobby.ts';
import { JOIN_WITHIN_S, type Mailboxes, type SessionStore } from '../wire/socket-io/session.ts';
import { linkWebSocket } from '../wire/socket-io/upgrade.ts';
import { behindEdge } from './behind-edge.ts';
import { type Headers, headerOf } from './header-of.ts';
import { jsonLog, type Log } from './log.ts';
import { createLobby, createMailboxes, createPorts, createSessions, createTokens } from './runtime.ts';

/**
 * Only this event has headers and a query; what later frames need of them is stored here. Events as they are:
 * https://github.com/aws-samples/serverless-samples/tree/main/apigw-ws-integrations
 */
type ConnectEvent = Pick<APIGatewayProxyWebsocketEventV2, 'requestContext'> & {
  readonly headers?: Headers;
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>>;
};
type Answer = { readonly statusCode: number; readonly body?: string };

/** What it takes to let connections in; nothing is pushed from here. */
export type Opening = {
  readonly ports: Ports;
  readonly sessions: SessionStore;
  readonly mailboxes: Mailboxes;
  readonly lobby: Lobby;
  readonly mostStrangers: number;
  readonly tokens: Tokens;
  readonly defaultDialect: string | undefined;
  readonly log: Log;
};

/** The route `$connect`: a Socket.IO session where the query speaks of Engine.IO, else a native connection. */
export function connect(opening: Opening) {
  return async (event: ConnectEvent): Promise<Answer> => {
    try {
      const isSocketIo = event.queryStringParameters?.EIO !== undefined;
      return await (isSocketIo ? openSession(opening, event) : openNative(opening, event));
    } catch (thrown) {
      const fault = toFault(thrown);
      if (fault.code === 'INTERNAL') opening.log.error('connect', fault.cause);
      const { code, message, status } = fault;
      return { statusCode: status, body: JSON.stringify({ message, code }) };
    }
  };
}

/** With its token in `Authorization` or `?token=`, or without one yet. */
async function openNative(opening: Opening, event: ConnectEvent): Promise<Answer> {
  const { ports, tokens, defaultDialect } = opening;
  const { requestContext, headers, queryStringParameters: query } = event;
  const dialectOf = (claims: Claims | undefined) =>
    chooseDialect(query?.dialect, claims?.dialect, defaultDialect);
  const token = headerOf(headers, 'authorization') ?? query?.token;
  const { connectionId } = requestContext;
  const isStranger = token === undefined;
  if (isStranger && (await enterLobby({ ...opening, ...ports }, { address: addressOf(event) })) === 'refused')
    return TOO_MANY;
  const offsets = query?.offsets === '1';
  await openConnection(ports, tokens, { connectionId, wire: 'native', offsets, dialectOf, token });
  return { statusCode: 200 };
}

/** Nothing can be sent from here: the greeting follows from the task queue. */
async function openSession(opening: Opening, event: ConnectEvent): Promise<Answer> {
  const { ports, sessions } = opening;
  const { headers, queryStringParameters: query = {} } = event;
  const { connectionId } = event.requestContext;
  if (query.transport !== 'websocket') return { statusCode: 400, body: UNKNOWN_TRANSPORT };
  if (query.EIO !== '4') return { statusCode: 400, body: UNSUPPORTED_VERSION };
  if (query.sid) return linkSession(opening, connectionId, query.sid);
  const authorization = headerOf(headers, 'authorization');
  const handshake = {
    query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, value ?? ''])),
    address: addressOf(event),
    ...(authorization !== undefined && { authorization }),
  };
  const session = await beginSession({ ...opening, ...ports, store: sessions }, handshake, connectionId);
  if (session === 'refused') return TOO_MANY;
  await Promise.all([
    ports.tasks.enqueue({ kind: 'greet-socket', connectionId }),
    ports.tasks.enqueue({ kind: 'expire-socket', connectionId }, JOIN_WITHIN_S),
  ]);
  return { statusCode: 200 };
}

/** A WebSocket that is to take over a session from HTTP long-polling. */
async function linkSession(
  { ports, sessions, mailboxes }: Opening,
  connectionId: string,
  sid: string,
): Promise<Answer> {
  const linked = await linkWebSocket({ store: sessions, mailboxes, clock: ports.clock }, connectionId, sid);
  if (linked === 'unknown') return { statusCode: 400, body: UNKNOWN_SESSION };
  await ports.tasks.enqueue({ kind: 'expire-socket', connectionId }, JOIN_WITHIN_S);
  return { statusCode: 200 };
}

/** The reference's words (socket.io, packages/engine.io/lib/server.ts). */
const UNKNOWN_TRANSPORT = JSON.stringify({ code: 0, message: 'Transport unknown' });
const UNSUPPORTED_VERSION = JSON.stringify({ code: 5, message: 'Unsupported protocol version' });
const UNKNOWN_SESSION = JSON.stringify({ code: 1, message: 'Session ID unknown' });

/** Refused like a throttled handshake: the client tries again a little later. */
const TOO_MANY: Answer = {
  statusCode: 429,
  body: JSON.stringify({ message: 'Too many connections that have not said who they are' }),
};

/** The types of the event leave it out; the event does not. */
type Identified = { readonly identity?: { readonly sourceIp?: string } };

function addressOf({ requestContext }: ConnectEvent): string {
  return (requestContext as Identified).identity?.sourceIp ?? '';
}

const serve = connect({
  ports: createPorts(process.env),
  sessions: createSessions(process.env),
  mailboxes: createMailboxes(process.env),
  ...createLobby(process.env),
  tokens: createTokens(process.env),
  defaultDialect: process.env.DIALECT || undefined,
  log: jsonLog,
});

export const handler: APIGatewayProxyWebsocketHandlerV2 = behindEdge(serve, process.env.EDGE_KEY);
