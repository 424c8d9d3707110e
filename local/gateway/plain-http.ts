import { type Exchange, gatewayReply, type HttpReply, send } from './exchange.ts';
import { serveHttpApi } from './http-api.ts';
import { parseConnectionPath, serveManagementApi } from './management-api.ts';
import type { GatewayOptions } from './options.ts';
import { parseTarget } from './request-target.ts';
import type { Stage } from './stage.ts';

/** AWS answers so too, as the tests of serverless-offline found there: github.com/dherault/serverless-offline. */
const UPGRADE_REQUIRED: HttpReply = {
  ...gatewayReply(426, 'Upgrade Required'),
  headers: [
    ['content-type', 'application/json'],
    ['upgrade', 'websocket'],
  ],
};

/**
 * Answers a request that asks for no WebSocket. One port stands for what are several hosts on AWS: @connections and
 * the stage's own path belong to the WebSocket API, and all the rest, mapping keys included, to the HTTP API.
 */
export async function servePlainHttp(
  stage: Stage,
  options: Pick<GatewayOptions, 'http' | 'httpRoutes' | 'intercept'>,
  exchange: Exchange,
): Promise<void> {
  try {
    await route(stage, options, exchange);
  } catch (error) {
    stage.log('a plain HTTP request failed', { error, url: exchange.request.url });
    if (exchange.response.headersSent) exchange.response.destroy();
    else await send(exchange, gatewayReply(500, 'Internal Server Error'));
  }
}

async function route(
  stage: Stage,
  { http, httpRoutes = {}, intercept }: Pick<GatewayOptions, 'http' | 'httpRoutes' | 'intercept'>,
  exchange: Exchange,
): Promise<void> {
  if (await intercept?.(exchange.request, exchange.response)) return;
  const { path } = parseTarget(exchange.request.url);
  const connection = parseConnectionPath(path);
  if (connection) return serveManagementApi(stage, connection, exchange);
  const isWebSocketPath = path === `/${stage.name}` || path.startsWith(`/${stage.name}/`);
  if (isWebSocketPath || !http) return send(exchange, UPGRADE_REQUIRED);
  const [routeKey = '$default', lambda = http] =
    Object.entries(httpRoutes).find(([key]) => path.startsWith(prefixOf(key))) ?? [];
  return serveHttpApi(stage, { routeKey, lambda }, exchange);
}

/** `ANY /api/{proxy+}` takes whatever lies below `/api/`, and not `/api` itself. */
function prefixOf(routeKey: string): string {
  return routeKey.slice(routeKey.indexOf('/'), routeKey.indexOf('{'));
}
