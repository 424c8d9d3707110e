import { once } from 'node:events';
import { WebSocket } from 'ws';
import { Inbox } from '../gateway/inbox.ts';

/** How a WebSocket ended, as its client saw it. */
export type Ended = { readonly code: number };

/** A WebSocket that speaks whatever a test has it say. */
export class RawSocket {
  /** Every frame that came, as text. */
  readonly frames = new Inbox<string>();
  readonly ended: Promise<Ended>;
  readonly socket: WebSocket;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => this.frames.push(data.toString()));
    socket.on('error', () => undefined);
    this.ended = new Promise((resolve) => socket.once('close', (code) => resolve({ code })));
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  next(): Promise<string> {
    return this.frames.next();
  }

  send(...frames: readonly (string | Buffer)[]): void {
    for (const frame of frames) this.socket.send(frame);
  }

  /** Resolves when both sides have read all that was sent before, and what each has said to that. */
  async flushed(): Promise<void> {
    for (let round = 1; round <= 2; round += 1) {
      const pong = Promise.race([once(this.socket, 'pong'), this.ended]);
      this.socket.ping();
      await pong;
    }
  }

  async close(code = 1000): Promise<Ended> {
    this.socket.close(code);
    return this.ended;
  }
}

/** Opens a WebSocket, or gives the status with which it was refused. */
export function openRaw(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawSocket | number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers });
    const raw = new RawSocket(socket);
    socket.once('open', () => resolve(raw));
    socket.once('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.once('error', reject);
  });
}

export type Opened = { readonly sid: string; readonly upgrades: readonly string[] } & Readonly<
  Record<string, unknown>
>;

/** A session that a WebSocket carries from the beginning, with what its OPEN packet said. */
export async function openSession(webSocketUrl: string): Promise<RawSocket & { readonly open: Opened }> {
  const raw = await openRaw(`${webSocketUrl}/socket.io/?EIO=4&transport=websocket`);
  if (typeof raw === 'number') throw new Error(`The handshake was refused with ${raw}.`);
  return Object.assign(raw, { open: openPacket(await raw.next()) });
}

/** A session that has joined the main namespace, or the one named. */
export async function joinedSession(
  webSocketUrl: string,
  namespace = '',
): Promise<RawSocket & { readonly open: Opened }> {
  const raw = await openSession(webSocketUrl);
  raw.send(`40${namespace}`);
  await raw.next();
  await raw.next();
  return raw;
}

/** What an OPEN packet says. */
export function openPacket(packet: string): Opened {
  if (!packet.startsWith('0')) throw new Error(`Not an OPEN packet: ${packet}`);
  return JSON.parse(packet.slice(1)) as Opened;
}

export type Polled = { readonly status: number; readonly body: string; readonly headers: Headers };

/** A session on HTTP long-polling, request by request. */
export class RawPolling {
  readonly url: string;
  readonly sid: string;

  constructor(url: string, sid: string) {
    this.url = `${url}/socket.io/?EIO=4&transport=polling&sid=${sid}`;
    this.sid = sid;
  }

  poll(init: RequestInit = {}): Promise<Polled> {
    return request(this.url, init);
  }

  post(body: string, init: RequestInit = {}): Promise<Polled> {
    const headers = { 'content-type': 'text/plain;charset=UTF-8' };
    return request(this.url, { method: 'POST', headers, body, ...init });
  }

  /** The packets of the next poll. */
  async packets(): Promise<readonly string[]> {
    const { status, body } = await this.poll();
    if (status !== 200) throw new Error(`The poll was refused with ${status} ${body}`);
    return body.split('\x1e');
  }
}

export async function request(url: string, init: RequestInit = {}): Promise<Polled> {
  const response = await fetch(url, init);
  return { status: response.status, body: await response.text(), headers: response.headers };
}

/** Begins a session on HTTP long-polling. */
export async function openPolling(url: string): Promise<RawPolling & { readonly open: Opened }> {
  const { body } = await request(`${url}/socket.io/?EIO=4&transport=polling`);
  const open = openPacket(body);
  return Object.assign(new RawPolling(url, open.sid), { open });
}

/** One that has joined the main namespace. */
export async function joinedPolling(url: string): Promise<RawPolling & { readonly open: Opened }> {
  const polling = await openPolling(url);
  await polling.post('40');
  const packets: string[] = [];
  while (packets.length < 2) packets.push(...(await polling.packets()));
  return polling;
}
