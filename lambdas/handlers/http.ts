import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { handle } from 'hono/aws-lambda';
import type { Tokens } from '../core/identify-user.ts';
import { createApp } from '../http/app.ts';
import type { SocketIoServer } from '../wire/socket-io/server.ts';
import { JOIN_WITHIN_S, type Session } from '../wire/socket-io/session.ts';
import { behindEdge } from './behind-edge.ts';
import { createMessaging, createSockets, createTokens } from './runtime.ts';
import type { Messaging } from './serve-event.ts';
import { VERBS } from './verbs.ts';

/** Where browsers call from unless `CLIENT_URL` says otherwise (support.md “Server Setup”). */
const DEFAULT_CLIENT_URL = 'http://localhost:5173';

type HttpFunction = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/** The HTTP API: every REST route, and Socket.IO's HTTP long-polling on whatever path the client was given. */
export function http(
  { ports, outbox, log }: Messaging,
  tokens: Tokens,
  sockets: SocketIoServer,
  clientUrl: string | undefined,
): HttpFunction {
  const begun = ({ key }: Session) =>
    ports.tasks.enqueue({ kind: 'expire-socket', connectionId: key }, JOIN_WITHIN_S);
  const app = createApp({
    ports,
    tokens,
    deliver: (deliveries) => outbox.deliver(deliveries),
    poll: (request) => sockets.poll(request, begun),
    report: (cause) => log.error('http', cause),
    clientUrl: clientUrl || DEFAULT_CLIENT_URL,
  });
  const serve = handle(app) as unknown as HttpFunction;
  return (event) => serve({ ...event, rawPath: escaped(event.rawPath) });
}

/**
 * An HTTP API hands its path over decoded, and hono takes it for encoded: an id with `#` or `?` would end the path
 * there (github.com/honojs/hono/issues/2156).
 */
function escaped(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

const messaging = createMessaging(process.env);
const tokens = createTokens(process.env);
const sockets = createSockets(messaging, { verbs: VERBS, tokens }, process.env);

export const handler = behindEdge(
  http(messaging, tokens, sockets, process.env.CLIENT_URL),
  process.env.EDGE_KEY,
);
