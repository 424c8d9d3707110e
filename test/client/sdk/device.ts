import {
  type Client,
  type ClientOptions,
  createClient,
  type DialectName,
  type Store,
} from '../../../client/index.ts';
import { FakeClock } from '../../gateway/fake-clock.ts';
import { BOOKING, FakeBackend } from './fake-backend.ts';

/** A number in [0, 1), the same row of them for the same seed. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Clients of a fake backend, on a clock that a test moves. */
export class Street {
  readonly clock = new FakeClock();
  readonly random: () => number;
  readonly backend: FakeBackend;
  readonly errors: Error[] = [];

  constructor(seed = 1) {
    this.random = dice(seed);
    this.backend = new FakeBackend(this.clock, this.random);
  }

  client<D extends DialectName = 'booking'>(
    userId: string,
    options: Partial<ClientOptions<D>> = {},
  ): Client<D> {
    const { clock, random } = this;
    return createClient<D>({
      url: 'wss://example.com/ws',
      getToken: () => tokenOf(userId),
      onError: (error) => this.errors.push(error),
      ...options,
      platform: {
        WebSocket: this.backend.webSocketOf(userId),
        clock,
        random,
        onNetwork: () => () => undefined,
        ...options.platform,
      },
    });
  }

  /** Lets time pass, and promises go on. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 100) {
      await turns();
      this.clock.advance(Math.min(left, 100));
    }
    await turns();
  }
}

/** Lets promises go on. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
}

/** The conversation as a client shows it. */
export function bookingOf(client: Client<'booking'>) {
  return client.conversation({ bookingId: BOOKING });
}

/** Looks at a store for good. */
export function watch<State>(store: Store<State>): void {
  store.subscribe(() => undefined);
}

function tokenOf(userId: string): string {
  return `e30.${btoa(JSON.stringify({ sub: userId }))}.x`;
}
