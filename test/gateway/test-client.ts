import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { WebSocket } from 'ws';
import { Inbox } from './inbox.ts';

type ClientOptions = WebSocket.ClientOptions;

/** How a connection ended, as its client saw it. */
export type Closed = { readonly code: number; readonly reason: string };

/** What an upgrade came to. */
export type Handshake =
  | { readonly kind: 'open'; readonly client: TestClient; readonly headers: NodeJS.Dict<string | string[]> }
  | { readonly kind: 'refused'; readonly status: number; readonly body: string };

/** An open WebSocket whose frames and end can be awaited, even when they came before the question. */
export class TestClient {
  readonly socket: WebSocket;
  readonly closed: Promise<Closed>;
  readonly frames = new Inbox<string>();

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => this.frames.push(data.toString()));
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Resolves when the gateway has read all that was sent so far: it answers pings in their place in the stream. */
  async flushed(): Promise<void> {
    const pong = once(this.socket, 'pong');
    this.socket.ping();
    await pong;
  }
}

/** Asks for a WebSocket and waits for the answer, whichever it is. */
export function handshake(
  url: string,
  options: ClientOptions & { readonly protocols?: readonly string[] } = {},
): Promise<Handshake> {
  const { protocols = [], ...rest } = options;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, [...protocols], rest);
    const client = new TestClient(socket);
    let headers: NodeJS.Dict<string | string[]> = {};
    socket.once('upgrade', (response) => {
      headers = response.headers;
    });
    socket.once('open', () => resolve({ kind: 'open', client, headers }));
    socket.once('error', reject);
    socket.once('unexpected-response', async (_request, response) => {
      const chunks = await response.toArray();
      resolve({ kind: 'refused', status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
    });
  });
}

/** Opens a WebSocket that is expected to open. */
export async function connect(url: string, options: ClientOptions = {}): Promise<TestClient> {
  const result = await handshake(url, options);
  if (result.kind === 'refused') throw new Error(`refused with ${result.status}: ${result.body}`);
  return result.client;
}

/** Sends bytes as they are and returns all that comes back until the other side ends. */
export function exchangeBytes(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connectSocket(Number(port), hostname, () => socket.write(bytes));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
  });
}
