import type * as z from 'zod/mini';
import type { CommandOf, ReplyOf, VerbName } from '../core/commands.ts';
import type { DialectName } from '../core/connection.ts';
import type { Message } from '../core/conversation.ts';
import { Fault, type FaultCode } from '../core/fault.ts';
import type { Greeting } from '../core/greeting.ts';
import type { OutboundEvent } from '../core/outbound-event.ts';
import type { Scope } from '../core/rooms.ts';
import type { Signal, SignalOf, Viewer } from '../core/signals.ts';

/** An inbound event in the domain's words: what to do, and how the sender hears that it is done. */
export type Request<
  K extends VerbName = VerbName,
  Acknowledgement = unknown,
  Answer extends OutboundEvent = OutboundEvent,
> = {
  [V in K]: {
    readonly verb: V;
    readonly command: CommandOf<V>;
    /** The acknowledgement's value. */
    readonly acknowledge: (reply: ReplyOf<V>) => Acknowledgement;
    /** Events for the asking device alone, where the document answers with events; ahead of the acknowledgement. */
    readonly answer?: (reply: ReplyOf<V>) => readonly Answer[];
  };
}[K];

/** Reads an event's arguments, the first of which has this schema. @throws Fault `payload-invalid` */
export type EventReader<Schema extends z.ZodMiniType = z.ZodMiniType, Read = Request> = ((
  args: readonly unknown[],
) => Read) & { readonly schema: Schema };

/**
 * One vocabulary: data and pure functions. A signal's row is a list of events, empty where the dialect does not speak
 * of it to this viewer; a new kind of signal does not compile until every dialect has a row for it. Its words are in its
 * type: who speaks it from the other side is held to them.
 */
export type Dialect = {
  readonly name: DialectName;
  readonly events: Readonly<Record<string, EventReader>>;
  readonly signals: {
    readonly [K in Signal['kind']]: (signal: SignalOf<K>, viewer: Viewer) => readonly OutboundEvent[];
  };
  /** A message as the dialect's events show it. */
  readonly message: (message: Message) => unknown;
  /** What a device is told right after it has connected; where absent, nothing is read for it. */
  readonly greeting?: (greeting: Greeting) => readonly OutboundEvent[];
  /** Whom a user of this role sees come and go, unless the deployment decides (RULINGS §1 “Presence”). */
  readonly presenceScope: (role: string | undefined) => Scope;
  /** Whether a client may connect over Socket.IO without a token and bring it by `authenticate`, in 20 s. */
  readonly admitsLateTokens: boolean;
  /** The message of a refused connection, as `connect_error` shows it. */
  readonly connectError: (fault: Fault) => string;
  /** A refusal in the dialect's words; `event` is what was asked, where it was an event. */
  readonly refusal: (fault: Fault, event: string | undefined) => Refusal;
  /** Of which messages its devices hear: where they have joined, of some elsewhere too, or of all, joined or not. */
  readonly hears: 'joined' | 'some' | 'all';
  /** Every event that its devices may be sent: no event of the platform's own may have such a name. */
  readonly emits: readonly string[];
};

/** The payload of an `error` event. */
export type Refusal = { readonly message: string; readonly code: FaultCode };

/** The row of an event whose only argument has this schema. */
export function event<
  Schema extends z.ZodMiniType,
  K extends VerbName,
  Acknowledgement extends { readonly ok: true } | object,
  Answer extends OutboundEvent = never,
>(
  schema: Schema,
  read: (payload: z.output<Schema>) => Request<K, Acknowledgement, Answer>,
): EventReader<Schema, Request<K, Acknowledgement, NoInfer<Answer>>> {
  const reader = ([payload]: readonly unknown[]) => {
    const parsed = schema.safeParse(payload);
    if (!parsed.success) throw new Fault('payload-invalid', complaint(parsed.error));
    return read(parsed.data);
  };
  return Object.assign(reader, { schema });
}

/** How an event of this name is read; undefined for one that the dialect does not hear. */
export function readerOf({ events }: Dialect, name: string): EventReader | undefined {
  return Object.hasOwn(events, name) ? events[name] : undefined;
}

/** An event for a device. */
export function outbound<Name extends string, const Args extends readonly unknown[]>(
  name: Name,
  ...args: Args
): { readonly name: Name; readonly args: Args } {
  return { name, args };
}

/** What a device is told of a signal. */
export function render(dialect: Dialect, signal: Signal, viewer: Viewer): readonly OutboundEvent[] {
  const row = dialect.signals[signal.kind] as (signal: Signal, viewer: Viewer) => readonly OutboundEvent[];
  return row(signal, viewer);
}

/** A refusal as it is, for dialects that have no words of their own for it. */
export function plainRefusal({ message, code }: Fault): Refusal {
  return { message, code };
}

/** The message of a refused connection where one says it all (RULINGS §1 “Errors”); an unknown dialect is named. */
export function authenticationError({ reason, message }: Fault): string {
  return reason === 'dialect-unknown' ? message : 'Authentication error';
}

/** The first thing wrong with a payload, in a sentence for its author. */
export function complaint({ issues }: z.core.$ZodError): string {
  const [issue] = issues;
  const path = issue?.path.join('.') ?? '';
  return `${path === '' ? '' : `${path}: `}${issue?.message ?? 'malformed'}`;
}
