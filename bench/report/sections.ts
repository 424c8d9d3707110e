import { SHIM_BUDGET } from '../../package/build-shim.ts';
import { BUNDLE_BUDGET, type Bundle } from '../bundling/measure-bundles.ts';
import type { ClientSize } from '../bundling/measure-clients.ts';
import type { HeadSize } from '../counting/head-size.ts';
import { type Budget, type Counted, isWithinBudget } from '../counting/tally.ts';
import type { Comparison, Speed } from '../speed/compare.ts';
import { STARTING_BUDGET_MS, type Starting } from '../starting/time-to-ready.ts';
import { table } from './table.ts';

/** The sections of the report as text. */

const KIB = 1024;
/** A send's round trip at leisure, in ms (DESIGN §4). */
const ROUND_TRIP_BUDGET_MS = 25;

export function countsText(operations: readonly Counted[], head: HeadSize): string {
  const size = `A send’s head: ${head.rows} rows, ${head.bytes} of 4096 bytes.`;
  return `${operationsText(operations)}\n${size}`;
}

/** What operations cost, beside their budgets. */
export function operationsText(operations: readonly Counted[]): string {
  const columns = [
    'operation',
    'requests',
    'sequential',
    'before push',
    'WRU',
    'RRU',
    'pushes',
    'budget',
    '',
  ];
  const rows = operations.map((one) => [
    one.operation,
    String(one.requests),
    String(one.roundTrips),
    String(one.roundTripsBeforePush ?? ''),
    String(one.writeUnits),
    String(one.readUnits),
    String(one.pushes),
    budgetText(one.budget),
    verdict(isWithinBudget(one)),
  ]);
  return table(columns, rows);
}

function budgetText({ roundTripsBeforePush, writeUnits, readUnits }: Budget = {}): string {
  const limits = [
    roundTripsBeforePush === undefined ? [] : [`${roundTripsBeforePush} sequential`],
    writeUnits === undefined ? [] : [`${writeUnits} WRU`],
    readUnits === undefined ? [] : [`${readUnits} RRU`],
  ].flat();
  return limits.length === 0 ? '' : `≤ ${limits.join(', ')}`;
}

export function bundlesText(bundles: readonly Bundle[]): string {
  const rows = bundles.map(({ entry, bytes, shares, foreign }) => [
    entry,
    kib(bytes),
    verdict(bytes <= BUNDLE_BUDGET),
    foreign.join(' ') || 'none',
    ...[0, 1, 2, 3].map((place) => shareText(shares[place])),
  ]);
  const columns = ['function', 'KiB', `≤ ${kib(BUNDLE_BUDGET)}`, 'without use', 'most of it', '', '', ''];
  return table(columns, rows);
}

function shareText(share: Bundle['shares'][number] | undefined): string {
  return share ? `${share.name} ${kib(share.bytes)}` : '';
}

/** What a browser loads for `io()`, ours beside the stock client's. */
export function clientsText(clients: readonly ClientSize[]): string {
  const rows = clients.map(({ name, bytes }, index) => [
    name,
    fixed(1)(bytes / 1000),
    verdict(index === 0 ? bytes <= SHIM_BUDGET : undefined),
  ]);
  return table(['io() of', 'kB, min+gzip', `≤ ${fixed(1)(SHIM_BUDGET / 1000)}`], rows);
}

export function startText({ times, median }: Starting): string {
  const all = times.map((ms) => Math.round(ms)).join(', ');
  const limit = `≤ ${STARTING_BUDGET_MS} ms`;
  return `npm start is ready after ${Math.round(median)} ms (median of ${all}; ${limit}: ${verdict(median <= STARTING_BUDGET_MS)})`;
}

export function speedText(comparisons: readonly Comparison[]): string {
  const columns = ['under way', 'system', 'messages/s', 'own p50', 'p90', 'p99', 'other p50', 'p90', 'p99'];
  const rows = comparisons.flatMap(({ concurrency, ours, theirs, ratios }) => [
    [String(concurrency), 'Parley', ...speedCells(ours)],
    ['', 'Socket.IO', ...speedCells(theirs)],
    ['', 'ratio', ...[ratios.throughput, ratios.p50].map(fixed(2)), '', fixed(2)(ratios.p99)],
  ]);
  const leisure = comparisons.find(({ concurrency }) => concurrency === 1)?.ours.own.p50;
  const limit = `p50 of a round trip, one at a time: ≤ ${ROUND_TRIP_BUDGET_MS} ms`;
  const note = leisure === undefined ? '' : `\n${limit}: ${verdict(leisure <= ROUND_TRIP_BUDGET_MS)}`;
  return `${table(columns, rows)}${note}`;
}

function speedCells({ throughput, own, other }: Speed): readonly string[] {
  const times = [own.p50, own.p90, own.p99, other.p50, other.p90, other.p99];
  return [fixed(0)(throughput), ...times.map(fixed(1))];
}

/** With this many digits. */
export function fixed(digits: number): (value: number) => string {
  return (value) => value.toFixed(digits);
}

function kib(bytes: number): string {
  return String(Math.round(bytes / KIB));
}

/** What is said of a budget. */
export function verdict(isWithin: boolean | undefined): string {
  if (isWithin === undefined) return '';
  return isWithin ? 'ok' : 'OVER';
}
