import { io } from 'socket.io-client';
import { authOf, type Observe, type Observer, WIRES } from './observe.ts';

/** The digit with which Engine.IO begins each packet: https://socket.io/docs/v4/engine-io-protocol/#packet-encoding */
const DIGITS: Readonly<Record<string, string>> = {
  open: '0',
  close: '1',
  ping: '2',
  pong: '3',
  message: '4',
  upgrade: '5',
  noop: '6',
};

type Packet = { readonly type: string; readonly data?: unknown };

/** Over the unmodified client of Socket.IO. */
export function observeStock({ url, getToken, dialect, wire, log, connected }: Observe): Observer {
  const socket = io(url, { auth: authOf(getToken, dialect), transports: [...WIRES[wire]], forceNew: true });
  const { io: connection } = socket;
  const tap = () => {
    const { engine } = connection;
    engine.on('packet', (packet: Packet) => log.add('down', textOf(packet)));
    engine.on('packetCreate', (packet: Packet) => log.add('up', textOf(packet)));
  };
  tap();
  connection.on('reconnect_attempt', () => queueMicrotask(tap));
  socket.on('connect', connected);
  return {
    emit: (event, payload) => socket.emit(event, payload),
    close: () => socket.disconnect(),
  };
}

function textOf({ type, data }: Packet): string {
  return `${DIGITS[type] ?? '?'}${typeof data === 'string' ? data : ''}`;
}
