import { createPollingApp } from '../http/polling-app.ts';
import type { SocketIoServer } from '../wire/socket-io/server.ts';
import { JOIN_WITHIN_S, type Session } from '../wire/socket-io/session.ts';
import { behindEdge } from './behind-edge.ts';
import { type HttpFunction, SITE } from './http-function.ts';
import { createMessaging, createSockets, createTokens } from './runtime.ts';
import type { Messaging } from './serve-event.ts';
import { VERBS } from './verbs.ts';

/** Socket.IO's HTTP long-polling, on whatever path the client was given; what it is not has no route. */
export function polling(
  { ports, log }: Messaging,
  sockets: SocketIoServer,
  clientUrl: string | undefined,
): HttpFunction {
  const begun = ({ key }: Session) =>
    ports.tasks.enqueue({ kind: 'expire-socket', connectionId: key }, JOIN_WITHIN_S);
  return createPollingApp({
    poll: (request) => sockets.poll(request, begun),
    report: (cause) => log.error('http', cause),
    clientUrl: clientUrl || SITE,
  });
}

const messaging = createMessaging(process.env);
const tokens = createTokens(process.env);
const sockets = createSockets(messaging, { verbs: VERBS, tokens }, process.env);

export const handler = behindEdge(polling(messaging, sockets, process.env.CLIENT_URL), process.env.EDGE_KEY);
