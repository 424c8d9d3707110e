import type { CommandOf, ReplyOf, VerbName } from '../../lambdas/core/commands.ts';
import type { FaultReason } from '../../lambdas/core/fault.ts';
import type { Greeting } from '../../lambdas/core/greeting.ts';
import type { OutboundEvent } from '../../lambdas/core/outbound-event.ts';
import type { Signal } from '../../lambdas/core/signals.ts';
import type { Refusal } from '../../lambdas/dialects/dialect.ts';
import type { BadEvent } from '../support/bad-payloads.ts';

/** An event, the command it is, and how its answer tells of the verb's reply. */
export type InboundVector = {
  [Verb in VerbName]: {
    readonly name: string;
    readonly event: string;
    readonly args: readonly unknown[];
    readonly verb: Verb;
    readonly command: CommandOf<Verb>;
    readonly reply: ReplyOf<Verb>;
    readonly acknowledgement: unknown;
    /** @default none */
    readonly answer?: readonly OutboundEvent[];
  };
}[VerbName];

/** A signal, and what a device hears of it, by whose it is and where. */
export type OutboundVector = {
  readonly name: string;
  readonly signal: Signal;
  readonly viewer: {
    readonly userId: string;
    /** @default 'x=' */
    readonly connectionId?: string;
    /** @default none */
    readonly joined?: readonly string[];
    /** @default none */
    readonly rooms?: readonly string[];
  };
  readonly events: readonly OutboundEvent[];
};

/** What is refused, and what the asking device hears of it. */
export type RefusalVector = {
  readonly reason: FaultReason;
  /** What was asked. @default 'some event' */
  readonly event?: string;
  readonly refusal: Refusal;
};

/** Everything a dialect says. */
export type Vectors = {
  /** What a device is told when it has connected. @default nothing */
  readonly greeting?: { readonly greeting: Greeting; readonly events: readonly OutboundEvent[] };
  readonly inbound: readonly InboundVector[];
  readonly outbound: readonly OutboundVector[];
  readonly refusals: readonly RefusalVector[];
  readonly connectErrors: readonly (readonly [FaultReason, string])[];
  /** Events that are to be refused. */
  readonly bad: readonly BadEvent[];
};
