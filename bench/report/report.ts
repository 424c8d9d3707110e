import type { Bundle } from '../bundling/measure-bundles.ts';
import type { ClientSize } from '../bundling/measure-clients.ts';
import type { Counts } from '../counting/count-operations.ts';
import type { SocketIoResults } from '../socket-io/measure-socket-io.ts';
import type { Comparison } from '../speed/compare.ts';
import type { Starting } from '../starting/time-to-ready.ts';
import type { Machine } from './machine.ts';

/** What the bench counts and measures; a run may be of some of it. */
export const SECTIONS = ['counts', 'bundles', 'start', 'speed', 'socket.io'] as const;

export type Section = (typeof SECTIONS)[number];

/** All that a run found: what `--json` writes. */
export type Report = {
  /** ISO 8601. */
  readonly at: string;
  readonly machine: Machine;
  counts?: Counts;
  bundles?: readonly Bundle[];
  clients?: readonly ClientSize[];
  start?: Starting;
  speed?: readonly Comparison[];
  socketIo?: SocketIoResults;
};
