import { eventIn, type Frame } from './frame.ts';
import { MOST_ANSWERS, MOST_NAMED } from './limits.ts';
import type { Link } from './link.ts';
import type { LogOrder, Positions } from './log-order.ts';
import { granted } from './session.ts';

type Missed = {
  readonly events?: readonly Frame[];
  /** Up to where all is known by these, in each conversation that was asked for and is the caller's still. */
  readonly positions?: Positions;
  /** Whether these events, and those of the answers that follow, are all that was missed. */
  readonly complete?: boolean;
  /** Whether there is more: ask again from these positions. */
  readonly more?: boolean;
};

/**
 * Puts the device back into its rooms, and tells what it has missed there and elsewhere.
 *
 * @param since until when all was heard of others, in ms of the server's time.
 * @returns whether that was all of it: what is not told stands in the history. Rejects where that is refused, or not
 *   answered: then the device may be in no room, and what is missing is missing still.
 */
export async function catchUp(link: Link, order: LogOrder, since: unknown): Promise<boolean> {
  const rooms = order.known(true).map(([id]) => id);
  let isComplete = true;
  for (let answers = 0; answers < MOST_ANSWERS; answers += 1) {
    const asked = rooms.slice(0, MOST_NAMED);
    const isLast = asked.length === rooms.length;
    const waiting = order.waiting();
    const joined = Object.fromEntries(order.known(true).filter(([id]) => asked.includes(id)));
    const heard = Object.fromEntries(order.known(false).slice(-MOST_NAMED));
    const behind = { joined, ...(isLast && { heard, since }) };
    const missed = granted(await link.request('parley:resume', behind)) as Missed;
    const { positions, complete, more } = missed;
    take(order, missed);
    isComplete &&= complete === true;
    for (const id of asked) if (positions && positions[id] === undefined) order.leave(id);
    if (more) continue;
    // Whatever waited when it was asked is older than the answer.
    order.settle(waiting);
    if (isLast) return isComplete;
    rooms.splice(0, MOST_NAMED);
  }
  return false;
}

function take(order: LogOrder, { events, positions = {} }: Missed): void {
  for (const frame of Array.isArray(events) ? events : []) {
    const heard = eventIn(Object(frame));
    if (heard) order.take(heard);
  }
  order.settle(positions);
}
