import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { Gateway, Posted } from '../core/gateway.ts';
import type { Clock } from '../core/ports.ts';
import { within } from './within.ts';

export type GatewaySettings = {
  /** The stage's `@connections` URL. Never built from an event's domain name: that is wrong behind a custom domain. */
  readonly callbackUrl: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** How long a request may take, in ms. @default 3000 */
  readonly timeoutMs?: number;
};

/**
 * A post to a dead peer can hang, and the SDK's own timeouts have been reported not to end it
 * (github.com/aws/aws-sdk-js-v3/issues/6896), so each attempt carries its own signal.
 */
const TIMEOUT_MS = 3_000;
const ATTEMPTS = 4;
const BACKOFF_MS = 50;
/** More than are ever in use: a request must not spend its time waiting for the sockets of those that hang. */
const SOCKETS = 1_000;

type Request = (abortSignal: AbortSignal) => Promise<unknown>;

/** The management API of a WebSocket stage. */
export function connectGateway(settings: GatewaySettings): Gateway {
  const sockets = { maxSockets: SOCKETS };
  const client = new ApiGatewayManagementApiClient({
    endpoint: settings.callbackUrl,
    maxAttempts: 1,
    requestHandler: { httpAgent: sockets, httpsAgent: sockets },
  });
  return {
    post: (ConnectionId, Data) =>
      insist(settings, (abortSignal) =>
        client.send(new PostToConnectionCommand({ ConnectionId, Data }), { abortSignal }),
      ),
    close: async (ConnectionId) => {
      // Already gone, or out of reach: then the gateway's own limits end it.
      await insist(settings, (abortSignal) =>
        client.send(new DeleteConnectionCommand({ ConnectionId }), { abortSignal }),
      );
    },
  };
}

/** Repeats what is known not to have been done. */
async function insist({ clock, random, timeoutMs }: GatewaySettings, request: Request): Promise<Posted> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await outcomeOf(within(timeoutMs ?? TIMEOUT_MS, request));
    if (outcome !== 'again') return outcome;
    if (attempt === ATTEMPTS) return 'failed';
    await clock.sleep(BACKOFF_MS * 2 ** (attempt - 1) * (0.5 + random()));
  }
}

/**
 * The status decides, not the error's name, which the SDK takes from a header that proxies may drop. 429 means either
 * too many requests or a client that reads too slowly, and 5xx that nothing was sent: both are worth another try. What
 * timed out may have been delivered, and must not be sent twice.
 */
async function outcomeOf(request: Promise<unknown>): Promise<Posted | 'again'> {
  try {
    await request;
    return 'delivered';
  } catch (thrown) {
    const status = statusOf(thrown);
    if (status === 410) return 'gone';
    if (status === 429 || (status !== undefined && status >= 500)) return 'again';
    return 'failed';
  }
}

function statusOf(thrown: unknown): number | undefined {
  const { $metadata } = thrown as { readonly $metadata?: { readonly httpStatusCode?: number } };
  return $metadata?.httpStatusCode;
}
