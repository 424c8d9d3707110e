import { onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { WebSocketType } from '../../client/connection/platform.ts';
import {
  type Client,
  type ClientOptions,
  type ConversationState,
  createClient,
  type DialectName,
  type Store,
} from '../../client/index.ts';
import type { Person, Reachable } from './booking-scene.ts';

/** What does not come within this time does not come. */
const PATIENCE = { timeout: 20_000, interval: 20 };

/** A user's client whose connections a test can cut. */
export type Handheld<D extends DialectName> = {
  readonly client: Client<D>;
  /** Ends the connection as a lost network does. */
  readonly cut: () => void;
  /** What was reported as going wrong. */
  readonly errors: readonly Error[];
};

/** A client over the real wire, closed when the test ends. */
export function openClient<D extends DialectName>(
  backend: Reachable,
  person: Pick<Person, 'token'>,
  options: Partial<ClientOptions<D>> & { readonly dialect: D },
): Handheld<D> {
  const sockets = new Set<WebSocket>();
  const errors: Error[] = [];
  class CutSocket extends WebSocket {
    constructor(url: string) {
      super(url);
      sockets.add(this);
      this.once('close', () => sockets.delete(this));
    }
  }
  const client = createClient<D>({
    url: backend.webSocketUrl,
    apiUrl: backend.url,
    getToken: () => person.token,
    backoff: { minMs: 20, maxMs: 200 },
    onError: (error) => errors.push(error),
    ...options,
    platform: { WebSocket: CutSocket as unknown as WebSocketType, ...options.platform },
  });
  onTestFinished(() => client.close());
  const cut = () => {
    for (const socket of sockets) socket.terminate();
  };
  return { client, cut, errors };
}

/** Looks at a store until the test ends. */
export function watch<State>(store: Store<State>): () => State {
  onTestFinished(store.subscribe(() => undefined));
  return store.getSnapshot;
}

/** Waits until a store's state is as it should be. */
export function until<State>(store: Store<State>, expected: (state: State) => void): Promise<void> {
  return vi.waitFor(() => expected(store.getSnapshot()), PATIENCE);
}

/** What a conversation shows. */
export function contents({ messages }: ConversationState): readonly string[] {
  return messages.map(({ content }) => content);
}
