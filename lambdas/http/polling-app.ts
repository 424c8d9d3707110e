import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { Fault, toFault } from '../core/fault.ts';
import {
  ALLOWED_HEADERS,
  ALLOWED_METHODS,
  type BaseParts,
  BODY_MAX_BYTES,
  originsIn,
  PREFLIGHT_S,
} from './base.ts';

/** A request of Socket.IO's HTTP long-polling, as its wire takes it. */
export type PollingRequest = {
  readonly method: string;
  readonly query: Readonly<Record<string, string>>;
  readonly handshake: {
    readonly authorization?: string;
    readonly query: Readonly<Record<string, string>>;
    readonly address: string;
  };
  readonly body: string;
};

export type PollingReply = { readonly status: number; readonly type: string; readonly body: string };

type PollingParts = BaseParts & {
  /** Serves a request of Socket.IO's HTTP long-polling. */
  readonly poll: (request: PollingRequest) => Promise<PollingReply>;
};

type Request = APIGatewayProxyEventV2;
type Answer = APIGatewayProxyStructuredResultV2;

/**
 * Socket.IO's HTTP long-polling on any path: its requests are known by their query. It does without the router of the
 * other routes, as there is nothing to route; what browsers are told of CORS, and how is refused, is the same.
 */
export function createPollingApp(parts: PollingParts): (request: Request) => Promise<Answer> {
  const origins = originsIn(parts.clientUrl);
  return async (request) => {
    const allowed = allowedHeaders(origins, request.headers.origin);
    if (request.requestContext.http.method === 'OPTIONS') return preflight(allowed);
    const { headers, ...answer } = await serve(parts, request).catch((thrown) => refused(parts, thrown));
    return { ...answer, headers: { ...headers, ...allowed } };
  };
}

async function serve({ poll }: PollingParts, request: Request): Promise<Answer> {
  const query = queryOf(request.rawQueryString);
  if (!('EIO' in query)) throw new Fault('route-unknown');
  const { authorization } = request.headers;
  const { method, sourceIp: address } = request.requestContext.http;
  const handshake = { query, address, ...(authorization !== undefined && { authorization }) };
  const body = bodyOf(request);
  const reply = await poll({ method, query, handshake, body: method === 'POST' ? body : '' });
  return {
    statusCode: reply.status,
    headers: { 'content-type': reply.type, 'cache-control': 'no-store' },
    body: reply.body,
  };
}

/** The first value of each name; a null prototype bears whatever names a stranger gives. */
function queryOf(text: string): Readonly<Record<string, string>> {
  const query: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) query[name] ??= value;
  return query;
}

/** @throws Fault `payload-too-large` */
function bodyOf({ body = '', isBase64Encoded }: Request): string {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.byteLength > BODY_MAX_BYTES)
    throw new Fault('payload-too-large', `at most ${BODY_MAX_BYTES} bytes`);
  return bytes.toString();
}

/** https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS */
function allowedHeaders(origins: readonly string[], origin = ''): Record<string, string> {
  if (origins.includes('*')) return { 'access-control-allow-origin': '*' };
  return {
    'access-control-allow-credentials': 'true',
    vary: 'Origin',
    ...(origins.includes(origin) && { 'access-control-allow-origin': origin }),
  };
}

function preflight(allowed: Readonly<Record<string, string>>): Answer {
  const vary = [allowed.vary, 'Access-Control-Request-Headers'].filter(Boolean).join(', ');
  return {
    statusCode: 204,
    headers: {
      ...allowed,
      vary,
      'access-control-max-age': String(PREFLIGHT_S),
      'access-control-allow-methods': ALLOWED_METHODS.join(','),
      'access-control-allow-headers': ALLOWED_HEADERS.join(','),
    },
  };
}

function refused({ report }: PollingParts, thrown: unknown): Answer {
  const { code, status, message, cause } = toFault(thrown);
  if (code === 'INTERNAL') report(cause);
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ success: false, message, data: null, error: code }),
  };
}
