import { randomUUID } from 'node:crypto';
import { createTable } from '../local/create-table.ts';
import { startEngine } from '../local/engine.ts';
import { measureBundles } from './bundling/measure-bundles.ts';
import { measureClients } from './bundling/measure-clients.ts';
import { countOperations } from './counting/count-operations.ts';
import type { Options } from './options.ts';
import { type Effort, FULL, QUICK } from './plans.ts';
import { describeMachine } from './report/machine.ts';
import type { Report, Section } from './report/report.ts';
import { bundlesText, clientsText, countsText, speedText, startText } from './report/sections.ts';
import { measureSocketIo } from './socket-io/measure-socket-io.ts';
import { socketIoText } from './socket-io/socket-io-text.ts';
import type { ChatSystem } from './speed/chat-system.ts';
import { compare } from './speed/compare.ts';
import { startParley } from './speed/parley.ts';
import { startPeer } from './speed/peer.ts';
import { timeToReady } from './starting/time-to-ready.ts';

type Run = { readonly endpoint: string; readonly effort: Effort; readonly profile: string | undefined };

/** What fills a section of the report, and how the section reads. */
type Measure = (report: Report, run: Run) => Promise<string>;

const MEASURES: Readonly<Record<Section, Measure>> = {
  counts: async (report, { endpoint }) => {
    const place = { endpoint, tableName: `bench-${randomUUID()}` };
    await createTable(place);
    report.counts = await countOperations(place);
    return countsText(report.counts.operations, report.counts.head);
  },
  bundles: async (report) => {
    report.bundles = await measureBundles();
    report.clients = await measureClients();
    return `${bundlesText(report.bundles)}\n\n${clientsText(report.clients)}`;
  },
  start: async (report, { effort }) => {
    report.start = await timeToReady(effort.starts);
    return startText(report.start);
  },
  speed: async (report, run) => {
    report.speed = await besidePeer(run, (ours, theirs) => compare(ours, theirs, run.effort.speed));
    return speedText(report.speed);
  },
  'socket.io': async (report, run) => {
    const place = { endpoint: run.endpoint, tableName: `bench-${randomUUID()}` };
    await createTable(place);
    report.socketIo = await besidePeer(run, (...systems) =>
      measureSocketIo(place, systems, run.effort.connects),
    );
    return socketIoText(report.socketIo);
  },
};

/** Runs the sections asked for, one after the other, with an engine of their own; each is shown when it is done. */
export async function runBench(options: Options, show: (text: string) => void): Promise<Report> {
  const report: Report = { at: new Date().toISOString(), machine: describeMachine() };
  const engine = await startEngine();
  try {
    const effort = options.quick ? QUICK : FULL;
    const run = { endpoint: engine.endpoint, effort, profile: options.profile };
    for (const section of options.sections) show(await MEASURES[section](report, run));
    return report;
  } finally {
    await engine.stop();
  }
}

/** Has the local stack and a Socket.IO server measured, each in a process of its own. */
async function besidePeer<Result>(
  { endpoint, profile }: Run,
  measure: (ours: ChatSystem, theirs: ChatSystem) => Promise<Result>,
): Promise<Result> {
  const nodeArgs = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const ours = await startParley(endpoint, nodeArgs);
  try {
    const theirs = await startPeer({ endpoint, tableName: `peer-${randomUUID()}` });
    try {
      return await measure(ours, theirs);
    } finally {
      await theirs.stop();
    }
  } finally {
    await ours.stop();
  }
}
