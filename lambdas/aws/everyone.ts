import type { Caller, Connection } from '../core/connection.ts';
import type { DeviceKey } from '../core/ports.ts';
import type { Connected, Everyone } from '../core/rooms.ts';
import type { ConnectionRow } from './connections.ts';
import { CONNECTED_PARTITIONS } from './keys.ts';
import { runOf } from './room-rows.ts';
import type { SessionRow } from './session-store.ts';
import type { Table } from './table-client.ts';

/** What a row says of who is connected. A WebSocket that is linked to a session says nothing. */
type Row = ConnectionRow & Partial<Pick<SessionRow, 'sockets'>>;

const ATTRIBUTES = 'pk, sk, caller, sockets, openedAt';

/**
 * Everybody who is connected, on DynamoDB. The rows of native connections and those of Socket.IO's sessions lie in a few
 * partitions each, so that nothing more is written for it (docs/adr/0007).
 */
export function everyone(table: Table): Everyone {
  return {
    shards: CONNECTED_PARTITIONS.length,
    connectedIn: async (shard, slice) => {
      const partition = CONNECTED_PARTITIONS[shard];
      if (partition === undefined) return { items: [] };
      const { items, ...rest } = await runOf<Row>(table, partition, slice, ATTRIBUTES);
      return { items: items.flatMap(connectedBy), ...rest };
    },
  };
}

function connectedBy({ caller, sockets = {}, openedAt }: Row): readonly Connected[] {
  // What the messaging application keeps of a socket is its connection.
  const connections = Object.values(sockets).map(({ data }) => data as Connection | undefined);
  const callers = [caller, ...connections.map((connection) => connection?.caller)];
  return callers.filter(isKnown).map((known) => ({ caller: known, since: openedAt }));
}

function isKnown(caller: Caller | undefined): caller is Caller & DeviceKey {
  return caller?.connectionId !== undefined;
}
