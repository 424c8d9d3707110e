import type { ScheduledEvent } from 'aws-lambda';
import { SETTLES_AFTER_MS, type Statistics } from '../core/statistics.ts';
import type { SocketIoServer } from '../wire/socket-io/server.ts';
import { HEARTBEAT_SLOTS } from '../wire/socket-io/session.ts';
import { createMessaging, createSockets, createStatistics } from './runtime.ts';
import type { Messaging } from './serve-event.ts';

const MINUTE_MS = 60_000;

type Upkeep = Pick<Messaging, 'log' | 'ports'> & { readonly statistics: Statistics };

/**
 * What EventBridge invokes once a minute: the heartbeat of the Socket.IO sessions whose turn it is, and the statistics'
 * entries. Whose turn it is says the event: an invocation that comes a little late, or again, may find the clock in the
 * next minute, and the sessions of the one between would never be pinged.
 */
export function sweep(sockets: SocketIoServer, upkeep: Upkeep) {
  const { log, ports } = upkeep;
  return async (event?: Pick<ScheduledEvent, 'time'>): Promise<void> => {
    const due = event ? Date.parse(event.time) : ports.clock.now();
    const [missed] = await Promise.all([
      sockets.beat(Math.floor(due / MINUTE_MS) % HEARTBEAT_SLOTS),
      settle(upkeep),
    ]);
    // Not thrown: Lambda would sweep again, and ping all the others twice.
    for (const { key, cause } of missed) log.error('sweep', cause, { connectionId: key });
  };
}

/** What fails is done in the next minute. */
async function settle({ log, ports, statistics }: Upkeep): Promise<void> {
  try {
    await statistics.settle(ports.clock.now() - SETTLES_AFTER_MS);
  } catch (thrown) {
    log.error('statistics', thrown);
  }
}

const messaging = createMessaging(process.env);

const sockets = createSockets(messaging, { verbs: {} }, process.env);
const statistics = createStatistics(process.env);

export const handler = sweep(sockets, { ...messaging, statistics });
