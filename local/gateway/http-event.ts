import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { logTime } from './events.ts';
import { forwardedHeaders, sourceIpOf } from './request-headers.ts';
import { decodePath, parseTarget } from './request-target.ts';
import type { Stage } from './stage.ts';

/**
 * Content types whose body comes as text; any other, a missing one and even a form come in base64, as measured on
 * AWS: https://github.com/ministackorg/ministack/pull/766
 */
const TEXT = /^(?:text\/|application\/(?:json|xml|javascript)\s*(?:;|$))/i;

/** A request that has been read to its end, and the id it goes by. */
export type HttpRequest = {
  readonly request: IncomingMessage;
  readonly requestId: string;
  readonly routeKey: string;
  readonly body: Buffer;
};

/**
 * A request as an event of payload format 2.0, or undefined when its path has a malformed escape.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpEvent(
  stage: Stage,
  { request, requestId, routeKey, body }: HttpRequest,
): APIGatewayProxyEventV2 | undefined {
  const target = parseTarget(request.url);
  const path = rawPathOf(target.path);
  if (path === undefined) return undefined;
  const cookies = cookiesOf(request);
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: target.query,
    ...(cookies.length === 0 ? {} : { cookies }),
    headers: joinedHeaders(request),
    ...(target.query === '' ? {} : { queryStringParameters: joinedQuery(target.query) }),
    ...pathParametersOf(routeKey, path),
    requestContext: requestContext(stage, { request, requestId, routeKey, path }),
    ...bodyOf(request, body),
  };
}

/**
 * Despite its name `rawPath` is the decoded path, and ends at a `?` that was escaped in it; an escaped `/` or `#`
 * cannot be told from a plain one: https://github.com/honojs/hono/issues/2156,
 * https://github.com/fastify/aws-lambda-fastify/issues/169, https://github.com/middleapi/standard-server/pull/93
 */
function rawPathOf(escapedPath: string): string | undefined {
  return decodePath(escapedPath)?.replace(/\?.*$/s, '');
}

function requestContext(
  stage: Stage,
  { request, requestId, routeKey, path }: Omit<HttpRequest, 'body'> & { readonly path: string },
) {
  const now = stage.clock.now();
  return {
    accountId: '000000000000',
    apiId: stage.apiId,
    domainName: stage.domainName,
    domainPrefix: stage.apiId,
    http: {
      method: request.method ?? 'GET',
      path,
      protocol: `HTTP/${request.httpVersion}`,
      sourceIp: sourceIpOf(request),
      userAgent: request.headers['user-agent'] ?? '',
    },
    requestId,
    routeKey,
    stage: '$default',
    time: logTime(now),
    timeEpoch: now,
  };
}

/** What a greedy path variable took. */
function pathParametersOf(routeKey: string, path: string) {
  const at = routeKey.indexOf('{');
  if (at < 0) return {};
  return { pathParameters: { proxy: path.slice(routeKey.slice(routeKey.indexOf('/'), at).length) } };
}

/** Lower-case names, duplicates joined by commas; cookies travel in their own field alone. */
function joinedHeaders(request: IncomingMessage): Record<string, string> {
  return joined(
    forwardedHeaders(request)
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => name !== 'cookie'),
  );
}

function joinedQuery(query: string): Record<string, string> {
  return joined([...new URLSearchParams(query)]);
}

function joined(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const all = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = all.get(name);
    all.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(all);
}

function cookiesOf(request: IncomingMessage): string[] {
  const header = request.headers.cookie ?? '';
  return header.split(/;\s*/).filter((cookie) => cookie !== '');
}

function bodyOf(request: IncomingMessage, body: Buffer) {
  if (body.length === 0) return { isBase64Encoded: false };
  const isText = TEXT.test(request.headers['content-type'] ?? '');
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}
