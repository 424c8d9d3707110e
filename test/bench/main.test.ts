import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../bench/report/report.ts';
import type { Comparison, Speed } from '../../bench/speed/compare.ts';

/* A quick run from the command line: that all of it works. What it measured on the way says nothing. */

let directory: string;
let printed: string;
let report: Report;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  const json = join(directory, 'report.json');
  const sections = ['start', 'speed', 'socket.io'].flatMap((section) => ['--only', section]);
  const args = ['bench/main.ts', '--quick', ...sections, '--json', json];
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', ...args]);
  printed = stdout;
  report = JSON.parse(await readFile(json, 'utf8')) as Report;
}, 180_000);

afterAll(() => rm(directory, { recursive: true }));

it('only the sections asked for are in the report', () => {
  expect(Object.keys(report)).toEqual(['at', 'machine', 'start', 'speed', 'socketIo']);
});

it('the report names the machine', () => {
  expect(report.machine).toMatchObject({ node: process.version, cores: expect.any(Number) });
  expect(printed).toContain(report.machine.processor);
});

it('npm start got ready, and was timed', () => {
  expect(report.start?.times).toHaveLength(1);
  expect(report.start?.median).toBeGreaterThan(0);
});

it('both systems were measured under each load', () => {
  const comparisons = report.speed ?? [];
  expect(comparisons.map(({ concurrency, messages }) => [concurrency, messages])).toEqual([
    [1, 12],
    [4, 24],
  ]);
  for (const { ours, theirs, ratios } of comparisons) {
    expect([...Object.values(ratios), ...numbersIn(ours), ...numbersIn(theirs)]).toSatisfy(allPositive);
  }
});

it('percentiles rise', () => {
  const all = (report.speed ?? []).flatMap(({ ours, theirs }: Comparison) => [ours, theirs]);
  for (const { p50, p90, p99 } of all.flatMap(({ own, other }) => [own, other])) {
    expect([p50, p90, p99]).toEqual([p50, p90, p99].toSorted((a, b) => a - b));
  }
});

it('the table shows both, and their ratio', () => {
  expect(printed).toMatch(/Parley +\d/);
  expect(printed).toMatch(/Socket\.IO +\d/);
  expect(printed).toMatch(/ratio +\d/);
});

it('the unmodified client connected to both systems, in both ways, and upgraded', () => {
  const connects = report.socketIo?.connects ?? [];
  expect(connects).toHaveLength(3);
  expect(connects.flatMap(({ ours, theirs, ratio }) => [ours, theirs, ratio])).toSatisfy(allPositive);
  expect(printed).toMatch(/until upgrade +\d/);
});

it('the stock server said how often it pings', () => {
  expect(report.socketIo?.stockHeartbeat).toEqual({ pingIntervalMs: 25_000, frames: { down: 144, up: 144 } });
  expect(printed).toMatch(/An idle hour: \d/);
});

function numbersIn({ throughput, own, other }: Speed): readonly number[] {
  return [throughput, ...Object.values(own), ...Object.values(other)];
}

function allPositive(numbers: readonly number[]): boolean {
  return numbers.every((number) => number > 0);
}
