import type { ConnectionId } from '../../core/ids.ts';
import type { ServerParts } from './server.ts';

/**
 * API Gateway answers 410 until `$connect` has returned and for a moment longer, and there is no way to learn when that
 * is over (repost.aws/knowledge-center/410-gone-api-gateway). The client waits 20 s for its first packet.
 */
const FIRST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 640;
const POST_WITHIN_MS = 10_000;

type Way = Pick<ServerParts, 'gateway' | 'clock' | 'random'> & {
  /** Says whether the connection is still there. */
  readonly store: { readonly find: (connectionId: ConnectionId) => Promise<unknown> };
};

/**
 * Posts the first frame to a WebSocket, one that may come twice, as soon as API Gateway lets it through. `ended` when
 * the connection has ended meanwhile, `unreachable` when it has not and yet cannot be reached.
 */
export async function postFirst(
  { store, gateway, clock, random }: Way,
  connectionId: ConnectionId,
  frame: string,
): Promise<'delivered' | 'ended' | 'unreachable'> {
  const deadline = clock.now() + POST_WITHIN_MS;
  for (let wait = FIRST_WAIT_MS; clock.now() < deadline; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    if ((await gateway.post(connectionId, frame)) === 'delivered') return 'delivered';
    await clock.sleep(wait * (0.5 + random()));
    if (!(await store.find(connectionId))) return 'ended';
  }
  return 'unreachable';
}
