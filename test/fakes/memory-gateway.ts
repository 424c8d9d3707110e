import type { Gateway, Posted } from '../../lambdas/core/gateway.ts';
import type { ConnectionId } from '../../lambdas/core/ids.ts';
import type { Turn } from './in-turn.ts';

/** A gateway that keeps what it is given to send. */
export type MemoryGateway = Gateway & {
  /** What arrived at a connection, in this order. */
  readonly framesOf: (connectionId: ConnectionId) => readonly string[];
  /** The connections that were cut off, as often as they were. */
  readonly cutOff: readonly ConnectionId[];
};

export type MemoryGatewayOptions = {
  /** @default every post goes on at the next opportunity */
  readonly turn?: Turn;
  /** What becomes of a post; what is not `delivered` did not arrive. @default everything is delivered */
  readonly outcome?: (connectionId: ConnectionId, frame: string) => Posted | Promise<Posted>;
};

export function memoryGateway(options: MemoryGatewayOptions = {}): MemoryGateway {
  const { turn = async () => undefined, outcome = () => 'delivered' } = options;
  const arrived = new Map<ConnectionId, string[]>();
  const cutOff: ConnectionId[] = [];
  return {
    cutOff,
    framesOf: (connectionId) => arrived.get(connectionId) ?? [],
    post: async (connectionId, frame) => {
      await turn('gateway.post');
      const posted = await outcome(connectionId, frame);
      if (posted === 'delivered') arrived.set(connectionId, [...(arrived.get(connectionId) ?? []), frame]);
      return posted;
    },
    close: async (connectionId) => {
      await turn('gateway.close');
      cutOff.push(connectionId);
    },
  };
}
