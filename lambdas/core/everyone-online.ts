import type { Caller } from './connection.ts';
import type { UserId } from './ids.ts';
import type { Ports } from './ports.ts';
import { isPresent } from './presence.ts';
import { LOST, type Run, type Slice, shardsOf } from './rooms.ts';

/** A device by which somebody is online, since when (ms), and what is known of whom it speaks for. */
export type Here = { readonly userId: UserId; readonly since: number; readonly caller?: Caller };

type Part = (slice: Slice) => Promise<Run<Here>>;
type Visit = {
  readonly meet: (here: Here) => void;
  /** @default never, so that everybody is met */
  readonly isEnough?: () => boolean;
};

const RUN = 500;
const PARTS_AT_ONCE = 9;

/** How many users are online, however many devices each of them has. It reads a row for each device. */
export async function countOnline(ports: Ports): Promise<number> {
  const users = new Set<UserId>();
  await meetEveryone(ports, { meet: ({ userId }) => users.add(userId) });
  return users.size;
}

/** Meets all devices by which somebody is online, in no particular order, until it is enough. */
export async function meetEveryone(ports: Ports, visit: Visit): Promise<void> {
  const { isEnough = () => false } = visit;
  const parts = partsOf(ports);
  for (let from = 0; from < parts.length && !isEnough(); from += PARTS_AT_ONCE) {
    await Promise.all(parts.slice(from, from + PARTS_AT_ONCE).map((part) => meetPart(part, visit)));
  }
}

async function meetPart(part: Part, { meet, isEnough = () => false }: Visit): Promise<void> {
  for (let after: string | undefined; !isEnough(); ) {
    const { items, next } = await part({ most: RUN, ...(after !== undefined && { after }) });
    for (const here of items) meet(here);
    if (next === undefined) return;
    after = next;
  }
}

/** Those who are connected, and those whose connection is lost, for as long as their grace lasts. */
function partsOf(ports: Ports): readonly Part[] {
  const shards = (count: number) => Array.from({ length: count }, (_, shard) => shard);
  return [
    ...shards(ports.everyone.shards).map((shard) => (slice: Slice) => connectedIn(ports, shard, slice)),
    ...shards(shardsOf(LOST)).map((shard) => (slice: Slice) => lostIn(ports, shard, slice)),
  ];
}

async function connectedIn(ports: Ports, shard: number, slice: Slice): Promise<Run<Here>> {
  const { items, ...rest } = await ports.everyone.connectedIn(shard, slice);
  const there = items.filter(({ since }) => isPresent(ports, { connectedAt: since }));
  return {
    ...rest,
    items: there.map(({ caller, since }) => ({ userId: caller.userId, since, caller })),
  };
}

async function lostIn(ports: Ports, shard: number, slice: Slice): Promise<Run<Here>> {
  const { items, ...rest } = await ports.rooms.devicesIn(LOST, shard, slice);
  const devices = (await ports.connections.devicesAt(items)).filter((device) => isPresent(ports, device));
  return { ...rest, items: devices.map(({ userId, connectedAt }) => ({ userId, since: connectedAt })) };
}
