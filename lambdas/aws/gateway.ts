import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { Gateway, Posted } from '../core/gateway.ts';
import type { ConnectionId } from '../core/ids.ts';
import type { Clock } from '../core/ports.ts';

export type GatewaySettings = {
  /** The stage's `@connections` URL. Never built from an event's domain name: that is wrong behind a custom domain. */
  readonly callbackUrl: string;
  readonly clock: Clock;
  readonly random: () => number;
};

/**
 * A post to a dead peer can hang, and the SDK's own timeouts have been reported not to end it
 * (github.com/aws/aws-sdk-js-v3/issues/6896), so each attempt carries its own signal.
 */
const POST_TIMEOUT_MS = 3_000;
const ATTEMPTS = 4;
const BACKOFF_MS = 50;

/** The management API of a WebSocket stage. */
export function connectGateway(settings: GatewaySettings): Gateway {
  const client = new ApiGatewayManagementApiClient({ endpoint: settings.callbackUrl, maxAttempts: 1 });
  return {
    post: (connectionId, frame) => post(client, settings, connectionId, frame),
    close: (connectionId) => close(client, connectionId),
  };
}

async function post(
  client: ApiGatewayManagementApiClient,
  { clock, random }: GatewaySettings,
  connectionId: ConnectionId,
  frame: string,
): Promise<Posted> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await postOnce(client, connectionId, frame);
    if (outcome !== 'again') return outcome;
    if (attempt === ATTEMPTS) return 'failed';
    await clock.sleep(BACKOFF_MS * 2 ** (attempt - 1) * (0.5 + random()));
  }
}

async function postOnce(
  client: ApiGatewayManagementApiClient,
  ConnectionId: ConnectionId,
  frame: string,
): Promise<Posted | 'again'> {
  try {
    await client.send(new PostToConnectionCommand({ ConnectionId, Data: frame }), {
      abortSignal: AbortSignal.timeout(POST_TIMEOUT_MS),
    });
    return 'delivered';
  } catch (thrown) {
    return outcomeOf(thrown);
  }
}

/**
 * The status decides, not the error's name, which the SDK takes from a header that proxies may drop. 429 means either
 * too many requests or a client that reads too slowly, and 5xx that nothing was sent: both are worth another try. What
 * timed out may have been delivered, and must not be sent twice.
 */
function outcomeOf(thrown: unknown): Posted | 'again' {
  const status = statusOf(thrown);
  if (status === 410) return 'gone';
  if (status === 429 || (status !== undefined && status >= 500)) return 'again';
  return 'failed';
}

function statusOf(thrown: unknown): number | undefined {
  const { $metadata } = thrown as { readonly $metadata?: { readonly httpStatusCode?: number } };
  return $metadata?.httpStatusCode;
}

async function close(client: ApiGatewayManagementApiClient, ConnectionId: ConnectionId): Promise<void> {
  try {
    await client.send(new DeleteConnectionCommand({ ConnectionId }), {
      abortSignal: AbortSignal.timeout(POST_TIMEOUT_MS),
    });
  } catch {
    // Already gone, or out of reach: then the gateway's own limits end it.
  }
}
