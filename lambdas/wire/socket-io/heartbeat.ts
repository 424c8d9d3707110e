import { endSession } from './lifecycle.ts';
import { engineFrame } from './packets.ts';
import { postFrame } from './send.ts';
import type { ServerParts } from './server.ts';
import type { Session } from './session.ts';

/**
 * A ping every 9 minutes: API Gateway ends a connection that is idle for 10, and each ping costs two frames. A client
 * gives its connection up when no ping came for both times together.
 */
export const PING_INTERVAL_MS = 9 * 60_000;
export const PING_TIMEOUT_MS = 2 * 60_000;

const PING = engineFrame({ type: 'ping' });
const CONCURRENT = 50;

/**
 * Pings the sessions whose turn it is in this minute of the cycle. One that has left the ping before unanswered has
 * lost its client without anybody noticing, and ends.
 */
export async function beat(parts: ServerParts, slot: number): Promise<void> {
  const running = new Set<Promise<void>>();
  for await (const session of parts.store.due(slot)) {
    const task = pingOrEnd(parts, session).finally(() => running.delete(task));
    running.add(task);
    if (running.size >= CONCURRENT) await Promise.race(running);
  }
  await Promise.all(running);
}

/** A client on HTTP long-polling finds the ping in its mailbox: no other packet resets its timer. */
async function pingOrEnd(parts: ServerParts, session: Session): Promise<void> {
  const { key, webSocket, openedAt, seenAt = openedAt } = session;
  const isLost = parts.clock.now() - seenAt > PING_INTERVAL_MS + PING_TIMEOUT_MS;
  if (isLost || (await postFrame(parts, webSocket ?? key, PING)) === 'gone') await endSession(parts, session);
}
