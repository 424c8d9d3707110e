import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mailboxes } from '../../lambdas/aws/mailboxes.ts';
import { sessionStore } from '../../lambdas/aws/session-store.ts';
import { connectTable, type Table } from '../../lambdas/aws/table-client.ts';
import type { Application } from '../../lambdas/wire/socket-io/application.ts';
import { beginSession } from '../../lambdas/wire/socket-io/lifecycle.ts';
import { type ServerParts, socketIoServer } from '../../lambdas/wire/socket-io/server.ts';
import { type Mishaps, sufferMishaps } from '../aws/mishaps.ts';
import { memoryGateway } from '../fakes/memory-gateway.ts';
import { freshTable } from '../support/table.ts';

let table: Table;
let mishaps: Mishaps;
beforeAll(async () => {
  const place = await freshTable();
  table = { ...connectTable(place), name: place.tableName };
  mishaps = sufferMishaps(table.client);
});
afterAll(() => table.client.destroy());

/** As many requests as a takeover makes. */
const STEPS = [...Array(12).keys()];

/** A WebSocket of one client. */
type Connection = {
  readonly id: string;
  /** Asks for the socket; undefined when there is no answer, else how often it was lost before. */
  readonly ask: (pid?: string) => Promise<Answer | undefined>;
  /** What it was last told. */
  readonly answer: () => Answer | undefined;
  readonly ends: () => Promise<unknown>;
};

type Answer = { readonly sid: string; readonly pid: string; readonly losses: number };

/** An application that counts how often a socket was lost, and the server that it runs on. */
function counting() {
  const losses = new Map<string, number>();
  const application: Application<unknown> = {
    isRecoverable: true,
    namespaces: new Set(['/']),
    isStranger: () => false,
    isCurrent: () => true,
    connect: async ({ session, lost }) => {
      losses.set(session, lost ? Number(lost.state) : 0);
      const caughtUp = async () => {};
      return { kind: 'accepted', data: {}, ...(lost && { recovered: { told: undefined, caughtUp } }) };
    },
    isTheirs: async () => true,
    receive: async () => ({}),
    moved: async () => {},
    acknowledged: async () => {},
    stateOf: async ({ session }) => (losses.get(session) ?? 0) + 1,
    disconnected: async () => {},
  };
  const gateway = memoryGateway();
  const parts: ServerParts = {
    application,
    gateway,
    store: sessionStore(table),
    mailboxes: mailboxes(table),
    lobby: { enter: async () => 1, leave: async () => {} },
    mostStrangers: 0,
    clock: { now: Date.now, sleep: async () => {} },
    recoverySeconds: 60,
    nonce: randomUUID,
    random: Math.random,
  };
  const server = socketIoServer(parts);
  const open = async (): Promise<Connection> => {
    const id = randomUUID();
    await beginSession(parts, { query: {}, address: '' }, id);
    const answer = () => {
      const frame = gateway.framesOf(id).find((text) => text.startsWith('40'));
      return frame && { ...JSON.parse(frame.slice(2)), losses: losses.get(id) };
    };
    const ask = async (pid?: string) => {
      await server.frame(id, `40${JSON.stringify({ pid })}`);
      return answer();
    };
    return { id, ask, answer, ends: () => server.ended(id) };
  };
  return { open, cutOff: gateway.cutOff };
}

/** Does something, and another thing before its `step`th request. */
async function interrupted<T>(step: number, act: () => Promise<T>, by: () => Promise<unknown>): Promise<T> {
  let isDone = false;
  mishaps.count = 0;
  mishaps.before = async (nth) => {
    if (isDone || nth < step) return;
    isDone = true;
    await by();
  };
  try {
    return await act();
  } finally {
    mishaps.before = async () => {};
  }
}

describe.each(STEPS)('interrupted at its request %s', (step) => {
  test('by the end of the old connection, a client has its socket back', async () => {
    const { open } = counting();
    const [old, next] = [await open(), await open()];
    const { sid, pid } = (await old.ask()) ?? {};
    expect(await interrupted(step, () => next.ask(pid), old.ends)).toEqual({ sid, pid, losses: 1 });
  });

  test('by the end of a connection that had recovered, a client has its socket back as it was last', async () => {
    const { open } = counting();
    const [first, second, third] = [await open(), await open(), await open()];
    const { sid, pid } = (await first.ask()) ?? {};
    await second.ask(pid);
    expect(await interrupted(step, () => third.ask(pid), second.ends)).toEqual({ sid, pid, losses: 2 });
  });

  test('by its own client on another connection, only one of the two goes on', async () => {
    const { open, cutOff } = counting();
    const [old, next, another, last] = [await open(), await open(), await open(), await open()];
    const { sid, pid } = (await old.ask()) ?? {};
    const asked = [next];
    const asksToo = () => {
      asked.push(another);
      return another.ask(pid);
    };
    await interrupted(step, () => next.ask(pid), asksToo);
    const going = asked.filter(({ id }) => !cutOff.includes(id));
    expect(going).toHaveLength(1);
    expect(going[0]?.answer()).toMatchObject({ sid, pid });
    expect(await last.ask(pid)).toMatchObject({ sid, pid });
    expect(cutOff).toEqual(expect.arrayContaining([old, ...asked].map(({ id }) => id)));
  });

  test('by the death of its function, a client has its socket back the next time', async () => {
    const { open } = counting();
    const [old, next, last] = [await open(), await open(), await open()];
    const { sid, pid } = (await old.ask()) ?? {};
    const asking: Promise<unknown>[] = [];
    const dies = new Promise<void>((resolve) => {
      const dying = () => {
        resolve();
        return new Promise<never>(() => {});
      };
      asking.push(interrupted(step, () => next.ask(pid), dying));
    });
    await Promise.race([dies, ...asking]);
    mishaps.before = async () => {};
    expect(await last.ask(pid)).toMatchObject({ sid, pid });
  });
});
