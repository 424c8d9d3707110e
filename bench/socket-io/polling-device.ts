import { on, once } from 'node:events';
import { WebSocket } from 'ws';
import type { Deployment } from '../counting/deployment.ts';
import type { Person } from '../counting/people.ts';
import { flushed } from './stock-client.ts';

/** Packets of one payload are joined by it (github.com/socketio/engine.io-protocol#http-long-polling-1). */
const SEPARATOR = '\x1e';
const NOOP = '6';

/**
 * A device on HTTP long-polling that makes one request after the other. The unmodified client has a poll waiting all the
 * time; what that costs depends on how long it waits, and is counted by itself.
 */
export class PollingDevice {
  readonly #deployment: Deployment;
  readonly #sid: string;

  private constructor(deployment: Deployment, sid: string) {
    this.#deployment = deployment;
    this.#sid = sid;
  }

  /** Handshake, CONNECT, and the poll that brings its answer. @throws Error when the person is refused. */
  static async connect(deployment: Deployment, { token }: Person): Promise<PollingDevice> {
    const [open = ''] = await request(pollingUrl(deployment));
    const { sid } = JSON.parse(open.slice(1)) as { readonly sid: string };
    const device = new PollingDevice(deployment, sid);
    await device.#post(`40${JSON.stringify({ token })}`);
    const [reply = ''] = await device.poll();
    if (!reply.startsWith('40')) throw new Error(`The CONNECT was answered with ${reply}`);
    return device;
  }

  /** What one poll brings. */
  poll(): Promise<readonly string[]> {
    return request(pollingUrl(this.#deployment, this.#sid));
  }

  /** Sends an event, and polls for its acknowledgement. @throws Error when it was refused. */
  async ask(name: string, ...args: readonly unknown[]): Promise<void> {
    await this.#post(`420${JSON.stringify([name, ...args])}`);
    const [reply = ''] = await this.poll();
    if (!reply.startsWith('430[{"ok":true')) throw new Error(`${name} was refused: ${reply}`);
  }

  async #post(packet: string): Promise<void> {
    await request(pollingUrl(this.#deployment, this.#sid), { method: 'POST', body: packet });
  }

  /** Sends an event over the WebSocket that has taken over. @throws Error when it was refused. */
  static async askOver(webSocket: WebSocket, name: string, ...args: readonly unknown[]): Promise<void> {
    webSocket.send(`420${JSON.stringify([name, ...args])}`);
    for await (const [data] of on(webSocket, 'message')) {
      const frame = String(data);
      if (frame.startsWith('430[{"ok":true')) return;
      if (frame.startsWith('430')) throw new Error(`${name} was refused: ${frame}`);
    }
  }

  /** Has a WebSocket take over, as github.com/socketio/engine.io-protocol#upgrade says. */
  async upgrade(): Promise<WebSocket> {
    const query = `EIO=4&transport=websocket&sid=${this.#sid}`;
    const webSocket = new WebSocket(`${this.#deployment.gateway.webSocketUrl}/?${query}`);
    await once(webSocket, 'open');
    const answer = once(webSocket, 'message');
    webSocket.send('2probe');
    const [probed] = (await answer) as [Buffer];
    const [ended] = await this.poll();
    if (probed.toString() !== '3probe' || ended !== NOOP) throw new Error('The probe went wrong.');
    webSocket.send('5');
    await flushed(webSocket);
    return webSocket;
  }
}

function pollingUrl({ gateway }: Deployment, sid?: string): string {
  const session = sid === undefined ? '' : `&sid=${sid}`;
  return `${gateway.url}/socket.io/?EIO=4&transport=polling${session}`;
}

async function request(url: string, init: RequestInit = {}): Promise<readonly string[]> {
  const response = await fetch(url, init);
  const body = await response.text();
  if (!response.ok) throw new Error(`${init.method ?? 'GET'} was answered with ${response.status}: ${body}`);
  return body.split(SEPARATOR);
}
