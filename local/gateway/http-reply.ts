import { validateHeaderName, validateHeaderValue } from 'node:http';
import { gatewayReply, type HttpReply, jsonReply } from './exchange.ts';
import type { Outcome } from './lambda.ts';

/** Names that the gateway decides itself, whatever the function says. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

/** A request over the API's 10 MB, or over what an invocation takes. */
export const TOO_LARGE = gatewayReply(413, 'Request Entity Too Large');

type Answer = Readonly<Record<string, unknown>>;

/** What the client gets of a failure, and of an answer that is no reply; the cause stays in the log. */
export const INTERNAL = gatewayReply(500, 'Internal Server Error');

/**
 * A function's outcome as an HTTP reply. An object with a `statusCode` says everything; anything else, a string
 * included, is the body of a 200. Undefined when the object says it wrongly.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function replyOf(outcome: Outcome): HttpReply | undefined {
  switch (outcome.kind) {
    case 'returned':
      return answered(outcome.value);
    case 'timed-out':
      return gatewayReply(503, 'Service Unavailable');
    case 'too-large':
      return TOO_LARGE;
    case 'failed':
      return INTERNAL;
  }
}

function answered(value: unknown): HttpReply | undefined {
  if (isRecord(value) && Object.hasOwn(value, 'statusCode')) return structured(value);
  return jsonReply(200, typeof value === 'string' ? value : JSON.stringify(value));
}

function structured(answer: Answer): HttpReply | undefined {
  const { statusCode, body = '' } = answer;
  if (typeof statusCode !== 'number' || !Number.isInteger(statusCode)) return undefined;
  if (statusCode < 200 || statusCode > 599 || (typeof body !== 'string' && body !== null)) return undefined;
  const headers = headersOf(answer);
  if (!headers) return undefined;
  const bytes = Buffer.from(body ?? '', answer.isBase64Encoded === true ? 'base64' : 'utf8');
  return { status: statusCode, headers, body: bytes };
}

function headersOf({ headers, cookies }: Answer): HttpReply['headers'] | undefined {
  const given = Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)] as const);
  const own = given.filter(([name]) => !OWN_HEADERS.has(name.toLowerCase()));
  const isTyped = own.some(([name]) => name.toLowerCase() === 'content-type');
  const all = [
    ...(isTyped ? [] : [['content-type', 'text/plain; charset=utf-8'] as const]),
    ...own,
    ...(Array.isArray(cookies) ? cookies.map((cookie) => ['set-cookie', String(cookie)] as const) : []),
  ];
  return all.every(isValid) ? all : undefined;
}

function isValid([name, value]: readonly [string, string]): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

function isRecord(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
