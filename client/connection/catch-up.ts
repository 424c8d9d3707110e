import { type Heard, readEvent } from './frame.ts';
import type { Link } from './link.ts';
import type { LogOrder, Positions } from './log-order.ts';

/** What is asked for: the places up to which all is known. */
type Behind = {
  readonly joined: Positions;
  readonly heard: Positions;
  readonly since?: number | undefined;
};

type Missed = {
  readonly ok: boolean;
  readonly events?: readonly unknown[];
  /** Up to where all is known by these, in each conversation that was asked for and is the caller's still. */
  readonly positions?: Positions;
  /** Whether these events, and those of the answers that follow, are all that was missed. */
  readonly complete?: boolean;
  /** Whether there is more: ask again from these positions. */
  readonly more?: boolean;
};

type CatchUp = {
  readonly order: LogOrder;
  /** Whether the device comes back, or only misses something of which it has heard the rest. */
  readonly scope: 'all' | 'holes';
  /** Until when all was heard of conversations that were not joined, in ms of the server's time. */
  readonly since: number | undefined;
  readonly hear: (heard: Heard) => void;
};

const RESUME = 'parley:resume';
const TIMEOUT_MS = 20_000;
/** As many as may be named at once. */
const MOST_ROOMS = 100;

/**
 * Puts the device back into its rooms, and tells what it has missed there and elsewhere.
 *
 * @param done told whether that was all of it: what cannot be told stands in the history. Not told where the link ends.
 */
export function catchUp(link: Link, task: CatchUp, done: (isComplete: boolean) => void): void {
  const { joined, heard, waiting } = task.order;
  const rooms = Object.entries(joined).filter(([id]) => task.scope === 'all' || waiting[id] !== undefined);
  const parts: Behind[] = [{ joined: part(rooms, 0), heard, since: task.since }];
  for (let from = MOST_ROOMS; from < rooms.length; from += MOST_ROOMS)
    parts.push({ joined: part(rooms, from), heard: {} });
  askAll(link, task, parts, done);
}

function part(rooms: readonly (readonly [string, number])[], from: number): Positions {
  return Object.fromEntries(rooms.slice(from, from + MOST_ROOMS));
}

function askAll(
  link: Link,
  task: CatchUp,
  parts: readonly Behind[],
  done: (isComplete: boolean) => void,
): void {
  const [behind, ...rest] = parts;
  if (!behind) {
    done(true);
    return;
  }
  const { waiting } = task.order;
  link.ask({ action: RESUME, args: [behind], timeoutMs: TIMEOUT_MS }, (outcome) => {
    if (outcome === 'lost') return;
    const missed: Missed = outcome === 'timeout' ? { ok: false } : (outcome.data as Missed);
    const next = missed.ok ? take(task, behind, missed) : undefined;
    // Whatever waited then is older than the answer.
    if (!next) task.order.settle(waiting);
    const isComplete = missed.ok && missed.complete === true;
    askAll(link, task, next ? [next, ...rest] : rest, (isRestComplete) => done(isComplete && isRestComplete));
  });
}

/** @returns from where to ask again, if there is more. */
function take({ order, hear }: CatchUp, behind: Behind, missed: Missed): Behind | undefined {
  const { events = [], positions = {}, more } = missed;
  for (const event of events) {
    const heard = readEvent(event);
    if (heard) hear(heard);
  }
  order.settle(positions);
  const joined = Object.keys(behind.joined);
  for (const id of joined) if (positions[id] === undefined) order.leave(id);
  const isNearer = Object.entries(positions).some(
    ([id, seq]) => seq > (behind.joined[id] ?? behind.heard[id] ?? -1),
  );
  return more && isNearer ? nearer(behind, positions) : undefined;
}

function nearer({ joined, heard, since }: Behind, positions: Positions): Behind {
  const places = Object.entries(positions);
  const others = places.filter(([id]) => joined[id] === undefined);
  return {
    joined: Object.fromEntries(places.filter(([id]) => joined[id] !== undefined)),
    heard: Object.fromEntries([...Object.entries(heard), ...others].slice(-MOST_ROOMS)),
    since,
  };
}
