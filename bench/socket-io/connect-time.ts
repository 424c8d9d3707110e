import { setTimeout as sleep } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import type { ChatSystem, Door } from '../speed/chat-system.ts';
import { median } from '../statistics.ts';
import { connected } from './stock-client.ts';

export type ConnectPlan = {
  /** In each, either system is connected to; which goes first alternates. */
  readonly rounds: number;
  /** Connections before the first round. */
  readonly warmUp: number;
  /** Connections of each kind in a round, one after the other. */
  readonly each: number;
};

const KINDS = [
  'default options: until connect',
  'default options: until upgrade',
  'WebSocket alone: until connect',
] as const;

const QUIET_MS = 500;

/** How long the unmodified client takes, from `io()`, in ms. */
type Times = Readonly<Record<(typeof KINDS)[number], number>>;

/** Medians over the rounds; of the ratios, too. */
export type ConnectComparison = {
  readonly kind: (typeof KINDS)[number];
  readonly ours: number;
  readonly theirs: number;
  readonly ratio: number;
};

/** Connects the unmodified client to two systems in turns, so that whatever else the machine does meets both. */
export async function compareConnects(
  [ours, theirs]: readonly [ChatSystem, ChatSystem],
  { rounds, warmUp, each }: ConnectPlan,
): Promise<readonly ConnectComparison[]> {
  const doors = [await ours.door(), await theirs.door()] as const;
  for (const door of doors) await medianTimes(door, warmUp);
  const played: { readonly ours: Times; readonly theirs: Times }[] = [];
  for (let round = 0; round < rounds; round += 1) played.push(await playRound(doors, each, round % 2 === 1));
  return KINDS.map((kind) => ({
    kind,
    ours: median(played.map((round) => round.ours[kind])),
    theirs: median(played.map((round) => round.theirs[kind])),
    ratio: median(played.map((round) => round.ours[kind] / round.theirs[kind])),
  }));
}

async function playRound([ours, theirs]: readonly [Door, Door], each: number, isReversed: boolean) {
  if (!isReversed) return { ours: await medianTimes(ours, each), theirs: await medianTimes(theirs, each) };
  const second = await medianTimes(theirs, each);
  return { ours: await medianTimes(ours, each), theirs: second };
}

async function medianTimes(door: Door, count: number): Promise<Times> {
  const opened: Socket[] = [];
  const samples: Times[] = [];
  for (let n = 0; n < count; n += 1) samples.push(await timeConnects(door, opened));
  await closeAll(opened);
  const middle = (kind: keyof Times) => median(samples.map((sample) => sample[kind]));
  return {
    'default options: until connect': middle('default options: until connect'),
    'default options: until upgrade': middle('default options: until upgrade'),
    'WebSocket alone: until connect': middle('WebSocket alone: until connect'),
  };
}

/** What a goodbye sets going must not be under way while something else is timed, and no client hears of its end. */
async function closeAll(opened: readonly Socket[]): Promise<void> {
  for (const socket of opened) socket.disconnect();
  await sleep(QUIET_MS);
}

/** What it opens goes into `opened`. */
async function timeConnects(door: Door, opened: Socket[]): Promise<Times> {
  const { connect, upgrade } = await timeUpgrade(door, opened);
  return {
    'default options: until connect': connect,
    'default options: until upgrade': upgrade,
    'WebSocket alone: until connect': await timeWebSocket(door, opened),
  };
}

/** With the client's default options: HTTP long-polling, then a WebSocket. @throws Error when either fails. */
async function timeUpgrade({ url, auth }: Door, opened: Socket[]) {
  const begin = performance.now();
  const elapsed = () => performance.now() - begin;
  const socket = io(url, { auth, forceNew: true });
  opened.push(socket);
  const upgraded = new Promise<number>((resolve, reject) => {
    socket.io.engine.once('upgrade', () => resolve(elapsed())).once('upgradeError', reject);
  });
  const [connect, upgrade] = await Promise.all([connected(socket).then(elapsed), upgraded]);
  return { connect, upgrade };
}

async function timeWebSocket({ url, auth }: Door, opened: Socket[]): Promise<number> {
  const begin = performance.now();
  const socket = io(url, { auth, forceNew: true, transports: ['websocket'] });
  opened.push(socket);
  await connected(socket);
  return performance.now() - begin;
}
