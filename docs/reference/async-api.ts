import { type Dialect, type EventReader, event } from '../../lambdas/dialects/dialect.ts';
import { authenticate } from '../../lambdas/dialects/payload.ts';
import { schemaOfExamples } from './example-schema.ts';
import { type JsonSchema, jsonSchemaOf } from './json-schema.ts';

/** What is known of a dialect's words: the table that validates, and what its tests show of the rest. */
export type Spoken = {
  readonly dialect: Dialect;
  /** Where its words come from. */
  readonly document: string;
  /** Events that its devices are sent, as the dialect's vectors have them. */
  readonly sent: readonly { readonly name: string; readonly args: readonly unknown[] }[];
  /** Acknowledgements, by event. */
  readonly acknowledged: ReadonlyMap<string, readonly unknown[]>;
};

const ERROR = { message: 'Unauthorized', code: 'UNAUTHORIZED' };

/** The AsyncAPI 3.0 document of a dialect. */
export function asyncApiOf(spoken: Spoken, version: string): object {
  const { dialect, document } = spoken;
  const received = [...receivedEvents(spoken)];
  const sent = sentEvents(spoken);
  const messages = { ...Object.fromEntries(received), ...Object.fromEntries(sent) };
  const refTo = (name: string) => ({ $ref: `#/channels/socket/messages/${name}` });
  return {
    asyncapi: '3.0.0',
    info: {
      title: `Parley: the dialect “${dialect.name}”`,
      version,
      description: `The events of ${document}. On Socket.IO each is an event of the namespace “/”; on the native wire up: {"action": name, "data": payload, "id"?: n}, down: {"event": name, "data": payload} and {"reply": n, "data": acknowledgement}.`,
    },
    defaultContentType: 'application/json',
    channels: { socket: { address: '/', messages } },
    operations: {
      receive: {
        action: 'receive',
        channel: { $ref: '#/channels/socket' },
        messages: received.map(([name]) => refTo(name)),
      },
      send: {
        action: 'send',
        channel: { $ref: '#/channels/socket' },
        messages: sent.map(([name]) => refTo(name)),
      },
    },
  };
}

const AUTHENTICATE: EventReader = event(authenticate, () => {
  throw new TypeError('It is not a dialect that serves this event.');
});

function receivedEvents({ dialect, acknowledged }: Spoken): readonly (readonly [string, object])[] {
  return Object.entries({ ...dialect.events, authenticate: AUTHENTICATE }).map(([name, { schema }]) => {
    const values = acknowledged.get(name) ?? [];
    const message = {
      name,
      payload: jsonSchemaOf(schema),
      ...(values.length > 0 && { 'x-acknowledgement': schemaOfExamples(values) }),
    };
    return [keyOf('to', name), message];
  });
}

function sentEvents({ dialect, sent }: Spoken): readonly (readonly [string, object])[] {
  return dialect.emits.map((name) => {
    const examples =
      name === 'error' ? [ERROR] : sent.filter((one) => one.name === name).map(({ args }) => args[0]);
    const payload: JsonSchema = examples.some((example) => example !== undefined)
      ? schemaOfExamples(examples)
      : {};
    return [keyOf('from', name), { name, payload }];
  });
}

/** An event may go both ways: its two messages need keys of their own, of letters that AsyncAPI allows in one. */
function keyOf(direction: 'to' | 'from', name: string): string {
  return `${direction}.${name.replaceAll(':', '_')}`;
}
