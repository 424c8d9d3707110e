import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** The Lambda function of a route of the HTTP API. */
export type HttpFunction = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/** Where browsers call from unless `CLIENT_URL` says otherwise (support.md “Server Setup”). */
export const SITE = 'http://localhost:5173';

/**
 * An HTTP API hands its path over decoded, and hono takes it for encoded: an id with `#` or `?` would end the path
 * there (github.com/honojs/hono/issues/2156).
 */
export function withEscapedPath(serve: HttpFunction): HttpFunction {
  return (event) => serve({ ...event, rawPath: event.rawPath.split('/').map(encodeURIComponent).join('/') });
}
