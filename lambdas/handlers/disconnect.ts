import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { closeConnection, type Ending } from '../core/close-connection.ts';
import type { SocketIoServer } from '../wire/socket-io/server.ts';
import { createMessaging, createSockets } from './runtime.ts';
import type { Messaging } from './serve-event.ts';

type Requested = Pick<APIGatewayProxyWebsocketEventV2, 'requestContext'>;

/** The route `$disconnect`. Best effort on AWS's side: whatever it misses, a 410 on push or the rows' TTL cleans up. */
export function disconnect({ ports, outbox, log }: Messaging, sockets: SocketIoServer) {
  return async ({ requestContext }: Requested) => {
    const { connectionId } = requestContext;
    try {
      const isSocketIo = await sockets.ended(connectionId);
      if (!isSocketIo)
        await outbox.deliver(await closeConnection(ports, connectionId, endingOf(requestContext)));
    } catch (thrown) {
      log.error('disconnect', thrown, { connectionId });
    }
    return { statusCode: 200 };
  };
}

/**
 * The types of the event leave the code out; the event does not. A client that closes says 1000, a page that is left
 * 1001, and one that says no code is told as 1005; a lost network says nothing (1006). API Gateway's own cuts, after 10
 * minutes without a frame or 2 hours, are told as 1001 too: only the age of a connection tells the latter apart.
 */
type Ended = { readonly disconnectStatusCode?: number; readonly connectedAt: number };

const GOODBYES: ReadonlySet<number | undefined> = new Set([1000, 1001, 1005]);
const CUT_AFTER_MS = 2 * 60 * 60_000 - 60_000;

function endingOf(context: Requested['requestContext']): Ending {
  const { disconnectStatusCode: code, connectedAt } = context as Ended;
  const isCut = code === 1001 && context.requestTimeEpoch - connectedAt >= CUT_AFTER_MS;
  return GOODBYES.has(code) && !isCut ? 'left' : 'lost';
}

const messaging = createMessaging(process.env);

export const handler = disconnect(messaging, createSockets(messaging, { verbs: {} }, process.env));
