import type { ConnectionId } from '../../core/ids.ts';
import { PING_INTERVAL_MS, PING_TIMEOUT_MS } from './heartbeat.ts';
import { endSession } from './lifecycle.ts';
import { engineFrame } from './packets.ts';
import type { ServerParts } from './server.ts';
import type { Session } from './session.ts';

/** A client sends larger packets over HTTP long-polling in parts; a WebSocket that does is closed by API Gateway. */
export const MAX_PAYLOAD = 32 * 1024;

/**
 * API Gateway answers 410 until `$connect` has returned and for a moment longer, and there is no way to learn when that
 * is over (repost.aws/knowledge-center/410-gone-api-gateway). The client waits 20 s for the packet, and a second one
 * does no harm.
 */
const FIRST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 640;
const GREET_WITHIN_MS = 10_000;

/** Sends the OPEN packet to a WebSocket that begins a session. Gives up when the connection has ended meanwhile. */
export async function greet(parts: ServerParts, connectionId: ConnectionId): Promise<void> {
  const { store, gateway, clock, random } = parts;
  const session = await store.find(connectionId);
  if (!session) return;
  const frame = openFrame(session, []);
  const deadline = clock.now() + GREET_WITHIN_MS;
  for (let wait = FIRST_WAIT_MS; clock.now() < deadline; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    const outcome = await gateway.post(connectionId, frame);
    if (outcome === 'delivered') return;
    await clock.sleep(wait * (0.5 + random()));
    if (!(await store.find(connectionId))) return;
  }
  await endSession(parts, session);
}

/** The OPEN packet: what the client needs to know of its session. */
export function openFrame({ sid }: Session, upgrades: readonly string[]): string {
  const open = {
    sid,
    upgrades,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    maxPayload: MAX_PAYLOAD,
  };
  return engineFrame({ type: 'open', data: JSON.stringify(open) });
}
