import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { onTestFinished } from 'vitest';
import type { Message, Person } from '../support/booking-scene.ts';
import { type Loss, layLine, type Network } from './network.ts';
import type { ShakyBackend } from './shaky-backend.ts';

export type Options = Partial<ManagerOptions & SocketOptions>;

/** Each way in which an unmodified client gets through. */
export const WAYS: Readonly<Record<string, Options>> = {
  'WebSocket alone': { transports: ['websocket'] },
  'default transports': {},
  'HTTP long-polling alone': { transports: ['polling'] },
};

/** A connection as the client saw it begin. */
export type Beginning = { readonly id: string | undefined; readonly recovered: boolean };

/** The unmodified client of somebody, on a line of its own that can be cut. */
export type Device = {
  readonly socket: Socket;
  readonly line: Network;
  /** The messages that it was told of, in the order in which it was. */
  readonly heard: readonly Message[];
  readonly beginnings: readonly Beginning[];
  /** What each of `heard` says. */
  readonly contents: () => readonly string[];
  /** Resolves at the next beginning. */
  readonly begun: () => Promise<Beginning>;
  /** Resolves when the connection is lost. */
  readonly lost: () => Promise<void>;
  /** Loses the connection; resolves when the client has noticed. */
  readonly lose: (loss?: Loss) => Promise<void>;
  readonly request: (name: string, ...args: readonly unknown[]) => Promise<unknown>;
};

/** Opens a device and waits until it is connected, if it connects by itself: by a WebSocket where it upgrades to one. */
export async function openDevice(
  backend: ShakyBackend,
  { token }: Pick<Person, 'token'>,
  options: Options = {},
): Promise<Device> {
  const line = await layLine(backend.url);
  const socket = io(line.url, {
    auth: { token },
    forceNew: true,
    reconnectionDelay: 20,
    reconnectionDelayMax: 100,
    ...options,
  });
  onTestFinished(async () => {
    socket.disconnect();
    await line.close();
  });
  const device = watched(socket, line);
  if (options.autoConnect === false) return device;
  await device.begun();
  if (!options.transports) await upgraded(socket);
  return device;
}

function watched(socket: Socket, line: Network): Device {
  const heard: Message[] = [];
  const beginnings: Beginning[] = [];
  socket.on('newMessage', (message: Message) => heard.push(message));
  socket.on('connect', () => beginnings.push({ id: socket.id, recovered: socket.recovered }));
  return {
    socket,
    line,
    heard,
    beginnings,
    contents: () => heard.map(({ content }) => content),
    begun: () =>
      new Promise((resolve, reject) => {
        socket.once('connect', () => resolve({ id: socket.id, recovered: socket.recovered }));
        socket.once('connect_error', (error) => !socket.active && reject(error));
      }),
    lost: () => once(socket, 'disconnect'),
    lose: async (loss) => {
      const noticed = once(socket, 'disconnect');
      // Between two polls there is nothing to lose.
      const losing = setInterval(() => line.lose(loss), 10);
      line.lose(loss);
      await noticed;
      clearInterval(losing);
    },
    request: (name, ...args) => socket.timeout(45_000).emitWithAck(name, ...args),
  };
}

function once(socket: Socket, name: string): Promise<void> {
  return new Promise((resolve) => socket.once(name, () => resolve()));
}

/** Resolves once a client that began with HTTP long-polling is on a WebSocket. */
async function upgraded(socket: Socket): Promise<void> {
  const { engine } = socket.io;
  if (engine.transport.name === 'websocket') return;
  await new Promise<void>((resolve) => engine.once('upgrade', () => resolve()));
}
