import { median, percentile } from '../statistics.ts';
import type { ChatSystem, Pair } from './chat-system.ts';
import { exchange, type Load } from './exchange.ts';
import { Turns } from './turns.ts';

export type Plan = {
  readonly rounds: number;
  /** Conversations kept open with each system. */
  readonly conversations: number;
  /** Done once with each system, and forgotten. */
  readonly warmUp: Load;
  readonly loads: readonly Load[];
};

/** Of one system under one load: medians over the rounds. */
export type Speed = {
  /** Messages a second, each stored and heard by both sides. */
  readonly throughput: number;
  readonly own: Percentiles;
  readonly other: Percentiles;
};

/** In ms. */
export type Percentiles = { readonly p50: number; readonly p90: number; readonly p99: number };

/** Two systems under one load. */
export type Comparison = Load & {
  readonly ours: Speed;
  readonly theirs: Speed;
  /** Ours to theirs: medians of each round's own ratio. */
  readonly ratios: { readonly throughput: number; readonly p50: number; readonly p99: number };
};

type Contender = { readonly pairs: readonly Pair[]; readonly turns: Turns };

/** Measures two systems by turns, in alternating order, so that whatever else the machine does meets both. */
export async function compare(
  ours: ChatSystem,
  theirs: ChatSystem,
  plan: Plan,
): Promise<readonly Comparison[]> {
  const contenders = [await prepare(ours, plan), await prepare(theirs, plan)] as const;
  const results = plan.loads.map((load) => ({ load, rounds: [] as Round[] }));
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const { load, rounds } of results) rounds.push(await playRound(contenders, load, round % 2 === 1));
  }
  const sides = contenders.flatMap(({ pairs }) => pairs.flat());
  await Promise.all(sides.map((side) => side.close()));
  return results.map(({ load, rounds }) => summarise(load, rounds));
}

async function prepare(system: ChatSystem, { conversations, warmUp }: Plan): Promise<Contender> {
  const pairs = await system.open(conversations);
  const turns = new Turns(pairs);
  await exchange(turns, warmUp);
  return { pairs, turns };
}

type Round = { readonly ours: Speed; readonly theirs: Speed };

async function playRound(
  [ours, theirs]: readonly [Contender, Contender],
  load: Load,
  isReversed: boolean,
): Promise<Round> {
  if (!isReversed) return { ours: await play(ours, load), theirs: await play(theirs, load) };
  const second = await play(theirs, load);
  return { ours: await play(ours, load), theirs: second };
}

async function play({ turns }: Contender, load: Load): Promise<Speed> {
  const { elapsedMs, own, other } = await exchange(turns, load);
  return {
    throughput: own.length / (elapsedMs / 1000),
    own: percentilesOf(own),
    other: percentilesOf(other),
  };
}

function percentilesOf(times: readonly number[]): Percentiles {
  return { p50: percentile(times, 0.5), p90: percentile(times, 0.9), p99: percentile(times, 0.99) };
}

function summarise(load: Load, rounds: readonly Round[]): Comparison {
  const ratio = (read: (speed: Speed) => number) =>
    median(rounds.map(({ ours, theirs }) => read(ours) / read(theirs)));
  return {
    ...load,
    ours: medianSpeed(rounds.map(({ ours }) => ours)),
    theirs: medianSpeed(rounds.map(({ theirs }) => theirs)),
    ratios: {
      throughput: ratio(({ throughput }) => throughput),
      p50: ratio(({ own }) => own.p50),
      p99: ratio(({ own }) => own.p99),
    },
  };
}

function medianSpeed(speeds: readonly Speed[]): Speed {
  const middle = (read: (speed: Speed) => number) => median(speeds.map(read));
  const percentiles = (read: (speed: Speed) => Percentiles): Percentiles => ({
    p50: middle((speed) => read(speed).p50),
    p90: middle((speed) => read(speed).p90),
    p99: middle((speed) => read(speed).p99),
  });
  return {
    throughput: middle(({ throughput }) => throughput),
    own: percentiles(({ own }) => own),
    other: percentiles(({ other }) => other),
  };
}
