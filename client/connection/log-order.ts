import type { Heard, Place } from './frame.ts';
import { MOST_HELD, MOST_LOGS, MOST_TOLD, REMEMBERED } from './limits.ts';

/** A place in each of some conversations. */
export type Positions = Readonly<Record<string, number>>;

type Position = readonly [conversation: string, seq: number];

/** What is known of one conversation's log. */
type Log = {
  /** All up to here has been handed on, or is not owed. */
  last: number;
  /** By which name the device has joined it; every message is owed then. */
  room: unknown;
  /** What was handed on lately, by place and name: one message may make several events. */
  readonly told: Set<string>;
  /** What waits for a message before it; `heard` is absent where the message itself is known already. */
  readonly held: { readonly seq: number; readonly heard: Heard | undefined }[];
};

type Hooks = {
  /** Hands on an event in its turn. */
  readonly deliver: (heard: Heard) => void;
  /** Told that something waits for a message that is missing; `isUrgent` when it is more than can be kept. */
  readonly missing: (isUrgent: boolean) => void;
};

/** Puts the messages of each conversation into the order of its log, each once. Bounded, whatever comes. */
export type LogOrder = {
  /** Whether every message is heard, joined or not, so that a gap means that one is missing. */
  hearsAll: boolean;
  /** Up to where all is known of the conversations that were joined, or of the others. */
  known(hasJoined: boolean): readonly Position[];
  /** The last place of each conversation at which something waits for what is missing. */
  waiting(): Positions;
  /** Takes an event, or word that the message at this place makes none. */
  take(heard: Heard | undefined, place?: Place): void;
  /** From now on every message after this place is owed. Joining again changes nothing. */
  join(place: Place, room: unknown): void;
  /** Nothing more is owed of what has this name, or this id. */
  leave(name: unknown): void;
  /** All that there is up to these places has been told: what waits there has its turn. */
  settle(positions: Positions): void;
  /** Forgets what waits: it will be told again. */
  forgetHeld(): void;
  /** Forgets everything. */
  reset(): void;
};

export function createLogOrder({ deliver, missing }: Hooks): LogOrder {
  const logs = new Map<string, Log>();

  const order: LogOrder = {
    hearsAll: false,
    known: (hasJoined) => places(({ room, last }) => (room !== undefined) === hasJoined && last),
    waiting: () => Object.fromEntries(places(({ held }) => held.at(-1)?.seq ?? false)),
    take(heard, place = heard?.place) {
      if (place) hold(place, heard);
      else if (heard) deliver(heard);
    },
    join({ conversation, seq }, room) {
      const log = logOf(conversation, seq);
      if (log.room === undefined) log.last = Math.max(log.last, seq);
      log.room = room;
    },
    leave(name) {
      for (const [id, { room }] of logs) if (name === id || name === room) logs.delete(id);
    },
    settle(positions) {
      for (const [conversation, place] of Object.entries(positions)) {
        const last = Number(place) || 0;
        drain(logOf(conversation, last), last);
      }
    },
    forgetHeld() {
      for (const { held } of logs.values()) held.splice(0);
    },
    reset: () => logs.clear(),
  };
  return order;

  function places(placeOf: (log: Log) => number | false): Position[] {
    return [...logs].flatMap(([conversation, log]) => {
      const place = placeOf(log);
      return place === false ? [] : [[conversation, place]];
    });
  }

  function logOf(conversation: string, last: number): Log {
    const known = logs.get(conversation);
    if (known) return known;
    for (const [oldest, { room }] of logs)
      if (logs.size >= MOST_LOGS && room === undefined) logs.delete(oldest);
    const log = { last, room: undefined, told: new Set<string>(), held: [] };
    logs.set(conversation, log);
    return log;
  }

  function hold({ conversation, seq }: Place, heard: Heard | undefined): void {
    const log = logOf(conversation, seq - 1);
    log.held.push({ seq, heard });
    log.held.sort((a, b) => a.seq - b.seq);
    drain(log, log.room !== undefined || order.hearsAll ? 0 : seq - 1);
  }

  /** Hands on what has its turn, now that nothing up to a place is owed. */
  function drain(log: Log, settled: number): void {
    const { held } = log;
    log.last = Math.max(log.last, settled);
    for (let next = held[0]; next && next.seq <= log.last + 1; next = held[0]) {
      held.shift();
      log.last = Math.max(log.last, next.seq);
      tell(log, next);
    }
    if (held.length > 0) missing(held.length > MOST_HELD);
  }

  function tell({ last, told }: Log, { seq, heard }: Log['held'][number]): void {
    const key = `${seq} ${heard?.name}`;
    if (!heard || seq <= last - REMEMBERED || told.has(key)) return;
    told.add(key);
    if (told.size > MOST_TOLD) told.delete([...told][0] ?? key);
    deliver(heard);
  }
}
