import { io } from '../../../client/socket-io/index.ts';
import { authOf, type Observe, type Observer } from './observe.ts';
import { tappedWebSocket } from './tapped-web-socket.ts';

/** Over what stands in place of Socket.IO's client: the same calls, and the native wire. */
export function observeShim({ url, getToken, dialect, log, connected }: Observe): Observer {
  const socket = io(url, { auth: authOf(getToken, dialect), WebSocket: tappedWebSocket(log) });
  socket.on('connect', connected);
  return {
    emit: (event, payload) => socket.emit(event, payload),
    close: () => socket.disconnect(),
  };
}
