import { fallback } from '../../lambdas/handlers/default.ts';
import { knownConnections } from '../../lambdas/handlers/known-connections.ts';
import { createOutbox } from '../../lambdas/handlers/outbox.ts';
import type { Application } from '../../lambdas/wire/socket-io/application.ts';
import { beginSession } from '../../lambdas/wire/socket-io/lifecycle.ts';
import type { PollingReply } from '../../lambdas/wire/socket-io/polling.ts';
import { postFrame } from '../../lambdas/wire/socket-io/send.ts';
import { type SocketIoServer, socketIoServer } from '../../lambdas/wire/socket-io/server.ts';
import { linkWebSocket } from '../../lambdas/wire/socket-io/upgrade.ts';
import { type MemoryGateway, memoryGateway } from '../fakes/memory-gateway.ts';
import { memoryLogbook } from '../fakes/memory-logbook.ts';
import { memoryMailboxes } from '../fakes/memory-mailboxes.ts';
import { type MemoryPorts, memoryPorts } from '../fakes/memory-ports.ts';
import { memorySessions, SessionRows } from '../fakes/memory-sessions.ts';

/** The function behind `$default` and the wire behind HTTP long-polling, everything in memory. */
export type MemoryServer = {
  readonly rows: SessionRows;
  readonly gateway: MemoryGateway;
  readonly ground: MemoryPorts;
  readonly sockets: SocketIoServer;
  /** Begins a session on a WebSocket; its connection's id. */
  readonly open: () => Promise<string>;
  /** Opens a WebSocket that is to take over a session; its connection's id, whether or not it may. */
  readonly link: (sid: string) => Promise<string>;
  /** Serves a frame of a WebSocket. */
  readonly frame: (connectionId: string, body: string) => Promise<void>;
  /** Serves a request of HTTP long-polling. */
  readonly request: (method: string, query: Query, body?: string) => Promise<PollingReply>;
  /** What was logged as a failure since this was last asked. */
  readonly failures: () => readonly unknown[];
};

export type Query = Readonly<Record<string, string>>;

/** Sends a frame to a session. */
export type Post = (session: string, frame: string) => Promise<unknown>;

export function memoryServer(applicationOf: (post: Post) => Application<unknown>): MemoryServer {
  const [rows, ground, gateway, log] = [new SessionRows(), memoryPorts(), memoryGateway(), memoryLogbook()];
  const { ports } = ground;
  const mailboxes = memoryMailboxes(rows);
  const post: Post = (session, frame) => postFrame({ gateway, mailboxes }, session, frame);
  let nonces = 0;
  const parts = {
    application: applicationOf(post),
    store: memorySessions(rows),
    mailboxes,
    lobby: { enter: async () => 1, leave: async () => undefined },
    mostStrangers: 0,
    gateway,
    clock: ports.clock,
    recoverySeconds: 7_200,
    nonce: () => `nonce-${++nonces}`,
    random: () => (++nonces % 1_000) / 1_000,
  };
  const sockets = socketIoServer(parts);
  const messaging = {
    ports,
    log,
    outbox: createOutbox({ ports, gateway, log }),
    known: knownConnections(ports.connections),
    defaultDialect: 'booking',
  } as const;
  const tokens = { verify: () => Promise.reject(new Error('Nobody has a token here.')) };
  const serve = fallback(messaging, tokens, sockets);
  const handshake = (query: Query) => ({ query, address: '203.0.113.7' });
  return {
    rows,
    gateway,
    ground,
    sockets,
    open: async () => {
      const connectionId = `socket-${++nonces}=`;
      await beginSession(parts, handshake({ EIO: '4' }), connectionId);
      return connectionId;
    },
    link: async (sid) => {
      const connectionId = `probe-${++nonces}=`;
      await linkWebSocket(parts, connectionId, sid);
      return connectionId;
    },
    frame: async (connectionId, body) => {
      await serve({
        requestContext: { connectionId } as Parameters<typeof serve>[0]['requestContext'],
        body,
      });
    },
    request: (method, query, body = '') =>
      sockets.poll({ method, query, handshake: handshake(query), body }, async () => undefined),
    failures: () => log.errors.splice(0),
  };
}
