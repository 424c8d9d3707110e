const KIB = 1024;
const MIB = 1024 * KIB;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** What the gateway refuses, cuts or throttles: sizes in bytes, times in milliseconds, rates per second. */
export type Limits = {
  readonly frameBytes: number;
  readonly messageBytes: number;
  readonly urlCharacters: number;
  readonly connectionLifetimeMs: number;
  readonly idleTimeoutMs: number;
  readonly integrationTimeoutMs: number;
  readonly httpIntegrationTimeoutMs: number;
  readonly httpPayloadBytes: number;
  readonly lambdaPayloadBytes: number;
  readonly clientBufferBytes: number;
  readonly newConnectionsPerSecond: number;
  readonly requestsPerSecond: number;
  readonly requestBurst: number;
};

/**
 * The quotas of a WebSocket API, an HTTP API and Lambda.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const LIMITS: Limits = {
  /** One frame from a client; browsers and Node put a whole message in one. Above it: close 1009. */
  frameBytes: 32 * KIB,
  /** One message either way. Above it: close 1009 from a client, 413 for a post. */
  messageBytes: 128 * KIB,
  urlCharacters: 4096,
  connectionLifetimeMs: 2 * HOUR,
  /** Without a data message in either direction; protocol pings do not count. */
  idleTimeoutMs: 10 * MINUTE,
  integrationTimeoutMs: 29 * SECOND,
  httpIntegrationTimeoutMs: 30 * SECOND,
  httpPayloadBytes: 10 * MIB,
  /** A synchronous invocation's event, and its answer. */
  lambdaPayloadBytes: 6 * MIB,
  /** AWS publishes no figure for the buffer whose overflow it answers with LimitExceededException; this one is ours. */
  clientBufferBytes: MIB,
  /** 500 on AWS, for an account and Region; off here, for load tests are about our own code. */
  newConnectionsPerSecond: Number.POSITIVE_INFINITY,
  /** 10,000 on AWS with a burst of 5,000, shared by frames, posts and HTTP requests; off here likewise. */
  requestsPerSecond: Number.POSITIVE_INFINITY,
  requestBurst: Number.POSITIVE_INFINITY,
};
