import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runs } from '../promises/runs.ts';
import { echoApplication } from '../socket-io/echo-application.ts';
import { DIFFERENCES } from './differences.ts';
import { type MemoryServer, memoryServer } from './memory-server.ts';
import * as memory from './memory-talk.ts';
import * as network from './network-talk.ts';
import { CLASS_NAMES, CLASSES, type PacketClass } from './packets.ts';
import { type Reference, startReference } from './reference.ts';
import { STATES, type State, type Verdict, verdictsOn } from './verdict.ts';

/** Whatever a client says, Parley makes of it what a real `socket.io` server does, but for what is documented. */

let reference: Reference;
let server: MemoryServer;
beforeAll(async () => {
  reference = await startReference();
  server = memoryServer(() => echoApplication({ emit: async () => undefined }));
});
afterAll(() => reference.stop());

const state = fc.constantFrom(...STATES);

type Both = { readonly ours: readonly Verdict[]; readonly theirs: readonly Verdict[] };

async function overWebSocket(from: State, packets: readonly string[]): Promise<Both> {
  const [ours, theirs] = await Promise.all([
    verdictsOn(await memory.webSocketTalk(server, from), packets),
    verdictsOn(await network.webSocketTalk(reference.webSocketUrl, from), packets),
  ]);
  return { ours, theirs };
}

async function overPolling(from: State, payloads: readonly string[]): Promise<Both> {
  const [ours, theirs] = await Promise.all([
    verdictsOn(await memory.pollingTalk(server, from), payloads),
    verdictsOn(await network.pollingTalk(reference.url, from), payloads),
  ]);
  return { ours, theirs };
}

/** Compares verdicts, up to where a documented difference lets the sessions part. */
function expectAlike(transport: keyof typeof DIFFERENCES, packets: readonly string[], both: Both): void {
  for (const [at, packet] of packets.entries()) {
    const [ours, theirs] = [both.ours[at], both.theirs[at]];
    if (ours === undefined && theirs === undefined) break;
    const isDocumented =
      ours !== undefined &&
      theirs !== undefined &&
      DIFFERENCES[transport].some((differs) => differs({ packet, ours, theirs }));
    if (isDocumented) break;
    expect({ packet, verdict: ours }).toEqual({ packet, verdict: theirs });
  }
  expect(server.failures()).toEqual([]);
}

/**
 * Packets of one payload. In the reference it is no matter of order among these who joins or leaves a namespace, so such
 * a packet stands alone here.
 */
const payloadOf = (name: PacketClass) =>
  fc
    .array(CLASSES[name], { minLength: 1, maxLength: 3 })
    .filter((packets) => packets.length === 1 || packets.every((packet) => !/^4[01 ]/.test(packet)))
    .map((packets) => packets.join('\x1e'));

describe.each(CLASS_NAMES)('%s', (name) => {
  test('over a WebSocket', async () => {
    const packets = fc.array(CLASSES[name], { minLength: 1, maxLength: 3 });
    const property = fc.asyncProperty(state, packets, async (from, said) =>
      expectAlike('webSocket', said, await overWebSocket(from, said)),
    );
    await fc.assert(property, runs(50));
  });

  test('over HTTP long-polling', async () => {
    const payloads = fc.array(payloadOf(name), { minLength: 1, maxLength: 2 });
    const property = fc.asyncProperty(state, payloads, async (from, said) =>
      expectAlike('polling', said, await overPolling(from, said)),
    );
    await fc.assert(property, runs(25));
  });
});

test('the classes come to every verdict', async () => {
  const verdicts = new Set<string>();
  for (const packet of CLASS_NAMES.flatMap((name) => fc.sample(CLASSES[name], 50))) {
    const [verdict = ''] = await verdictsOn(await memory.webSocketTalk(server, 'joined both'), [packet]);
    verdicts.add(typeof verdict === 'string' ? verdict : 'answered');
  }
  expect([...verdicts].toSorted()).toEqual(['answered', 'closed', 'ignored']);
});
