import type { SocketIoServer } from '../wire/socket-io/server.ts';
import { HEARTBEAT_SLOTS } from '../wire/socket-io/session.ts';
import { createMessaging, createSockets } from './runtime.ts';

const MINUTE_MS = 60_000;

/** What EventBridge invokes once a minute: the heartbeat of the Socket.IO sessions whose turn it is. */
export function sweep(sockets: SocketIoServer, now: () => number) {
  return async (): Promise<void> => sockets.beat(Math.floor(now() / MINUTE_MS) % HEARTBEAT_SLOTS);
}

export const handler = sweep(
  createSockets(createMessaging(process.env), { verbs: {} }, process.env),
  Date.now,
);
