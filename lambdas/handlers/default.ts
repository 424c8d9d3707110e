import type { Tokens } from '../core/identify-user.ts';
import type { SocketIoServer } from '../wire/socket-io/server.ts';
import type { FrameFunction } from './frame-function.ts';
import { createMessaging, createSockets, createTokens } from './runtime.ts';
import type { Messaging } from './serve-event.ts';
import { serveFrame } from './serve-frame.ts';
import { VERBS } from './verbs.ts';

/**
 * The route `$default`: Socket.IO's packets, native frames that have no route of their own, and what is neither. Only a
 * native frame begins with a brace.
 */
export function fallback(messaging: Messaging, tokens: Tokens, sockets: SocketIoServer): FrameFunction {
  const abilities = { verbs: VERBS, tokens };
  return async ({ requestContext: { connectionId }, body = '' }) => {
    try {
      const isNative = body.startsWith('{') || !(await sockets.frame(connectionId, body));
      if (isNative) await serveFrame(messaging, abilities, connectionId, body);
    } catch (thrown) {
      messaging.log.error('frame', thrown, { connectionId });
    }
    return { statusCode: 200 };
  };
}

const messaging = createMessaging(process.env);
const tokens = createTokens(process.env);
const sockets = createSockets(messaging, { verbs: VERBS, tokens }, process.env);

export const handler = fallback(messaging, tokens, sockets);
