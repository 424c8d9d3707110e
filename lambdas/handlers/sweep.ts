import type { ScheduledEvent } from 'aws-lambda';
import type { SocketIoServer } from '../wire/socket-io/server.ts';
import { HEARTBEAT_SLOTS } from '../wire/socket-io/session.ts';
import { createMessaging, createSockets } from './runtime.ts';
import type { Messaging } from './serve-event.ts';

const MINUTE_MS = 60_000;

/**
 * What EventBridge invokes once a minute: the heartbeat of the Socket.IO sessions whose turn it is. Whose it is says the
 * event: an invocation that comes a little late, or again, may find the clock in the next minute, and the sessions of
 * the one between would never be pinged.
 */
export function sweep(sockets: SocketIoServer, { log, ports }: Pick<Messaging, 'log' | 'ports'>) {
  return async (event?: Pick<ScheduledEvent, 'time'>): Promise<void> => {
    const due = event ? Date.parse(event.time) : ports.clock.now();
    const missed = await sockets.beat(Math.floor(due / MINUTE_MS) % HEARTBEAT_SLOTS);
    // Not thrown: Lambda would sweep again, and ping all the others twice.
    for (const { key, cause } of missed) log.error('sweep', cause, { connectionId: key });
  };
}

const messaging = createMessaging(process.env);

export const handler = sweep(createSockets(messaging, { verbs: {} }, process.env), messaging);
