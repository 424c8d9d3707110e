import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { closeConnection } from '../core/close-connection.ts';
import { createMessaging } from './runtime.ts';
import type { Messaging } from './serve-frame.ts';

/** The route `$disconnect`. Best effort on AWS's side: whatever it misses, a 410 on push or the rows' TTL cleans up. */
export function disconnect({ ports, outbox, log }: Messaging) {
  return async ({ requestContext }: Pick<APIGatewayProxyWebsocketEventV2, 'requestContext'>) => {
    const { connectionId } = requestContext;
    try {
      await outbox.deliver(await closeConnection(ports, connectionId));
    } catch (thrown) {
      log.error('disconnect', thrown, { connectionId });
    }
    return { statusCode: 200 };
  };
}

export const handler = disconnect(createMessaging(process.env));
