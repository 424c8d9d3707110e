import type { ChatSystem } from '../speed/chat-system.ts';
import type { IdleFrames } from './idle-hour.ts';

/** How a server keeps idle connections, by its own word. */
export type StockHeartbeat = { readonly pingIntervalMs: number; readonly frames: IdleFrames };

const HOUR_MS = 3_600_000;

/** Asks a Socket.IO server for its `pingInterval`: each ping is answered by a pong. */
export async function stockHeartbeat(system: ChatSystem): Promise<StockHeartbeat> {
  const { url } = await system.door();
  const response = await fetch(`${url}/socket.io/?EIO=4&transport=polling`);
  const { pingInterval } = JSON.parse((await response.text()).slice(1)) as { readonly pingInterval: number };
  const pings = Math.floor(HOUR_MS / pingInterval);
  return { pingIntervalMs: pingInterval, frames: { down: pings, up: pings } };
}
