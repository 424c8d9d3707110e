import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import type { Abilities, Messaging } from './serve-event.ts';
import { serveFrame } from './serve-frame.ts';

/** What API Gateway is told of every frame: it never sends anything to the client on our behalf. */
const TAKEN = { statusCode: 200 } as const;

/** The Lambda function of a WebSocket route. */
export type FrameFunction = (
  event: Pick<APIGatewayProxyWebsocketEventV2, 'requestContext' | 'body'>,
) => Promise<typeof TAKEN>;

/** Makes the function of a route that carries these verbs. */
export function frameFunction(messaging: Messaging, abilities: Abilities): FrameFunction {
  return async ({ requestContext, body }) => {
    await serveFrame(messaging, abilities, requestContext.connectionId, body ?? '');
    return TAKEN;
  };
}
