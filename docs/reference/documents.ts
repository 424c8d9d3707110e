import type { Greeting } from '../../lambdas/core/greeting.ts';
import { appointment } from '../../lambdas/dialects/appointment.ts';
import { booking } from '../../lambdas/dialects/booking.ts';
import { conversation } from '../../lambdas/dialects/conversation.ts';
import type { Dialect } from '../../lambdas/dialects/dialect.ts';
import { direct } from '../../lambdas/dialects/direct.ts';
import { support } from '../../lambdas/dialects/support.ts';
import { vectors as ofAppointment } from '../../test/dialects/appointment.vectors.ts';
import { vectors as ofBooking } from '../../test/dialects/booking.vectors.ts';
import { vectors as ofConversation } from '../../test/dialects/conversation.vectors.ts';
import { vectors as ofDirect } from '../../test/dialects/direct.vectors.ts';
import { vectors as ofSupport } from '../../test/dialects/support.vectors.ts';
import { asyncApiOf, type Spoken } from './async-api.ts';
import { openApi } from './open-api.ts';

/** What the tests hold a dialect to. */
type Examples = {
  readonly inbound: readonly {
    readonly event: string;
    readonly acknowledgement: unknown;
    readonly answer?: readonly { readonly name: string; readonly args: readonly unknown[] }[];
  }[];
  readonly outbound: readonly { readonly events: Spoken['sent'] }[];
};

const VERSION = '1.0.0';

const SPOKEN: readonly (readonly [Dialect, Examples])[] = [
  [booking, ofBooking],
  [conversation, ofConversation],
  [direct, ofDirect],
  [appointment, ofAppointment],
  [support, ofSupport],
];

/** What a device is greeted with, where its dialect greets. */
const GREETING: Greeting = {
  person: { userId: 'ann', name: 'Ann', username: 'ann' },
  onlineUsers: [
    { userId: 'ben', name: 'Ben', username: 'ben', email: 'ben@example.com', role: 'customer', lastSeen: 0 },
    { userId: 'cat', name: 'Cat', lastSeen: 0 },
  ],
};

/** Every generated document, by its file's name. */
export function documents(): ReadonlyMap<string, string> {
  const dialects = SPOKEN.map(
    ([dialect, examples]) =>
      [`${dialect.name}.asyncapi.json`, textOf(asyncApiOf(spokenOf(dialect, examples), VERSION))] as const,
  );
  return new Map([...dialects, ['openapi.json', textOf(openApi(VERSION))]]);
}

function spokenOf(dialect: Dialect, { inbound, outbound }: Examples): Spoken {
  const acknowledged = new Map<string, unknown[]>();
  for (const { event, acknowledgement } of inbound) {
    acknowledged.set(event, [...(acknowledged.get(event) ?? []), acknowledgement]);
  }
  const answers = inbound.flatMap(({ answer = [] }) => answer);
  const greeted = dialect.greeting?.(GREETING) ?? [];
  const sent = [...greeted, ...answers, ...outbound.flatMap(({ events }) => events)];
  return { dialect, document: `${dialect.name}.md`, sent, acknowledged };
}

function textOf(document: object): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
