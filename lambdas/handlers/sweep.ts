import type { ScheduledEvent } from 'aws-lambda';
import type { SocketIoServer } from '../wire/socket-io/server.ts';
import { HEARTBEAT_SLOTS } from '../wire/socket-io/session.ts';
import { createMessaging, createSockets } from './runtime.ts';

const MINUTE_MS = 60_000;

/**
 * What EventBridge invokes once a minute: the heartbeat of the Socket.IO sessions whose turn it is. Whose it is says the
 * event: an invocation that comes a little late, or again, may find the clock in the next minute, and the sessions of
 * the one between would never be pinged.
 */
export function sweep(sockets: SocketIoServer, now: () => number) {
  return async (event?: Pick<ScheduledEvent, 'time'>): Promise<void> => {
    const due = event ? Date.parse(event.time) : now();
    return sockets.beat(Math.floor(due / MINUTE_MS) % HEARTBEAT_SLOTS);
  };
}

export const handler = sweep(
  createSockets(createMessaging(process.env), { verbs: {} }, process.env),
  Date.now,
);
