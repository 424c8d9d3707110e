import type { Gateway } from '../../core/gateway.ts';
import type { ConnectionId } from '../../core/ids.ts';
import type { Clock } from '../../core/ports.ts';
import type { Application } from './application.ts';
import { greet } from './greet.ts';
import { beat, type Missed } from './heartbeat.ts';
import { knownSessions } from './known-sessions.ts';
import { endSession, expireSession, transportEnded } from './lifecycle.ts';
import type { Lobby } from './lobby.ts';
import { type Begun, type PollingReply, type PollingRequest, servePolling } from './polling.ts';
import { serveFrame } from './serve-frame.ts';
import type { Mailboxes, SessionKey, SessionStore } from './session.ts';

export type ServerParts<Data = unknown> = {
  readonly application: Application<Data>;
  readonly store: SessionStore;
  readonly mailboxes: Mailboxes;
  readonly lobby: Lobby;
  /** So many sessions of one network may be without a namespace at once, about; 0 for any number. */
  readonly mostStrangers: number;
  readonly gateway: Gateway;
  readonly clock: Clock;
  /** How long a lost socket may be asked for again; 0 for never. */
  readonly recoverySeconds: number;
  /** A new unguessable token. */
  readonly nonce: () => string;
  /** A number in [0, 1). */
  readonly random: () => number;
};

/** A Socket.IO server each of whose steps may run in another invocation (DESIGN §5). */
export interface SocketIoServer {
  /** Sends the OPEN packet, as soon as API Gateway lets it through. */
  greet(connectionId: ConnectionId): Promise<void>;
  /** Serves a request of HTTP long-polling. */
  poll(request: PollingRequest, begun: Begun): Promise<PollingReply>;
  /** Serves a frame of a WebSocket; false when it carries no session. */
  frame(connectionId: ConnectionId, body: string): Promise<boolean>;
  /** Ends the session of a WebSocket that has closed; false when it carried none. */
  ended(connectionId: ConnectionId): Promise<boolean>;
  /** Ends a session whose client is gone; false when it has ended already. */
  end(key: SessionKey): Promise<boolean>;
  /** Ends a session whose client has not said who it is, or a WebSocket that has not taken over its session. */
  expire(key: SessionKey | ConnectionId): Promise<void>;
  /** Pings the sessions due in a minute of the cycle, ends those that left the ping before unanswered; says what failed. */
  beat(slot: number): Promise<readonly Missed[]>;
}

/** Makes the server of an application. */
export function socketIoServer<Data>(own: ServerParts<Data>): SocketIoServer {
  // What is stored of a socket is what its application gave.
  const parts = own as unknown as ServerParts;
  const known = knownSessions(parts.application, parts.clock);
  return {
    poll: (request, begun) => servePolling(parts, request, begun),
    greet: (connectionId) => greet(parts, connectionId),
    frame: (connectionId, body) => serveFrame(parts, known, { connectionId, body }),
    ended: (connectionId) => transportEnded(parts, connectionId),
    end: async (key) => {
      const session = await parts.store.find(key);
      if (session) await endSession(parts, session);
      return session !== undefined;
    },
    expire: (key) => expireSession(parts, key),
    beat: (slot) => beat(parts, slot),
  };
}
