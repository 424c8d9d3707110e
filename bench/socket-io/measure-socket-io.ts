import type { TablePlace } from '../../local/create-table.ts';
import type { ChatSystem } from '../speed/chat-system.ts';
import { type ConnectComparison, type ConnectPlan, compareConnects } from './connect-time.ts';
import { countSockets, type SocketCounts } from './count-sockets.ts';
import { type StockHeartbeat, stockHeartbeat } from './stock-heartbeat.ts';

/** What the Socket.IO wire costs, beside a stock server where there is something to compare. */
export type SocketIoResults = SocketCounts & {
  readonly connects: readonly ConnectComparison[];
  readonly stockHeartbeat: StockHeartbeat;
};

/** Counts in an empty table, and measures how long the unmodified client takes to connect to each system. */
export async function measureSocketIo(
  place: TablePlace,
  systems: readonly [ChatSystem, ChatSystem],
  plan: ConnectPlan,
): Promise<SocketIoResults> {
  const counts = await countSockets(place);
  const connects = await compareConnects(systems, plan);
  return { ...counts, connects, stockHeartbeat: await stockHeartbeat(systems[1]) };
}
