import type { ConnectionId } from '../../core/ids.ts';
import { PING_INTERVAL_MS, PING_TIMEOUT_MS } from './heartbeat.ts';
import { endSession } from './lifecycle.ts';
import { engineFrame } from './packets.ts';
import { postFirst } from './post-first.ts';
import type { ServerParts } from './server.ts';
import type { Session } from './session.ts';

/** A client sends larger packets over HTTP long-polling in parts; a WebSocket that does is closed by API Gateway. */
const MAX_PAYLOAD = 32 * 1024;

/** Sends the OPEN packet to a WebSocket that begins a session. */
export async function greet(parts: ServerParts, connectionId: ConnectionId): Promise<void> {
  const session = await parts.store.find(connectionId);
  if (!session) return;
  const outcome = await postFirst(parts, connectionId, openFrame(session, []));
  if (outcome === 'unreachable') await endSession(parts, session);
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
