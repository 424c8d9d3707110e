import type { ServerParts } from './server.ts';
import type { Handshake, Session } from './session.ts';

/** Those who have opened a session and have not said yet who they are, counted by where they come from. */
export interface Lobby {
  /**
   * Counts one more from a network in the window of `now`, or as many as come in at once with it; how many that makes,
   * or `full`.
   */
  enter(network: string, now: number, most: number, places?: number): Promise<number | 'full'>;
  /** Counts one less in the window of `enteredAt`. */
  leave(network: string, enteredAt: number): Promise<void>;
}

/** Counting begins anew so often: as long as a session may stay without joining. */
export const LOBBY_WINDOW_MS = 20_000;

/** So many of a network a function keeps to itself. */
const FEW = 3;

/**
 * A lobby that does not ask for the first few of a network that one warm function sees in a window: almost everybody is
 * one of those, and is spared a write. With the next one all of them are counted.
 */
export function frugalLobby(lobby: Lobby): Lobby {
  const seen = new Map<string, number>();
  let window = 0;
  return {
    leave: lobby.leave,
    enter: async (network, now, most) => {
      const current = Math.floor(now / LOBBY_WINDOW_MS);
      if (current !== window) seen.clear();
      window = current;
      const count = (seen.get(network) ?? 0) + 1;
      seen.set(network, count);
      if (count <= FEW) return count;
      return lobby.enter(network, now, most, count === FEW + 1 ? count : 1);
    },
  };
}

/** Below this nobody gives a place back, which saves a write for almost everybody. */
const PLENTY = 10;

/** How a session begins: `refused` when too many of its network have not joined yet. */
export type Entrance = { readonly isCrowded: boolean } | 'refused';

/** Lets one more stranger in, unless there are too many from its network. */
export async function enterLobby(
  { lobby, clock, mostStrangers }: Pick<ServerParts, 'lobby' | 'clock' | 'mostStrangers'>,
  { address }: Pick<Handshake, 'address'>,
): Promise<Entrance> {
  if (mostStrangers <= 0) return { isCrowded: false };
  const count = await lobby.enter(networkOf(address), clock.now(), mostStrangers);
  return count === 'full' ? 'refused' : { isCrowded: count > Math.min(PLENTY, mostStrangers / 2) };
}

/** Makes room for others where it is scarce: the session is no stranger's any more. */
export async function leaveLobby(
  { lobby }: Pick<ServerParts, 'lobby'>,
  { isCrowded, handshake, openedAt }: Session,
): Promise<void> {
  if (isCrowded) await lobby.leave(networkOf(handshake.address), openedAt);
}

/** Whether a session has joined no namespace, or none in which it has said who it is. */
export function isStrangers(
  { application }: Pick<ServerParts, 'application'>,
  { sockets }: Pick<Session, 'sockets'>,
): boolean {
  return [...sockets.values()].every(({ data }) => application.isStranger(data));
}

/** An IPv4 address; of an IPv6 address the first 64 bits, which is what one customer has. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  const groups = address.includes('::') ? [...before, ...zeros, ...after] : before;
  return groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':');
}
