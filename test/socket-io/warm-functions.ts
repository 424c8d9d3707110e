import { randomBytes, randomUUID } from 'node:crypto';
import { onTestFinished, vi } from 'vitest';
import { mailboxes } from '../../lambdas/aws/mailboxes.ts';
import { sessionStore } from '../../lambdas/aws/session-store.ts';
import { connectTable } from '../../lambdas/aws/table-client.ts';
import type { Application } from '../../lambdas/wire/socket-io/application.ts';
import { beginSession } from '../../lambdas/wire/socket-io/lifecycle.ts';
import {
  type ServerParts,
  type SocketIoServer,
  socketIoServer,
} from '../../lambdas/wire/socket-io/server.ts';
import type { Session } from '../../lambdas/wire/socket-io/session.ts';
import { type MemoryGateway, memoryGateway } from '../fakes/memory-gateway.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';
import { freshTable } from '../support/table.ts';
import { echoApplication } from './echo-application.ts';

/** One warm function: what it remembers is its own. */
export type WarmFunction = SocketIoServer & {
  /** How often it has read a session since this was last asked. */
  readonly reads: () => number;
  /** Has its next reading of a session answer with what was read before. */
  readonly readsLate: (session: Session | undefined) => void;
};

/** Two warm functions of one deployment. */
export type WarmFunctions = {
  readonly one: WarmFunction;
  readonly other: WarmFunction;
  readonly gateway: MemoryGateway;
  readonly clock: VirtualClock;
  /** What both are made of. */
  readonly parts: ServerParts;
  /** The names of the events that reached the application. */
  readonly heard: readonly string[];
  /** The id of a WebSocket that has begun a session; where `packet` is given, it has been served by the first function. */
  readonly webSocket: (packet?: string) => Promise<string>;
};

/** Makes them; `change` makes another application of the echo application, which has one namespace here. */
export async function warmFunctions(
  change: (echo: Application<unknown>) => Application<unknown> = (echo) => echo,
): Promise<WarmFunctions> {
  const table = connectTable(await freshTable());
  onTestFinished(() => table.client.destroy());
  const [clock, gateway, store] = [new VirtualClock(), memoryGateway(), sessionStore(table)];
  const heard: string[] = [];
  const emit = async () => {};
  const application = change(
    echoApplication({ emit, namespaces: ['/'], hear: (_, { name }) => heard.push(name) }),
  );
  const parts: ServerParts = {
    application,
    store,
    mailboxes: mailboxes(table),
    lobby: { enter: async () => 1, leave: async () => {} },
    mostStrangers: 0,
    gateway,
    clock: { now: () => clock.now(), sleep: async (ms) => clock.pass(ms) },
    recoverySeconds: 7_200,
    nonce: () => randomBytes(15).toString('base64url'),
    random: Math.random,
  };
  const [one, other] = [warm(parts), warm(parts)];
  const webSocket = async (packet?: string) => {
    const id = randomUUID();
    await beginSession(parts, { query: {}, address: '' }, id);
    if (packet !== undefined) await one.frame(id, packet);
    return id;
  };
  return { one, other, gateway, clock, parts, heard, webSocket };
}

function warm(parts: ServerParts): WarmFunction {
  const find = vi.fn(parts.store.find);
  const server = socketIoServer({ ...parts, store: { ...parts.store, find } });
  const reads = () => {
    const { length } = find.mock.calls;
    find.mockClear();
    return length;
  };
  const readsLate = (session: Session | undefined) => void find.mockResolvedValueOnce(session);
  return { ...server, reads, readsLate };
}
