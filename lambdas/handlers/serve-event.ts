import { authenticateConnection } from '../core/authenticate-connection.ts';
import type { ReplyOf, VerbName } from '../core/commands.ts';
import type { Caller, ConnectedCaller, Connection } from '../core/connection.ts';
import { Fault, toFault } from '../core/fault.ts';
import type { Tokens } from '../core/identify-user.ts';
import { type ConnectionId, messageIdOf } from '../core/ids.ts';
import type { OutboundEvent } from '../core/outbound-event.ts';
import type { Outcome, Verb } from '../core/outcome.ts';
import type { Ports } from '../core/ports.ts';
import { type Dialect, type EventReader, type Request, readerOf } from '../dialects/dialect.ts';
import { tokenPayload } from '../dialects/payload.ts';
import { dialectNamed } from '../dialects/registry.ts';
import type { KnownConnections } from './known-connections.ts';
import type { Log } from './log.ts';
import type { Outbox } from './outbox.ts';
import type { Parcel } from './parcels.ts';

/** What it takes to serve events. */
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
  /** Events that every dialect hears alike. @default none */
  readonly besides?: (dialect: Dialect, name: string) => EventReader | undefined;
};

/** How to speak to the device that asks, on its wire. */
export type Voice = {
  readonly connectionId: ConnectionId;
  /** The connection by which the device is reached, where that is another one. */
  readonly via?: ConnectionId;
  readonly event: (event: OutboundEvent) => readonly string[];
  /** Only where the device waits for an acknowledgement. `offset` says where it stands by it, as with an event. */
  readonly reply?: (value: unknown, offset?: string) => readonly string[];
};

/** An event of a device; its connection as far as it is known. */
export type Asked = {
  readonly connection: Connection | undefined;
  readonly voice: Voice;
  readonly name: string;
  readonly args: readonly unknown[];
  /** Told for whom the connection speaks from now on, before the device is: it may speak on as soon as it is answered. */
  readonly authenticated?: (caller: ConnectedCaller) => Promise<void>;
};

type Served = {
  readonly value: unknown;
  readonly place?: Outcome<VerbName>['place'];
  /** For the asking device, ahead of the acknowledgement. */
  readonly events?: readonly OutboundEvent[];
  readonly deliveries: Outcome<VerbName>['deliveries'];
  readonly afterwards?: Outcome<VerbName>['afterwards'];
  readonly caller: Caller;
};

/**
 * Serves one event: does what it asks, answers, tells the others. Never throws, as whatever a function throws API
 * Gateway sends to the client as a frame of its own, which a Socket.IO client takes for a broken transport.
 *
 * @returns who the connection speaks for from now on; undefined when the event was refused.
 */
export async function serveEvent(
  messaging: Messaging,
  abilities: Abilities,
  asked: Asked,
): Promise<Caller | undefined> {
  const { voice } = asked;
  const dialect = dialectNamed(asked.connection?.dialect ?? messaging.defaultDialect);
  try {
    const served = await serve(messaging, abilities, dialect, asked);
    const { connectionId } = voice;
    const frames = answerOf(dialect, asked, served);
    await messaging.outbox.deliver(served.deliveries, parcelOf(voice, frames));
    // Once answered, nothing that fails may be told as a failure of the event.
    await served
      .afterwards?.((deliveries) => messaging.outbox.deliver(deliveries))
      .catch((thrown) => messaging.log.error('afterwards', thrown, { connectionId }));
    return served.caller;
  } catch (thrown) {
    await refuse(messaging, dialect, voice, toFault(thrown), asked.name);
    return undefined;
  }
}

/**
 * Answers with an `error` event, and the acknowledgement where one is awaited; logs what is not the client's fault.
 *
 * @param name the event that was asked, where it is known.
 */
export async function refuse(
  { log, outbox }: Messaging,
  dialect: Dialect,
  voice: Voice,
  fault: Fault,
  name?: string,
): Promise<void> {
  const { connectionId } = voice;
  if (fault.code === 'INTERNAL') log.error('event', fault.cause, { connectionId, name });
  await outbox
    .deliver([], parcelOf(voice, refusalFrames(dialect, voice, fault, name)))
    .catch((thrown) => log.error('refuse', thrown, { connectionId }));
}

/** What API Gateway posts at most: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
export const MOST_BYTES = 128 * 1024;

/** What the asking device is sent: as much as was asked for, or word that it is too much for a frame. */
function answerOf(
  dialect: Dialect,
  { voice, name }: Asked,
  { value, place, events = [] }: Served,
): readonly string[] {
  const offset = place && messageIdOf(place.conversationId, place.seq);
  const frames = [...events.flatMap((event) => voice.event(event)), ...(voice.reply?.(value, offset) ?? [])];
  const isTooLarge = frames.some((frame) => Buffer.byteLength(frame) > MOST_BYTES);
  return isTooLarge ? refusalFrames(dialect, voice, new Fault('answer-too-large'), name) : frames;
}

/** What clients ask for of their own accord (docs/protocol/native.md): their application would not know what is wrong. */
const OWN_EVENT = /^parley:/;

function refusalFrames(
  dialect: Dialect,
  { event, reply }: Voice,
  fault: Fault,
  name = '',
): readonly string[] {
  const error = dialect.refusal(fault, name);
  const answer = reply?.({ ok: false, error });
  if (answer && OWN_EVENT.test(name)) return answer;
  return [...event({ name: 'error', args: [error] }), ...(answer ?? [])];
}

function parcelOf({ connectionId, via }: Voice, frames: readonly string[]): Parcel {
  return { connectionId, frames, ...(via !== undefined && { via }) };
}

async function serve(
  messaging: Messaging,
  abilities: Abilities,
  dialect: Dialect,
  asked: Asked,
): Promise<Served> {
  if (asked.name === 'authenticate') return authenticate(messaging, abilities, asked);
  const caller = currentCaller(asked.connection, messaging.ports.clock.now());
  const read = abilities.besides?.(dialect, asked.name) ?? readerOf(dialect, asked.name);
  if (!read) throw new Fault('event-unknown');
  return perform(messaging.ports, abilities, caller, read(asked.args));
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
  const said = reply as ReplyOf<K> & never;
  return { value: request.acknowledge(said), events: request.answer?.(said) ?? [], caller, ...rest };
}

async function authenticate(
  { ports }: Messaging,
  { tokens }: Abilities,
  { connection, args, authenticated }: Asked,
): Promise<Served> {
  if (!tokens) throw new Fault('event-unknown');
  if (!connection) throw new Fault('token-missing');
  const caller = await authenticateConnection(ports, tokens, connection, tokenPayload(args));
  await authenticated?.(caller);
  const expiresAt = new Date(caller.expiresAt).toISOString();
  return { value: { ok: true, userId: caller.userId, expiresAt }, deliveries: [], caller };
}

/** @throws Fault `token-missing` before the connection has authenticated, `token-expired` after its token ran out. */
function currentCaller(connection: Connection | undefined, now: number): Caller {
  if (!connection?.caller) throw new Fault('token-missing');
  if (connection.caller.expiresAt <= now) throw new Fault('token-expired');
  return connection.caller;
}
