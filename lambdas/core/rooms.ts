import type { Caller } from './connection.ts';
import type { DeviceKey } from './ports.ts';

/** Rooms besides a user's own and those of conversations: a device is in them by who it speaks for. */

/** Whom somebody sees come and go: people who share a conversation, or all who are connected. */
export type Scope = 'contacts' | 'everyone';

/** Everybody who is connected: no row says so but that of the connection itself. */
export const EVERYONE = 'everyone';
export const ADMINS = 'admins';
/** The devices that see everyone come and go. */
export const ONLOOKERS = 'onlookers';
/** The devices whose connection is lost, until they are forgotten. */
export const LOST = 'lost';

/** Rooms that may be large lie in so many parts. */
const SHARDS = 4;
const LARGE: ReadonlySet<string> = new Set([ADMINS, ONLOOKERS, LOST]);

/** A run of a list; `next` continues it, and is absent at its end. */
export type Run<Item> = { readonly items: readonly Item[]; readonly next?: string };

/** Which run: at most so many items, from the beginning or where another has ended. */
export type Slice = { readonly most: number; readonly after?: string };

/** The devices in rooms, read strongly consistent. A device may have ended, or left the room, since it was noted there. */
export interface Rooms {
  devicesIn(room: string, shard: number, slice: Slice): Promise<Run<DeviceKey>>;
}

/** Everybody who is connected, by the rows of their connections. */
export interface Everyone {
  readonly shards: number;
  connectedIn(shard: number, slice: Slice): Promise<Run<Connected>>;
}

/** A device's connection; `since` in ms. */
export type Connected = { readonly caller: Caller & DeviceKey; readonly since: number };

const THERAPIST = 'therapist:';

/** The room of all devices that speak for a therapist. */
function therapistRoom(therapistId: string): string {
  return `${THERAPIST}${therapistId}`;
}

/** Whether a name is that of some therapist's room, whoever is in it. */
export function isTherapistRoom(name: string): boolean {
  return name.startsWith(THERAPIST) && name.length > THERAPIST.length;
}

/** The rooms that a device of this caller is in, as long as its token holds. */
export function roomsOf({ role, therapistId }: Caller, scope: Scope): readonly string[] {
  return [
    ...(therapistId === undefined ? [] : [therapistRoom(therapistId)]),
    ...(role === 'admin' ? [ADMINS] : []),
    ...(scope === 'everyone' ? [ONLOOKERS] : []),
  ];
}

/** In how many parts a room lies. */
export function shardsOf(room: string): number {
  return LARGE.has(room) ? SHARDS : 1;
}
