import { authenticateConnection } from '../core/authenticate-connection.ts';
import type { ReplyOf, VerbName } from '../core/commands.ts';
import type { Caller, Connection } from '../core/connection.ts';
import { Fault, toFault } from '../core/fault.ts';
import type { Tokens } from '../core/identify-user.ts';
import type { ConnectionId } from '../core/ids.ts';
import type { Outcome, Verb } from '../core/outcome.ts';
import type { Ports } from '../core/ports.ts';
import { type Dialect, faultPayload, type Request } from '../dialects/dialect.ts';
import { tokenPayload } from '../dialects/payload.ts';
import { dialectNamed } from '../dialects/registry.ts';
import { eventFrame, type InboundFrame, readFrame, replyFrame } from '../wire/native.ts';
import type { KnownConnections } from './known-connections.ts';
import type { Log } from './log.ts';
import type { Outbox, Parcel } from './outbox.ts';

/** What it takes to serve frames. */
export type Messaging = {
  readonly ports: Ports;
  readonly outbox: Outbox;
  readonly known: KnownConnections;
  readonly defaultDialect: Dialect['name'];
  readonly log: Log;
};

/** The verbs that a function carries; `authenticate` where it can verify tokens. */
export type Abilities = {
  readonly verbs: { readonly [K in VerbName]?: Verb<K> };
  readonly tokens?: Tokens;
};

type Exchange = { readonly connectionId: ConnectionId; frame?: InboundFrame; dialect: Dialect };
type Served = {
  readonly value: unknown;
  readonly deliveries: Outcome<VerbName>['deliveries'];
  readonly afterwards?: () => Promise<void>;
};

/**
 * Serves one frame: reads it, does what it asks, answers, tells the others. Never throws, as whatever a function throws
 * API Gateway sends to the client as a frame of its own, which a Socket.IO client takes for a broken transport.
 */
export async function serveFrame(
  messaging: Messaging,
  abilities: Abilities,
  connectionId: ConnectionId,
  body: string,
): Promise<void> {
  const exchange: Exchange = { connectionId, dialect: dialectNamed(messaging.defaultDialect) };
  try {
    const served = await serve(messaging, abilities, exchange, body);
    await messaging.outbox.deliver(served.deliveries, answer(exchange, served.value));
    // Once answered, nothing that fails may be told as a failure of the frame.
    await served
      .afterwards?.()
      .catch((thrown) => messaging.log.error('afterwards', thrown, { connectionId }));
  } catch (thrown) {
    await refuse(messaging, exchange, toFault(thrown));
  }
}

async function serve(
  messaging: Messaging,
  abilities: Abilities,
  exchange: Exchange,
  body: string,
): Promise<Served> {
  const { ports, known } = messaging;
  const connection = await known.find(exchange.connectionId, ports.clock.now());
  if (connection) exchange.dialect = dialectNamed(connection.dialect);
  const frame = readFrame(body);
  exchange.frame = frame;
  if (frame.event === 'authenticate') return authenticate(messaging, abilities, connection, frame);
  const caller = currentCaller(connection, ports.clock.now());
  const read = exchange.dialect.events.get(frame.event);
  if (!read) throw new Fault('event-unknown');
  return perform(ports, abilities, caller, read(frame.args));
}

async function perform<K extends VerbName>(
  ports: Ports,
  { verbs }: Abilities,
  caller: Caller,
  request: Request<K>,
): Promise<Served> {
  const verb = verbs[request.verb] as Verb<K> | undefined;
  if (!verb) throw new Fault('event-unknown');
  const { reply, ...rest } = await verb(ports, caller, request.command);
  return { value: request.acknowledge(reply as ReplyOf<K> & never), ...rest };
}

async function authenticate(
  { ports, known }: Messaging,
  { tokens }: Abilities,
  connection: Connection | undefined,
  { args }: InboundFrame,
): Promise<Served> {
  if (!tokens) throw new Fault('event-unknown');
  if (!connection) throw new Fault('token-missing');
  const caller = await authenticateConnection(ports, tokens, connection, tokenPayload(args));
  known.remember({ ...connection, caller: { ...caller, connectionId: connection.connectionId } });
  const expiresAt = new Date(caller.expiresAt).toISOString();
  return { value: { ok: true, userId: caller.userId, expiresAt }, deliveries: [] };
}

/** @throws Fault `token-missing` before the connection has authenticated, `token-expired` after its token ran out. */
function currentCaller(connection: Connection | undefined, now: number): Caller {
  if (!connection?.caller) throw new Fault('token-missing');
  if (connection.caller.expiresAt <= now) throw new Fault('token-expired');
  return connection.caller;
}

async function refuse(messaging: Messaging, exchange: Exchange, fault: Fault): Promise<void> {
  const { log, outbox } = messaging;
  const { connectionId, dialect, frame } = exchange;
  if (fault.code === 'INTERNAL') log.error('frame', fault.cause, { connectionId, event: frame?.event });
  const error = faultPayload(dialect, fault);
  const frames = [
    eventFrame({ name: 'error', args: [error] }),
    ...(frame?.id === undefined ? [] : [replyFrame(frame.id, { ok: false, error })]),
  ];
  await outbox
    .deliver([], { connectionId, frames })
    .catch((thrown) => log.error('refuse', thrown, { connectionId }));
}

function answer({ connectionId, frame }: Exchange, value: unknown): Parcel | undefined {
  return frame?.id === undefined ? undefined : { connectionId, frames: [replyFrame(frame.id, value)] };
}
