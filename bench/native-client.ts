import { once } from 'node:events';
import { WebSocket } from 'ws';

type Frame = { readonly event?: string; readonly reply?: number; readonly data?: unknown };

/** A device on the native wire. */
export class NativeClient {
  /** Told of every event. */
  onEvent: (event: string, data: unknown) => void = () => undefined;
  readonly #socket: WebSocket;
  readonly #replies = new Map<number, (data: unknown) => void>();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (text) => this.#take(JSON.parse(text.toString()) as Frame));
  }

  /** Connects as the user of this token, in this dialect or the deployment's own. */
  static async connect(webSocketUrl: string, token: string, dialect?: string): Promise<NativeClient> {
    const asked = dialect === undefined ? '' : `&dialect=${dialect}`;
    const socket = new WebSocket(`${webSocketUrl}?token=${token}${asked}`);
    const client = new NativeClient(socket);
    await once(socket, 'open');
    return client;
  }

  /** Sends an event, and gives the server's reply to it. */
  request(action: string, data: unknown): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    const reply = new Promise((resolve) => this.#replies.set(id, resolve));
    this.#socket.send(JSON.stringify({ action, data, id }));
    return reply;
  }

  /** Sends an event that asks for no reply. */
  emit(action: string, data: unknown): void {
    this.#socket.send(JSON.stringify({ action, data }));
  }

  async close(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  #take({ event, reply, data }: Frame): void {
    if (event !== undefined) this.onEvent(event, data);
    if (reply === undefined) return;
    this.#replies.get(reply)?.(data);
    this.#replies.delete(reply);
  }
}
