import { activeRooms, SETTLES_MS } from './active-rooms.ts';
import type { Caller } from './connection.ts';
import { type Head, lastSeq, type Message, memberOf } from './conversation.ts';
import { Fault } from './fault.ts';
import type { ConversationId } from './ids.ts';
import { knockOnRoom } from './knock-on-room.ts';
import { missedIn } from './missed-messages.ts';
import type { Outcome } from './outcome.ts';
import type { DeviceKey, Ports } from './ports.ts';
import { messagesBetween } from './read-history.ts';

/** Where a device stands that counts along: by conversation, the last message up to which it knows all. */
export type Behind = {
  /** Where it wants to be in the room. */
  readonly joined: Readonly<Record<ConversationId, number>>;
  /** Where it is not, but has heard of messages. */
  readonly heard: Readonly<Record<ConversationId, number>>;
  /** Since when it may have missed something in conversations whose room it is not in, in ms. */
  readonly since?: number;
};

/** A conversation, and what follows the place up to which a device knew it. */
export type CaughtUpRoom = {
  readonly conversationId: ConversationId;
  readonly after: number;
  /** Those next after it, not necessarily all; oldest first. */
  readonly messages: readonly Message[];
  /** Up to where all is known with these; where too much was missed, the last message. */
  readonly upTo: number;
  readonly lastSeq: number;
};

export type CaughtUp = {
  readonly rooms: readonly CaughtUpRoom[];
  /** Whether all that was missed is among the messages, or will be when asked again; else too much was missed. */
  readonly isComplete: boolean;
  /** The server's time (ms): all that was pushed earlier is known now. */
  readonly at: number;
  readonly device: DeviceKey & { readonly joined: readonly ConversationId[] };
};

/** In one conversation; whoever missed more is better served by its history. */
const MOST_MISSED = 1_000;
/** Messages in one answer. */
const MOST_AT_ONCE = 200;

/** A room that the device is in by now, or a conversation that it hears of. */
type Entered = { readonly head: Head; readonly after: number | undefined };

/**
 * Lets a device that was away into its rooms again, and tells it what it has missed there, and since then elsewhere.
 * A conversation that the caller is not in is passed over. As with a join, no message is missed once this is answered:
 * what is not in the answer, or the next one, is pushed.
 *
 * @throws Fault `token-missing` for a caller whose connection has ended, `too-many-rooms`, `busy`.
 */
export async function catchUp(ports: Ports, caller: Caller, behind: Behind): Promise<Outcome<'catch-up'>> {
  const at = ports.clock.now();
  const { userId, connectionId } = caller;
  const device = connectionId && (await ports.connections.device(userId, connectionId));
  if (!device || device.lostAt !== undefined) throw new Fault('token-missing');
  if (behind.since !== undefined) await ports.clock.sleep(SETTLES_MS);
  const joined = await rejoinAll(ports, device, behind.joined);
  const heard = await heardOf(ports, caller, behind);
  const missed = await takeTurns(ports, [...joined, ...(heard ?? [])], behind.since);
  const isComplete = heard !== undefined && missed.every(({ isTooMuch }) => !isTooMuch);
  const rooms = missed.map(({ room }) => room);
  const joinedIds = [...new Set([...device.joined, ...joined.map(({ head }) => head.conversation.id)])];
  const known = { userId, connectionId: device.connectionId, joined: joinedIds };
  return { reply: { rooms, isComplete, at, device: known }, deliveries: [] };
}

async function rejoinAll(
  ports: Ports,
  device: DeviceKey,
  joined: Behind['joined'],
): Promise<readonly Entered[]> {
  const rooms = await Promise.all(
    Object.entries(joined).map(async ([id, after]) => {
      const head = await rejoin(ports, device, id);
      return head ? [{ head, after: Math.min(after, lastSeq(head)) }] : [];
    }),
  );
  return rooms.flat();
}

/** The knock follows the join, so that a send which has not seen the device loses its race for the next place. */
async function rejoin(ports: Ports, device: DeviceKey, id: ConversationId): Promise<Head | undefined> {
  const found = await ports.log.head(id);
  if (!found || !memberOf(found, device.userId)) return undefined;
  const joined = await ports.connections.join(device, id, lastSeq(found));
  if (joined === 'full') throw new Fault('too-many-rooms');
  if (joined === 'gone') throw new Fault('token-missing');
  const head = await knockOnRoom(ports, found);
  if (head === 'busy') throw new Fault('busy');
  return head && memberOf(head, device.userId) ? head : undefined;
}

/** The conversations elsewhere in which something may have been said; undefined for too many. */
async function heardOf(
  ports: Ports,
  caller: Caller,
  { joined, heard, since }: Behind,
): Promise<readonly Entered[] | undefined> {
  if (since === undefined) return [];
  const active = await activeRooms(ports, caller, since, Object.keys(joined));
  return active?.map((head) => ({ head, after: heard[head.conversation.id] }));
}

type Missed = { readonly room: CaughtUpRoom; readonly isTooMuch: boolean };

/** What was missed in each, as many messages together as an answer may have. */
async function takeTurns(ports: Ports, rooms: readonly Entered[], since = 0): Promise<readonly Missed[]> {
  const missed: Missed[] = [];
  let left = MOST_AT_ONCE;
  for (const room of rooms) {
    const after = room.after ?? (await lastBefore(ports, room.head, since));
    const found = await missedAfter(ports, room.head, after, left);
    left -= found.room.messages.length;
    missed.push(found);
  }
  return missed;
}

async function missedAfter(ports: Ports, head: Head, after: number, most: number): Promise<Missed> {
  const { id: conversationId } = head.conversation;
  const last = lastSeq(head);
  const isTooMuch = last - after > MOST_MISSED;
  if (isTooMuch)
    return { isTooMuch, room: { conversationId, after, messages: [], upTo: last, lastSeq: last } };
  const upTo = Math.min(after + most, last);
  const messages = await messagesBetween(ports, head, after + 1, upTo);
  return { isTooMuch, room: { conversationId, after, messages, upTo, lastSeq: last } };
}

/** For a conversation of which a device has heard nothing yet: the last message that was stored before then. */
async function lastBefore(ports: Ports, head: Head, since: number): Promise<number> {
  const limits = { seen: undefined, begunAt: since, most: MOST_MISSED, device: undefined };
  const missed = (await missedIn(ports, head, 0, limits)) ?? [];
  return Math.min(lastSeq(head) + 1, ...missed.map(({ message }) => message.seq)) - 1;
}
