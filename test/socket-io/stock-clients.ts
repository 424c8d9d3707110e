import { io as io48, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { io as io40 } from 'socket.io-client-4.0';
import { io as io44 } from 'socket.io-client-4.4';
import { io as io46 } from 'socket.io-client-4.6';
import { onTestFinished } from 'vitest';

/** The unmodified clients, by version. Their types differ from one to the next in ways that do not matter here. */
export const CLIENTS = {
  '4.0': io40 as unknown as typeof io48,
  '4.4': io44 as unknown as typeof io48,
  '4.6': io46 as unknown as typeof io48,
  '4.8': io48,
} as const;

export type ClientVersion = keyof typeof CLIENTS;

export type Options = Partial<ManagerOptions & SocketOptions>;

/** A client that is closed when the test ends; with no options but those given. */
export function openClient(url: string, options: Options = {}, version: ClientVersion = '4.8'): Socket {
  const socket = CLIENTS[version](url, options);
  onTestFinished(() => void socket.io._close());
  return socket;
}

/** The arguments of the next event of this name. */
export function nextEvent(socket: Socket, name: string): Promise<readonly unknown[]> {
  return new Promise((resolve) => socket.once(name, (...args: unknown[]) => resolve(args)));
}

/** Resolves once the client has connected; rejects with what the server says against it. */
export function connected(socket: Socket): Promise<void> {
  if (socket.connected) return Promise.resolve();
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
}

/** Emits an event and gives its acknowledgement. */
export function request(socket: Socket, name: string, ...args: readonly unknown[]): Promise<unknown> {
  return new Promise((resolve) => socket.emit(name, ...args, resolve));
}

/** Resolves once a client that began with HTTP long-polling is on a WebSocket. */
export function upgraded(socket: Socket): Promise<void> {
  const { engine } = socket.io;
  if (engine.transport.name === 'websocket') return Promise.resolve();
  return new Promise((resolve) => engine.once('upgrade', () => resolve()));
}
