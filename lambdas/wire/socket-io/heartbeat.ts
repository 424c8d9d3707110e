import { endSession } from './lifecycle.ts';
import { engineFrame } from './packets.ts';
import { postFrame } from './send.ts';
import type { ServerParts } from './server.ts';
import type { Session, SessionKey } from './session.ts';

/**
 * A ping every 9 minutes: API Gateway ends a connection that is idle for 10, and each ping costs two frames. A client
 * gives its connection up when no ping came for both times together.
 */
export const PING_INTERVAL_MS = 9 * 60_000;
export const PING_TIMEOUT_MS = 2 * 60_000;

const PING = engineFrame({ type: 'ping' });
const CONCURRENT = 50;
/**
 * At most 1,000 pings a second: their answers come back as fast, from clients that all have their own second otherwise,
 * and API Gateway throttles a stage (by default ours at 2,000 frames a second) and the whole account.
 */
const BATCH = 100;
const BATCH_MS = 100;

/** A session that could neither be pinged nor ended, and why. */
export type Missed = { readonly key: SessionKey; readonly cause: unknown };

/**
 * Pings the sessions whose turn it is in this minute of the cycle. One that has left the ping before unanswered has
 * lost its client without anybody noticing, and ends.
 *
 * @returns those with which something went wrong, which is no other's matter.
 */
export async function beat(parts: ServerParts, slot: number): Promise<readonly Missed[]> {
  const running = new Set<Promise<void>>();
  const missed: Missed[] = [];
  let begun = 0;
  for await (const session of parts.store.due(slot)) {
    const task = pingOrEnd(parts, session)
      .catch((cause) => void missed.push({ key: session.key, cause }))
      .finally(() => running.delete(task));
    running.add(task);
    begun += 1;
    if (begun % BATCH === 0) await parts.clock.sleep(BATCH_MS);
    if (running.size >= CONCURRENT) await Promise.race(running);
  }
  await Promise.all(running);
  return missed;
}

/**
 * A client on HTTP long-polling finds the ping in its mailbox: no other packet resets its timer. It comes with a request
 * every 20 s, so its silence is noticed sooner.
 */
async function pingOrEnd(parts: ServerParts, session: Session): Promise<void> {
  const { key, webSocket, openedAt, seenAt = openedAt } = session;
  const silence = webSocket === undefined ? PING_TIMEOUT_MS : PING_INTERVAL_MS + PING_TIMEOUT_MS;
  const isLost = parts.clock.now() - seenAt > silence;
  if (isLost || (await postFrame(parts, webSocket ?? key, PING)) === 'gone') await endSession(parts, session);
}
