import { eventIn, type Frame } from './frame.ts';
import type { Link } from './link.ts';
import type { LogOrder, Positions } from './log-order.ts';

type Missed = {
  readonly ok?: boolean;
  readonly events?: readonly Frame[];
  /** Up to where all is known by these, in each conversation that was asked for and is the caller's still. */
  readonly positions?: Positions;
  /** Whether these events, and those of the answers that follow, are all that was missed. */
  readonly complete?: boolean;
  /** Whether there is more: ask again from these positions. */
  readonly more?: boolean;
};

type CatchUp = {
  readonly order: LogOrder;
  /** The conversations whose room the device is to be in. */
  readonly rooms: readonly string[];
  /** Until when all was heard of others, in ms of the server's time. */
  readonly since: number;
};

/** As many as may be named at once. */
const MOST_ROOMS = 100;
/** Far more than it takes to tell all that is told of all the rooms that a device may be in. */
const MOST_ANSWERS = 50;

/**
 * Puts the device back into its rooms, and tells what it has missed there and elsewhere.
 *
 * @returns whether that was all of it: what is not told stands in the history.
 */
export async function catchUp(link: Link, { order, rooms, since }: CatchUp, answers = 1): Promise<boolean> {
  const asked = rooms.slice(0, MOST_ROOMS);
  const isLast = asked.length === rooms.length;
  const { joined, waiting } = order;
  const places = Object.fromEntries(asked.map((id) => [id, joined[id]]));
  const behind = { joined: places, ...(isLast && { heard: order.heard, since }) };
  const outcome = await link.request('parley:resume', behind);
  const missed = Object(typeof outcome === 'string' ? {} : outcome.data) as Missed;
  take(order, missed);
  // Whatever waited when it was asked is older than the answer.
  if (!missed.more) order.settle(waiting);
  for (const id of asked) if (missed.ok && missed.positions?.[id] === undefined) order.leave(id);
  const isComplete = missed.ok === true && missed.complete === true;
  const left = missed.more ? rooms : rooms.slice(MOST_ROOMS);
  if ((isLast && !missed.more) || answers >= MOST_ANSWERS) return isComplete && !missed.more;
  return (await catchUp(link, { order, rooms: left, since }, answers + 1)) && isComplete;
}

function take(order: LogOrder, { events = [], positions = {} }: Missed): void {
  for (const frame of Array.isArray(events) ? events : []) {
    const heard = eventIn(Object(frame));
    if (heard) order.take(heard);
  }
  order.settle(positions);
}
