import type { ConnectionId } from '../../core/ids.ts';

/**
 * Names an Engine.IO session, and where its packets are sent: the id of the WebSocket that began it, or for one begun
 * by HTTP long-polling `polling-` and the session id.
 */
export type SessionKey = string;

/** What only the first request of a session carries. */
export type Handshake = {
  /** The `Authorization` header. */
  readonly authorization?: string;
  readonly query: Readonly<Record<string, string>>;
  /** The client's IP address. */
  readonly address: string;
};

/** A Socket.IO socket: one namespace of a session. `data` is its application's, as JSON. */
export type SocketState = { readonly sid: string; readonly data: unknown };

/** An Engine.IO session. Times are ms since the epoch. */
export type Session = {
  readonly key: SessionKey;
  /** The Engine.IO session id: a secret between client and server. */
  readonly sid: string;
  readonly handshake: Handshake;
  readonly openedAt: number;
  /** The WebSocket that carries the session now; absent while it is on HTTP long-polling. */
  readonly webSocket?: ConnectionId;
  /** By namespace. */
  readonly sockets: ReadonlyMap<string, SocketState>;
  /** When the client last answered a ping. */
  readonly pongAt?: number;
};

/** Keeps sessions between the invocations that serve them. */
export interface SessionStore {
  create(session: Session, now: number): Promise<void>;
  /** By key, or by a WebSocket that was linked to it. */
  find(key: SessionKey | ConnectionId): Promise<Session | undefined>;
  /** `taken` when the session has a socket in this namespace already, `gone` when it has ended. */
  addSocket(key: SessionKey, namespace: string, socket: SocketState): Promise<'added' | 'taken' | 'gone'>;
  /** Replaces a socket's data, if it is still there. */
  saveSocket(key: SessionKey, namespace: string, socket: SocketState): Promise<void>;
  /** The socket that this call has removed, if any: of two calls only one gets it. */
  removeSocket(key: SessionKey, namespace: string): Promise<SocketState | undefined>;
  /** Ends a session; of two calls only one gets it. */
  remove(key: SessionKey): Promise<Session | undefined>;
  /** Remembers who waits for the acknowledgement `id` of a server's event. */
  awaitAck(key: SessionKey, id: number, context: unknown): Promise<void>;
  /** Who has waited for it; of two calls only one gets it. */
  takeAck(key: SessionKey, id: number): Promise<unknown>;
  notePong(key: SessionKey, now: number): Promise<void>;
  /** The sessions whose heartbeat falls into this minute of the cycle, a shard at a time. */
  due(slot: number): AsyncIterable<Session>;
}

/** A session's heartbeat falls into one of these slots, one after the other, a minute each. */
export const HEARTBEAT_SLOTS = 9;
