import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { closeConnection } from '../core/close-connection.ts';
import type { SocketIoServer } from '../wire/socket-io/server.ts';
import { createMessaging, createSockets } from './runtime.ts';
import type { Messaging } from './serve-event.ts';

/** The route `$disconnect`. Best effort on AWS's side: whatever it misses, a 410 on push or the rows' TTL cleans up. */
export function disconnect({ ports, outbox, log }: Messaging, sockets: SocketIoServer) {
  return async ({ requestContext }: Pick<APIGatewayProxyWebsocketEventV2, 'requestContext'>) => {
    const { connectionId } = requestContext;
    try {
      const isSocketIo = await sockets.ended(connectionId);
      if (!isSocketIo) await outbox.deliver(await closeConnection(ports, connectionId));
    } catch (thrown) {
      log.error('disconnect', thrown, { connectionId });
    }
    return { statusCode: 200 };
  };
}

const messaging = createMessaging(process.env);

export const handler = disconnect(messaging, createSockets(messaging, { verbs: {} }, process.env));
