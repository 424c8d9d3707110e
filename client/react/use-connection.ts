import type { ConnectionState } from '../sdk/types.ts';
import { useParley } from './parley-provider.tsx';
import { useStore, whole } from './use-store.ts';

const ON_SERVER: ConnectionState = { status: 'connecting', since: 0 };

/** How the connection stands: for a line that says that it is lost, and that it is back. */
export function useConnection(): ConnectionState {
  return useStore(useParley().connection, whole, { onServer: ON_SERVER });
}
