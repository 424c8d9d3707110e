import type { IncomingMessage } from 'node:http';
import { newId } from './ids.ts';
import { groupHeaders, sourceIpOf } from './request-headers.ts';
import type { Stage } from './stage.ts';

/** What is known of a connection from its handshake on, and told with each of its events. */
export type ConnectionFacts = {
  readonly connectionId: string;
  readonly connectedAt: number;
  readonly identity: { readonly sourceIp: string; readonly userAgent?: string };
};

/** How a connection ended, as `$disconnect` tells it. */
export type ConnectionEnd = { readonly code: number; readonly reason: string };

/** A client's frame and the route it has selected. */
export type RoutedFrame = { readonly routeKey: string; readonly body: string };

type Occasion = { readonly routeKey: string; readonly eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT' };

/** Names a new connection and its client. */
export function describeConnection(stage: Stage, request: IncomingMessage): ConnectionFacts {
  const userAgent = request.headers['user-agent'];
  return {
    connectionId: newId(),
    connectedAt: stage.clock.now(),
    identity: { sourceIp: sourceIpOf(request), ...(userAgent === undefined ? {} : { userAgent }) },
  };
}

/**
 * The CONNECT event: headers and query, but neither path nor body. The query's fields are absent, not null, when
 * there is none. A mapping key of several levels makes header names lower-case.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-mappings.html
 */
export function connectEvent(
  stage: Stage,
  facts: ConnectionFacts,
  handshake: { readonly request: IncomingMessage; readonly entry: string; readonly query: string },
) {
  const { request, entry, query } = handshake;
  return {
    ...groupHeaders(request, { lowerCase: entry.includes('/') }),
    ...groupQuery(query),
    requestContext: requestContext(stage, facts, { routeKey: '$connect', eventType: 'CONNECT' }),
    isBase64Encoded: false,
  };
}

/** The MESSAGE event: neither headers nor query, so what is needed of them later must be kept at `$connect`. */
export function messageEvent(stage: Stage, facts: ConnectionFacts, { routeKey, body }: RoutedFrame) {
  const context = requestContext(stage, facts, { routeKey, eventType: 'MESSAGE' });
  return { requestContext: { ...context, messageId: newId() }, body, isBase64Encoded: false };
}

/** The DISCONNECT event, with the four headers that AWS makes up for it. */
export function disconnectEvent(stage: Stage, facts: ConnectionFacts, end: ConnectionEnd) {
  const headers = { Host: stage.domainName, 'x-api-key': '', 'X-Forwarded-For': '', 'x-restapi': '' };
  const context = requestContext(stage, facts, { routeKey: '$disconnect', eventType: 'DISCONNECT' });
  return {
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    requestContext: { ...context, disconnectStatusCode: end.code, disconnectReason: end.reason },
    isBase64Encoded: false,
  };
}

/** Milliseconds since the epoch in the Common Log Format's style, as in `09/Feb/2024:18:23:28 +0000`. */
export function logTime(epochMs: number): string {
  const [, day, month, year, time] = new Date(epochMs).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}

function requestContext(stage: Stage, facts: ConnectionFacts, { routeKey, eventType }: Occasion) {
  const requestId = newId();
  const now = stage.clock.now();
  return {
    routeKey,
    eventType,
    extendedRequestId: requestId,
    requestTime: logTime(now),
    messageDirection: 'IN',
    stage: stage.name,
    connectedAt: facts.connectedAt,
    requestTimeEpoch: now,
    identity: facts.identity,
    requestId,
    domainName: stage.domainName,
    connectionId: facts.connectionId,
    apiId: stage.apiId,
  };
}

function groupQuery(query: string) {
  const all = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) all.set(name, [...(all.get(name) ?? []), value]);
  if (all.size === 0) return {};
  return {
    queryStringParameters: Object.fromEntries([...all].map(([name, values]) => [name, values.at(-1)])),
    multiValueQueryStringParameters: Object.fromEntries(all),
  };
}
