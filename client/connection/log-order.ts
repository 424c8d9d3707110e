import type { Heard, Place } from './frame.ts';

/** A place in each of some conversations. */
export type Positions = Readonly<Record<string, number>>;

/** What is known of one conversation's log. */
type Log = {
  /** All up to here has been handed on, or is not owed. */
  last: number;
  hasJoined: boolean;
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

/** So far back a message may be told late, or twice. */
const REMEMBERED = 64;
const MOST_TOLD = 4 * REMEMBERED;
const MOST_HELD = 500;
const MOST_LOGS = 1_000;
/** As many as may be named at once when a device comes back. */
const MOST_HEARD = 100;

/** Puts the messages of each conversation into the order of its log, each once. Bounded, whatever comes. */
export class LogOrder {
  /** Whether every message is heard, joined or not, so that a gap means that one is missing. */
  hearsAll = false;
  readonly #hooks: Hooks;
  readonly #logs = new Map<string, Log>();

  constructor(hooks: Hooks) {
    this.#hooks = hooks;
  }

  /** Up to where all is known of the conversations that were joined. */
  get joined(): Positions {
    return this.#positions(({ hasJoined, last }) => hasJoined && last);
  }

  /** The same of others, the latest ones. */
  get heard(): Positions {
    const heard = this.#positions(({ hasJoined, last }) => !hasJoined && last);
    return Object.fromEntries(Object.entries(heard).slice(-MOST_HEARD));
  }

  /** The last place of each conversation at which something waits for what is missing. */
  get waiting(): Positions {
    return this.#positions(({ held }) => held.at(-1)?.seq ?? false);
  }

  /** Takes an event, or word that the message at this place makes none. */
  take(heard: Heard | undefined, place = heard?.place): void {
    if (!place) {
      if (heard) this.#hooks.deliver(heard);
      return;
    }
    const { conversation, seq } = place;
    const log = this.#logs.get(conversation) ?? this.#begin(conversation, seq - 1);
    if (!log.hasJoined && !this.hearsAll) log.last = Math.max(log.last, seq - 1);
    log.held.push({ seq, heard });
    log.held.sort((a, b) => a.seq - b.seq);
    this.#drain(log);
    if (log.held.length > 0) this.#hooks.missing(log.held.length > MOST_HELD);
  }

  /** From now on every message after this place is owed. Joining again changes nothing. */
  join({ conversation, seq }: Place): void {
    const log = this.#logs.get(conversation) ?? this.#begin(conversation, seq);
    if (!log.hasJoined) log.last = Math.max(log.last, seq);
    log.hasJoined = true;
  }

  /** Nothing more is owed. */
  leave(conversation: string): void {
    this.#logs.delete(conversation);
  }

  /** All that there is up to these places has been told: what waits there has its turn. */
  settle(positions: Positions): void {
    for (const [conversation, last] of Object.entries(positions)) {
      const log = this.#logs.get(conversation) ?? this.#begin(conversation, last);
      log.last = Math.max(log.last, Number(last) || 0);
      this.#drain(log);
    }
    if (Object.keys(this.waiting).length > 0) this.#hooks.missing(false);
  }

  /** Forgets what waits: it will be told again. */
  forgetHeld(): void {
    for (const { held } of this.#logs.values()) held.splice(0);
  }

  /** Forgets everything. */
  reset(): void {
    this.#logs.clear();
  }

  #positions(placeOf: (log: Log) => number | false): Positions {
    const places = [...this.#logs].map(([conversation, log]) => [conversation, placeOf(log)] as const);
    return Object.fromEntries(places.filter((entry): entry is [string, number] => entry[1] !== false));
  }

  #begin(conversation: string, last: number): Log {
    const log = { last, hasJoined: false, told: new Set<string>(), held: [] };
    this.#logs.set(conversation, log);
    if (this.#logs.size > MOST_LOGS) {
      const [oldest] = [...this.#logs].find(([, { hasJoined }]) => !hasJoined) ?? [];
      if (oldest !== undefined) this.leave(oldest);
    }
    return log;
  }

  #drain(log: Log): void {
    const { held } = log;
    for (let next = held[0]; next && next.seq <= log.last + 1; next = held[0]) {
      held.shift();
      log.last = Math.max(log.last, next.seq);
      this.#tell(log, next.seq, next.heard);
    }
  }

  #tell({ last, told }: Log, seq: number, heard: Heard | undefined): void {
    const key = `${seq} ${heard?.name}`;
    if (!heard || seq <= last - REMEMBERED || told.has(key)) return;
    told.add(key);
    if (told.size > MOST_TOLD) told.delete([...told][0] ?? key);
    this.#hooks.deliver(heard);
  }
}
