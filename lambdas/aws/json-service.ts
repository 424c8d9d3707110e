import { AwsClient } from 'aws4fetch';
import type { Clock } from '../core/ports.ts';
import { defaultProvider } from './function-credentials.ts';

/**
 * A service of which one operation is wanted. Its client in the AWS SDK knows all of them, and would be up to 24 KB of
 * each function that has to start before anybody is answered.
 */
export type JsonService = {
  /** As it is signed for. */
  readonly name: string;
  /** `https://host` */
  readonly origin: string;
  readonly region: string;
  /**
   * Of the protocol: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
   *
   * @default the service speaks REST: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
   */
  readonly version?: '1.0' | '1.1';
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly random: () => number;
};

/** What is asked of a service: an operation by its name, such as `AmazonSQS.SendMessage`, or a request of one that speaks REST. */
export type Operation = string | Route;

/** @example { method: 'DELETE', path: '/schedules/one?groupName=all' } */
export type Route = { readonly method: 'POST' | 'DELETE'; readonly path: string };

/** How long an attempt may take. */
const TIMEOUT_MS = 3_000;
/** As the AWS SDK does it. */
const ATTEMPTS = 3;
const BACKOFF_MS = 100;

/**
 * Calls an operation. What the service could not do for now is tried again; so is what was not answered, which may so be
 * done twice.
 *
 * @throws Error with the name and the message of the service's, or of what kept its answer away.
 */
export async function callService(
  service: JsonService,
  operation: Operation,
  input?: object,
): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await request(service, operation, input && JSON.stringify(input)).catch(unanswered);
    if (answer.kind === 'done') return answer.output;
    if (attempt === ATTEMPTS || !answer.isPassing) throw answer.error;
    await service.clock.sleep(service.random() * BACKOFF_MS * 2 ** attempt);
  }
}

/** Where AWS has a service: https://docs.aws.amazon.com/general/latest/gr/rande.html */
export function originOf(service: string, region: string): string {
  return `https://${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

type Answer =
  | { readonly kind: 'done'; readonly output: unknown }
  | { readonly kind: 'failed'; readonly error: Error; readonly isPassing: boolean };

function unanswered(thrown: unknown): Answer {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return { kind: 'failed', error, isPassing: true };
}

async function request(service: JsonService, operation: Operation, body?: string): Promise<Answer> {
  const { name, origin, region, clock } = service;
  const { method, path } = typeof operation === 'string' ? ROOT : operation;
  const signer = new AwsClient({ ...(await defaultProvider()()), service: name, region, retries: 0 });
  const response = await signer.fetch(new URL(path, origin).href, {
    method,
    headers: headersFor(service, operation),
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
    aws: { datetime: new Date(clock.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '') },
  });
  const text = await response.text();
  if (!response.ok) return failed(response, text);
  return { kind: 'done', output: text === '' ? {} : JSON.parse(text) };
}

const ROOT: Route = { method: 'POST', path: '/' };

function headersFor({ version }: JsonService, operation: Operation): Readonly<Record<string, string>> {
  if (typeof operation !== 'string') return { 'content-type': 'application/json' };
  return { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': operation };
}

/**
 * @param text `{"__type":"namespace#Name","message":"…"}`, the type in a header where REST is spoken, or whatever a host
 *   says that stands before the service
 */
function failed({ status, headers }: Response, text: string): Answer {
  const inHeader = headers.get('x-amzn-errortype')?.split(':')[0] ?? `HTTP ${status}`;
  const { __type: type = inHeader, message = text, Message = message } = fieldsIn(text);
  const name = String(type).split('#').at(-1) ?? '';
  const error = Object.assign(new Error(String(Message)), { name });
  return { kind: 'failed', error, isPassing: status >= 500 || status === 429 || THROTTLED.test(name) };
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html */
const THROTTLED = /Throttl|TooManyRequests/;

function fieldsIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
