import type { Heard, Place } from './frame.ts';

/** What is known of one conversation's log. */
type Log = {
  /** All up to here has been handed on, or is not owed. */
  last: number;
  /** What lies here or below was told before anyone listened, or too long ago to be told twice. */
  floor: number;
  /** Whether every message is heard: then a gap means that one is missing. */
  isWhole: boolean;
  hasJoined: boolean;
  /** The events handed on, by place: one message may make several. */
  readonly told: Map<number, Set<string>>;
  /** What waits for a message before it, by place. */
  readonly held: Map<number, Heard[]>;
};

/** A place in each of some conversations. */
export type Positions = Readonly<Record<string, number>>;

type Hooks = {
  /** Hands on an event in its turn. */
  readonly deliver: (heard: Heard) => void;
  /** Told when something begins to wait for a message that is missing. */
  readonly missing: () => void;
};

/** Far more than may be on their way at once. */
const REMEMBERED = 64;
const MOST_HELD = 500;
const MOST_LOGS = 1_000;
/** As many as may be named at once when a device comes back. */
const MOST_HEARD = 100;

/** Puts the messages of each conversation into the order of its log, each once. Bounded, whatever comes. */
export class LogOrder {
  readonly hooks: Hooks;
  readonly #logs = new Map<string, Log>();
  #heldCount = 0;

  constructor(hooks: Hooks) {
    this.hooks = hooks;
  }

  /** Up to where all is known of the conversations that were joined. */
  get joined(): Positions {
    return this.#positions(({ hasJoined, last }) => (hasJoined ? last : undefined));
  }

  /** The same of others, the latest ones. */
  get heard(): Positions {
    const heard = this.#positions(({ hasJoined, last }) => (hasJoined ? undefined : last));
    return Object.fromEntries(Object.entries(heard).slice(-MOST_HEARD));
  }

  /** The last place of each conversation at which something waits for what is missing. */
  get waiting(): Positions {
    return this.#positions(({ held }) => (held.size > 0 ? Math.max(...held.keys()) : undefined));
  }

  /** Whether more waits than a well-behaved server makes wait. */
  get isOverfull(): boolean {
    return this.#heldCount > MOST_HELD;
  }

  /** Takes an event at its place, or word that the message there needs none. */
  take({ conversation, seq }: Place, heard?: Heard, isWhole = false): void {
    const log = this.#logs.get(conversation) ?? this.#begin(conversation, seq - 1, isWhole);
    if (seq > log.last + 1 && log.isWhole) {
      this.#hold(log, seq, heard);
      return;
    }
    log.last = Math.max(log.last, seq);
    if (heard) this.#tell(log, seq, heard);
    this.#drain(log);
  }

  /** From now on every message after this place is owed. Joining again changes nothing. */
  join({ conversation, seq }: Place): void {
    let log = this.#logs.get(conversation);
    if (!log) {
      log = this.#begin(conversation, seq, true);
      log.floor = seq;
    } else if (!log.hasJoined) log.last = Math.max(log.last, seq);
    log.hasJoined = true;
    log.isWhole = true;
  }

  /** Nothing more is owed. */
  leave(conversation: string): void {
    const log = this.#logs.get(conversation);
    this.#heldCount -= log?.held.size ?? 0;
    this.#logs.delete(conversation);
  }

  /** All that there is up to these places has been told: what waits there has its turn. */
  settle(positions: Positions): void {
    for (const [conversation, until] of Object.entries(positions)) {
      const log = this.#logs.get(conversation);
      if (log) this.#settle(log, until);
    }
    if (this.#heldCount > 0) this.hooks.missing();
  }

  /** Forgets everything. */
  reset(): void {
    this.#logs.clear();
    this.#heldCount = 0;
  }

  /** Forgets what waits: it will be told again. */
  forgetHeld(): void {
    for (const { held } of this.#logs.values()) held.clear();
    this.#heldCount = 0;
  }

  #positions(placeOf: (log: Log) => number | undefined): Positions {
    const places = [...this.#logs].map(([conversation, log]) => [conversation, placeOf(log)] as const);
    return Object.fromEntries(places.filter((entry): entry is [string, number] => entry[1] !== undefined));
  }

  #begin(conversation: string, last: number, isWhole: boolean): Log {
    const log = { last, floor: 0, isWhole, hasJoined: false, told: new Map(), held: new Map() };
    this.#logs.set(conversation, log);
    if (this.#logs.size > MOST_LOGS) this.#forgetOldest();
    return log;
  }

  #forgetOldest(): void {
    const [oldest] = [...this.#logs].find(([, { hasJoined }]) => !hasJoined) ?? [];
    if (oldest !== undefined) this.leave(oldest);
  }

  #hold(log: Log, seq: number, heard: Heard | undefined): void {
    const events = log.held.get(seq) ?? [];
    if (!log.held.has(seq)) this.#heldCount += 1;
    log.held.set(seq, heard ? [...events, heard] : events);
    this.hooks.missing();
  }

  #settle(log: Log, until: number): void {
    const due = [...log.held.keys()].filter((seq) => seq <= until).sort((a, b) => a - b);
    for (const seq of due) this.#release(log, seq);
    log.last = Math.max(log.last, until);
    this.#drain(log);
  }

  #drain(log: Log): void {
    while (log.held.has(log.last + 1)) {
      log.last += 1;
      this.#release(log, log.last);
    }
  }

  #release(log: Log, seq: number): void {
    const events = log.held.get(seq) ?? [];
    if (log.held.delete(seq)) this.#heldCount -= 1;
    for (const heard of events) this.#tell(log, seq, heard);
  }

  #tell(log: Log, seq: number, heard: Heard): void {
    const names = log.told.get(seq) ?? new Set();
    if (seq <= log.floor || names.has(heard.name)) return;
    log.told.set(seq, names.add(heard.name));
    if (log.told.size > REMEMBERED) forgetLowest(log);
    this.hooks.deliver(heard);
  }
}

function forgetLowest(log: Log): void {
  log.floor = Math.min(...log.told.keys());
  log.told.delete(log.floor);
}
