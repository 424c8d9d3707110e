import {
  type Change,
  type Connection,
  type ConnectionOptions,
  createConnection,
} from '../../../client/connection/connection.ts';
import type { Heard } from '../../../client/connection/frame.ts';
import { FakeSocket } from '../../fakes/fake-server.ts';
import { FakeClock } from '../../gateway/fake-clock.ts';

export const C = 'cAAAAAAAAAAAAAAAAAAAAAA';

/** A connection whose other side, clock and dice a test holds in its hands. */
export class Scene {
  readonly clock = new FakeClock();
  readonly sockets: FakeSocket[] = [];
  readonly changes: Change[] = [];
  readonly heard: Heard[] = [];
  readonly connection: Connection;
  random = 0.123456789;
  network: (isOnline: boolean) => void = () => undefined;

  constructor(options: Partial<ConnectionOptions> = {}) {
    const { sockets } = this;
    const platform = {
      WebSocket: class extends FakeSocket {
        constructor(url: string) {
          super(url);
          sockets.push(this);
        }
      },
      clock: this.clock,
      random: () => this.random,
      onNetwork: (listener: (isOnline: boolean) => void) => {
        this.network = listener;
        return () => undefined;
      },
    };
    this.connection = createConnection({
      url: 'wss://example.com/ws',
      credentials: () => ({ token: 'token' }),
      ...options,
      platform,
      onChange: (change) => {
        this.changes.push(change);
        options.onChange?.(change);
      },
      onEvent: (heard) => this.heard.push(heard),
    });
  }

  /** The latest socket. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('No socket was opened.');
    return socket;
  }

  /** Where the server stands in time, as it says it. */
  get at(): string {
    return new Date(this.clock.now()).toISOString();
  }

  /** Lets promises go on: tokens are asked for asynchronously. */
  async turn(): Promise<void> {
    for (let turns = 0; turns < 10; turns += 1) await Promise.resolve();
  }

  /** Opens the latest socket, and lets its client in. */
  async admit(session: object = {}): Promise<FakeSocket> {
    await this.turn();
    const { socket } = this;
    socket.onopen?.();
    await this.turn();
    const answer = { ok: true, connectionId: 'c1', userId: 'ann', dialect: 'booking', at: this.at };
    socket.answer('parley:connect', { ...answer, ...session });
    await this.turn();
    return socket;
  }

  /** Opens the connection, and has it joined a room after its message `seq`. */
  async enter(seq = 0, session: object = {}): Promise<FakeSocket> {
    this.connection.open();
    const socket = await this.admit(session);
    this.connection.ask({ action: 'joinBooking', args: ['b1'] });
    socket.answer('joinBooking', { ok: true, bookingId: 'b1' }, `${C}.${seq}`);
    return socket;
  }

  /** What was heard, as names and payloads. */
  get told(): readonly string[] {
    return this.heard.map(({ args }) => String(args[0]));
  }
}

/** The frame of the message at a place, which says its number. */
export function message(seq: number, event = 'newMessage') {
  return { event, data: seq, offset: `${C}.${seq}` };
}
