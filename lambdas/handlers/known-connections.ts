import type { Connection } from '../core/connection.ts';
import type { ConnectionId } from '../core/ids.ts';
import type { Connections } from '../core/ports.ts';
import { RecentMap } from '../core/recent-map.ts';

/** Connections remembered between the invocations of one warm function. */
const REMEMBERED = 2_000;

export interface KnownConnections {
  /** The connection, from memory where what is remembered still holds. */
  find(connectionId: ConnectionId, now: number): Promise<Connection | undefined>;
  remember(connection: Connection): void;
}

/**
 * Remembers who is behind a connection. That is safe: a connection keeps its user, dialect and wire for life, and its
 * token is only ever replaced by one that is valid now; so what is remembered can be too strict, never too lenient, and
 * once it looks expired it is read again.
 */
export function knownConnections(connections: Pick<Connections, 'find'>): KnownConnections {
  const known = new RecentMap<Connection>(REMEMBERED);
  const remember = (connection: Connection) => {
    if (connection.caller) known.set(connection.connectionId, connection);
  };
  return {
    remember,
    find: async (connectionId, now) => {
      const remembered = known.get(connectionId);
      if (remembered?.caller && remembered.caller.expiresAt > now) return remembered;
      const found = await connections.find(connectionId);
      if (found) remember(found);
      return found;
    },
  };
}
