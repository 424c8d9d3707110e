import type { Tokens } from '../core/identify-user.ts';
import type { ConnectionId } from '../core/ids.ts';
import type { SocketIoServer } from '../wire/socket-io/server.ts';
import { answerPing } from './answer-ping.ts';
import { countingAlong } from './counting-along.ts';
import type { FrameFunction } from './frame-function.ts';
import { createMessaging, createSockets, createTokens } from './runtime.ts';
import type { Messaging } from './serve-event.ts';
import { serveFrame } from './serve-frame.ts';
import { VERBS } from './verbs.ts';

/**
 * The route `$default`: Socket.IO's packets, native frames that have no route of their own, and what is neither. Only a
 * native frame begins with a brace; one from a Socket.IO client is a packet of an unknown type.
 */
export function fallback(messaging: Messaging, tokens: Tokens, sockets: SocketIoServer): FrameFunction {
  const abilities = countingAlong({ verbs: VERBS, tokens });
  return async ({ requestContext: { connectionId }, body = '' }) => {
    try {
      if (await answerPing(messaging, connectionId, body)) return TAKEN;
      const isNative = body.startsWith('{') && (await isKnown(messaging, connectionId));
      const isServed = !isNative && (await sockets.frame(connectionId, body));
      if (!isServed) await serveFrame(messaging, abilities, connectionId, body);
    } catch (thrown) {
      messaging.log.error('frame', thrown, { connectionId });
    }
    return TAKEN;
  };
}

const TAKEN = { statusCode: 200 } as const;

async function isKnown({ known, ports }: Messaging, connectionId: ConnectionId): Promise<boolean> {
  return (await known.find(connectionId, ports.clock.now())) !== undefined;
}

const messaging = createMessaging(process.env);
const tokens = createTokens(process.env);
const sockets = createSockets(messaging, countingAlong({ verbs: VERBS, tokens }), process.env);

export const handler = fallback(messaging, tokens, sockets);
