import { once } from 'node:events';
import { WebSocket } from 'ws';

/** An event as it came from the server. */
export type Heard = { readonly event: string; readonly data: unknown; readonly offset?: string };

/** How a connection ended, as its client saw it. */
export type Closed = { readonly code: number; readonly reason: string };

export type Credentials = {
  /** As `?token=`. */
  readonly token?: string;
  /** As a header. */
  readonly authorization?: string;
  readonly dialect?: string;
  /** Whether it counts along. */
  readonly offsets?: boolean;
};

type Frame = Partial<Heard> & { readonly reply?: number };

/** A patient client: what does not come within this time does not come. */
const PATIENCE_MS = 45_000;

/** One device on the native wire. */
export class NativeClient {
  /** Every frame that came, as text. */
  readonly frames: string[] = [];
  readonly closed: Promise<Closed>;
  readonly #socket: WebSocket;
  readonly #heard: Heard[] = [];
  readonly #replies = new Map<number, unknown>();
  readonly #taken = new Set<Heard>();
  readonly #waiting = new Set<() => void>();
  #nextId = 1;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#take(data.toString()));
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
        this.#wake();
      });
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Every event so far, the awaited ones included. */
  get heard(): readonly Heard[] {
    return [...this.#heard];
  }

  /** The events that no test has awaited yet. */
  get unawaited(): readonly Heard[] {
    return this.#heard.filter((heard) => !this.#taken.has(heard));
  }

  /** Sends an event that asks for an answer, and gives the answer. */
  async request(action: string, data?: unknown): Promise<unknown> {
    const id = this.#nextId++;
    this.raw(JSON.stringify({ action, data, id }));
    return this.reply(id);
  }

  /** Sends an event that asks for none. */
  emit(action: string, data?: unknown): void {
    this.raw(JSON.stringify({ action, data }));
  }

  /** Sends a frame as it is: binary when it is bytes. */
  raw(frame: string | Buffer): void {
    this.#socket.send(frame);
  }

  /** The answer to the frame with this id, once it has come. */
  async reply(id: number): Promise<unknown> {
    await this.#until(() => this.#replies.has(id), `a reply to ${id}`);
    return this.#replies.get(id);
  }

  /** The payload of the first event of this name that was not awaited before. */
  async next(event: string): Promise<unknown> {
    const find = () => this.unawaited.find((heard) => heard.event === event);
    await this.#until(() => find() !== undefined, `an event '${event}'`);
    const found = find() as Heard;
    this.#taken.add(found);
    return found.data;
  }

  /** Resolves when the gateway has read all that was sent, and this client all that had been sent to it by then. */
  async flushed(): Promise<void> {
    if (!this.isOpen) return;
    const pong = Promise.race([once(this.#socket, 'pong'), this.closed]);
    this.#socket.ping();
    await pong;
  }

  /** Ends the connection with a closing handshake. */
  async close(): Promise<Closed> {
    this.#socket.close(1000);
    return this.closed;
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }

  #take(text: string): void {
    this.frames.push(text);
    const frame = JSON.parse(text) as Frame;
    if (frame.reply !== undefined) this.#replies.set(frame.reply, frame.data);
    else this.#heard.push({ ...frame, event: frame.event ?? text, data: frame.data });
    this.#wake();
  }

  async #until(isThere: () => boolean, what: string): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!isThere()) {
      if (!this.isOpen) throw new Error(`The connection ended before ${what} came.`);
      if (await this.#isLate(deadline))
        throw new Error(`Waited in vain for ${what}; heard ${JSON.stringify(this.frames)}`);
    }
  }

  /** Waits for the next frame, or the end of the connection, or the deadline. */
  #isLate(deadline: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (isLate: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve(isLate);
      };
      const wake = () => settle(false);
      const timer = setTimeout(() => settle(true), deadline - Date.now());
      this.#waiting.add(wake);
    });
  }
}

/** Asks for a WebSocket: the device, or the HTTP status with which it was refused. */
export function openNative(
  webSocketUrl: string,
  { token, authorization, dialect, offsets }: Credentials = {},
): Promise<NativeClient | number> {
  const url = new URL(webSocketUrl);
  if (token !== undefined) url.searchParams.set('token', token);
  if (dialect !== undefined) url.searchParams.set('dialect', dialect);
  if (offsets) url.searchParams.set('offsets', '1');
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers: authorization === undefined ? {} : { authorization } });
    const client = new NativeClient(socket);
    socket.once('open', () => resolve(client));
    socket.once('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.once('error', reject);
  });
}
