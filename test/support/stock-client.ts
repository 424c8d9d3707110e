import { once } from 'node:events';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { onTestFinished, vi } from 'vitest';
import type { WebSocket } from 'ws';
import type { Person, Reachable } from './booking-scene.ts';

/** An event as its listener got it, but for the function that would acknowledge it. */
export type Told = { readonly event: string; readonly args: readonly unknown[] };

export type Options = Partial<ManagerOptions & SocketOptions>;

/** What does not come within this time does not come. */
const PATIENCE = { timeout: 45_000, interval: 10 } as const;

/** A device with the unmodified client of Socket.IO, which remembers what it hears. */
export class StockClient {
  readonly socket: Socket;
  readonly #told: Told[] = [];
  readonly #taken = new Set<Told>();

  constructor(socket: Socket) {
    this.socket = socket;
    socket.onAny((event: string, ...given: readonly unknown[]) => {
      // An event that must not be taken for recoverable asks for an acknowledgement, whose function comes last.
      const args = given.filter((arg) => typeof arg !== 'function');
      this.#told.push({ event, args });
    });
  }

  /** Everything heard so far. */
  get heard(): readonly Told[] {
    return [...this.#told];
  }

  /** What no test has awaited yet, as names. */
  get unawaited(): readonly string[] {
    return this.#told.filter((told) => !this.#taken.has(told)).map(({ event }) => event);
  }

  /** The payloads of all events of this name so far. */
  all(event: string): readonly unknown[] {
    return this.#told.filter((told) => told.event === event).map(({ args }) => args[0]);
  }

  emit(event: string, ...args: readonly unknown[]): void {
    this.socket.emit(event, ...args);
  }

  /** Emits an event and gives its acknowledgement. */
  request(event: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.socket.timeout(PATIENCE.timeout).emitWithAck(event, ...args);
  }

  /** The payload of the first event of this name that was not awaited before. */
  async next(event: string): Promise<unknown> {
    const find = () => this.#told.find((told) => told.event === event && !this.#taken.has(told));
    await vi.waitUntil(find, PATIENCE).catch(() => {
      throw new Error(`Waited in vain for '${event}'; heard ${JSON.stringify(this.#told)}`);
    });
    const found = find() as Told;
    this.#taken.add(found);
    return found.args[0];
  }

  /** Resolves when the gateway has read all that was sent, and this client all that had been sent to it by then. */
  async flushed(): Promise<void> {
    // Only where it is on a WebSocket, which is in nobody's types but the transport's own.
    const { ws } = this.socket.io.engine.transport as unknown as { readonly ws?: WebSocket };
    if (!this.socket.connected || !ws) return;
    const pong = Promise.race([once(ws, 'pong'), once(ws, 'close')]);
    ws.ping();
    await pong;
  }
}

/** Opens a device that is expected to be let in; it is closed when the test ends. */
export async function openStock(
  backend: Pick<Reachable, 'url'>,
  { token }: Pick<Person, 'token'>,
  options: Options = {},
): Promise<StockClient> {
  const auth = { token };
  const socket = io(backend.url, { auth, transports: ['websocket'], forceNew: true, ...options });
  onTestFinished(() => void socket.disconnect());
  const client = new StockClient(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return client;
}
