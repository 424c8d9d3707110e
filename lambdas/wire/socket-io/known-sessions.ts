import type { ConnectionId } from '../../core/ids.ts';
import type { Clock } from '../../core/ports.ts';
import { RecentMap } from '../../core/recent-map.ts';
import type { Application } from './application.ts';
import type { Session } from './session.ts';

/** Sessions remembered between the invocations of one warm function. */
const REMEMBERED = 2_000;
/** Nothing is believed for longer, in ms: a session may have ended without its WebSocket. */
const BELIEVED_MS = 60_000;

/** What one warm function knows of the sessions that WebSockets carry. */
export interface KnownSessions {
  /** The session that a WebSocket carries, if its socket in this namespace is remembered and still stands. */
  find(webSocket: ConnectionId, namespace: string): Session | undefined;
  /** Keeps a session that was read just now. */
  remember(session: Session): void;
  forget(webSocket: ConnectionId): void;
}

/**
 * Remembers sessions for the packets that change nothing about them. Whatever would make the memory of another function
 * wrong also closes the WebSocket, after which no frame of it comes: the end of the session for whatever reason, a
 * takeover by recovery, and, in an application of one namespace, the client's goodbye. With more namespaces a client may
 * leave one and stay: then nothing is remembered.
 */
export function knownSessions(application: Application<unknown>, clock: Pick<Clock, 'now'>): KnownSessions {
  const known = new RecentMap<{ readonly session: Session; readonly readAt: number }>(REMEMBERED);
  return {
    forget: (webSocket) => known.delete(webSocket),
    remember: (session) => {
      const { webSocket } = session;
      if (webSocket !== undefined && endsWithGoodbye(application))
        known.set(webSocket, { session, readAt: clock.now() });
    },
    find: (webSocket, namespace) => {
      const remembered = known.get(webSocket);
      if (!remembered || clock.now() - remembered.readAt >= BELIEVED_MS) return undefined;
      const socket = remembered.session.sockets.get(namespace);
      return socket && application.isCurrent(socket.data) ? remembered.session : undefined;
    },
  };
}

/** Whether a client that leaves its namespace has nothing more to say over its WebSocket, which is then closed. */
export function endsWithGoodbye({ namespaces }: Pick<Application<unknown>, 'namespaces'>): boolean {
  return namespaces.size === 1;
}
