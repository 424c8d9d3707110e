import type { ConnectionId } from './ids.ts';

/** What became of a frame: `gone` when the connection has ended, `failed` when it may or may not have arrived. */
export type Posted = 'delivered' | 'gone' | 'failed';

/** Sends frames to connections. Never throws: every outcome is a value. */
export interface Gateway {
  post(connectionId: ConnectionId, frame: string): Promise<Posted>;
  /** Ends a connection, so that its client reconnects and catches up. */
  close(connectionId: ConnectionId): Promise<void>;
}
