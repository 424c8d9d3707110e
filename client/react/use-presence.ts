import { useMemo } from 'react';
import type { PresenceState } from '../sdk/types.ts';
import { useParley } from './parley-provider.tsx';
import { useStore, whole } from './use-store.ts';

const NOBODY: PresenceState = {};

/** Who of these is online, by user id. The list may be a new one at every rendering: what is in it counts. */
export function usePresence(userIds: readonly string[]): PresenceState {
  const { presence } = useParley();
  const key = JSON.stringify([...new Set(userIds)].sort());
  const store = useMemo(() => presence.of(JSON.parse(key) as string[]), [presence, key]);
  return useStore(store, whole, { onServer: NOBODY });
}
