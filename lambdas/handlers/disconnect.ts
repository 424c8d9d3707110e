import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { closeConnection } from '../core/close-connection.ts';
import type { SocketIoServer } from '../wire/socket-io/server.ts';
import { createMessaging, createSockets } from './runtime.ts';
import type { Messaging } from './serve-event.ts';

/** The types of the event leave it out; the event does not (AWS-FACTS A3). */
type DisconnectEvent = {
  readonly requestContext: Pick<APIGatewayProxyWebsocketEventV2['requestContext'], 'connectionId'> & {
    readonly disconnectStatusCode?: number;
  };
};

/** What a client says that closes its WebSocket on purpose: 1000, or 1005 where it gives no code. */
const CLEAN_CODES: ReadonlySet<number | undefined> = new Set([1000, 1005]);

/** The route `$disconnect`. Best effort on AWS's side: whatever it misses, a 410 on push or the rows' TTL cleans up. */
export function disconnect({ ports, outbox, log }: Messaging, sockets: SocketIoServer) {
  return async ({ requestContext }: DisconnectEvent) => {
    const { connectionId, disconnectStatusCode } = requestContext;
    try {
      const isSocketIo = await sockets.ended(connectionId, CLEAN_CODES.has(disconnectStatusCode));
      if (!isSocketIo) await outbox.deliver(await closeConnection(ports, connectionId));
    } catch (thrown) {
      log.error('disconnect', thrown, { connectionId });
    }
    return { statusCode: 200 };
  };
}

const messaging = createMessaging(process.env);

export const handler = disconnect(messaging, createSockets(messaging, { verbs: {} }, process.env));
