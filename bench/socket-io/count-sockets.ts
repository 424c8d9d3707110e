import type { TablePlace } from '../../local/create-table.ts';
import { withArrival } from '../counting/count-operations.ts';
import { deploy } from '../counting/deployment.ts';
import { type Counted, Tally } from '../counting/tally.ts';
import { countPolling } from './count-polling.ts';
import { countWebSocket, openTalk } from './count-web-socket.ts';
import { countIdleHour, type IdleFrames } from './idle-hour.ts';

/** What Socket.IO's sessions cost, over WebSocket where nothing else is said, and what passes when nobody speaks. */
export type SocketCounts = { readonly operations: readonly Counted[]; readonly idle: IdleFrames };

/** Counts every step of a Socket.IO client's life, in an empty table. */
export async function countSockets(place: TablePlace): Promise<SocketCounts> {
  const deployment = await deploy(place);
  try {
    const idle = await countIdleHour(deployment);
    const tally = new Tally(deployment);
    const talk = await openTalk(deployment);
    await countWebSocket(tally, talk);
    await countPolling(tally, talk);
    talk.owner.disconnect();
    await deployment.settled();
    return { operations: [...withArrival(tally.counted), ...idle.operations], idle: idle.frames };
  } finally {
    await deployment.gateway.close();
  }
}
