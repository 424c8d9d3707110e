import { fixed, operationsText, verdict } from '../report/sections.ts';
import { table } from '../report/table.ts';
import type { ConnectComparison } from './connect-time.ts';
import { IDLE_BUDGET, type IdleFrames } from './idle-hour.ts';
import type { SocketIoResults } from './measure-socket-io.ts';

/** The section of Socket.IO as text. */
export function socketIoText({ operations, idle, connects, stockHeartbeat }: SocketIoResults): string {
  const { frames, pingIntervalMs } = stockHeartbeat;
  return [
    operationsText(operations),
    '',
    connectsText(connects),
    '',
    `An idle hour: ${framesText(idle)} (≤ ${IDLE_BUDGET} frames: ${verdict(idle.down + idle.up <= IDLE_BUDGET)})`,
    `beside a stock server that pings every ${pingIntervalMs / 1000} s: ${framesText(frames)}`,
  ].join('\n');
}

function framesText({ down, up }: IdleFrames): string {
  return `${down} frames down + ${up} up`;
}

function connectsText(connects: readonly ConnectComparison[]): string {
  const rows = connects.map(({ kind, ours, theirs, ratio }) => [
    kind,
    fixed(1)(ours),
    fixed(1)(theirs),
    fixed(2)(ratio),
  ]);
  return table(['stock client, ms', 'Parley', 'Socket.IO', 'ratio'], rows);
}
