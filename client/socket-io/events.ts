import type { EndReason } from '../connection/link.ts';
import type { ConnectError } from '../connection/session.ts';

/** What a socket tells besides the application's own events. */
export type SocketEvents = {
  connect: () => void;
  connect_error: (error: ConnectError) => void;
  disconnect: (reason: DisconnectReason) => void;
} & ReconnectEvents;

/** What `socket.io` tells; the socket tells it too, as applications expect that listen there. */
type ReconnectEvents = {
  reconnect: (attempt: number) => void;
  reconnect_attempt: (attempt: number) => void;
  reconnect_error: (error: ConnectError) => void;
  reconnect_failed: () => void;
};

export type DisconnectReason = 'io client disconnect' | EndReason;
