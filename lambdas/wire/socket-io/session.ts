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
export type SocketState = {
  readonly sid: string;
  readonly data: unknown;
  /** The secret by which a client may ask to have the socket back. */
  readonly pid?: string;
};

/** What is kept of a socket whose session has ended, for its client to ask for: its id, and its application's word. */
export type Kept = { readonly namespace: string; readonly sid: string; readonly state: unknown };

/** What is known of a `pid`: what is kept, until when (ms), and the session that had the socket last. */
export type Recoverable = { readonly kept: Kept; readonly until: number; readonly holder: SessionKey };

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
  /** The WebSocket that is to take over from HTTP long-polling. */
  readonly probe?: ConnectionId;
  /** Whether it has a place in the lobby to give back. */
  readonly isCrowded?: boolean;
  /** The frames that have come of a packet on HTTP long-polling whose attachments have not all come. */
  readonly unfinished?: readonly string[];
  /** Whether the client has said goodbye to a namespace. */
  readonly hasLeft?: boolean;
  /** When the client was last heard of: an answered ping, or a request of HTTP long-polling. */
  readonly seenAt?: number;
};

/** Keeps sessions between the invocations that serve them. */
export interface SessionStore {
  create(session: Session, now: number): Promise<void>;
  /** By key, or by the WebSocket that probes or has taken over. */
  find(key: SessionKey | ConnectionId): Promise<Session | undefined>;
  /** `taken` when the session has a socket in this namespace already, `gone` when it has ended. */
  addSocket(key: SessionKey, namespace: string, socket: SocketState): Promise<'added' | 'taken' | 'gone'>;
  /** Replaces a socket's data, and returns the socket as it was; undefined when it has gone. */
  saveSocket(key: SessionKey, namespace: string, socket: SocketState): Promise<SocketState | undefined>;
  /** The session as it was before this call has removed the socket; of two calls only one gets it. */
  removeSocket(key: SessionKey, namespace: string): Promise<Session | undefined>;
  /** Ends a session; of two calls only one gets it. */
  remove(key: SessionKey): Promise<Session | undefined>;
  /** Keeps these as the session's `unfinished` frames; `full` when there is no room for them. */
  setAside(key: SessionKey, frames: readonly string[]): Promise<'kept' | 'full'>;
  /** Remembers who waits for the acknowledgement `id` of a server's event. */
  awaitAck(key: SessionKey, id: number, context: unknown): Promise<void>;
  /** Who has waited for it; of two calls only one gets it. */
  takeAck(key: SessionKey, id: number): Promise<unknown>;
  noteSeen(key: SessionKey, now: number): Promise<void>;
  /** Keeps a socket for its client, unless another session than its holder has been handed it meanwhile. */
  keep(pid: string, recoverable: Recoverable): Promise<void>;
  /** What is kept for a `pid`, however long ago; nothing while the socket's first session goes on. */
  kept(pid: string): Promise<Recoverable | undefined>;
  /**
   * Hands what is kept to a session, unless it was kept anew meanwhile: of two that ask for the same only one gets it.
   * It stays there until it is kept anew, so that nothing is lost should that session end before it has caught up.
   */
  handOver(pid: string, recoverable: Recoverable, to: SessionKey, now: number): Promise<boolean>;
  /** Forgets what is kept of a socket that its holder has let go for good. */
  forget(pid: string, holder: SessionKey): Promise<void>;
  /** The sessions whose heartbeat falls into this minute of the cycle, a shard at a time. */
  due(slot: number): AsyncIterable<Session>;
}

/** What became of frames for a session on HTTP long-polling. */
export type Mailed =
  | { readonly kind: 'queued' | 'full' | 'gone' }
  /** By its WebSocket, or by its mailbox where it has none; `told` is what `letGo` was given. */
  | { readonly kind: 'moved'; readonly webSocket?: ConnectionId; readonly told?: unknown };

/** Why a request of a session on HTTP long-polling may not be served now. */
export type Overlap = 'free' | 'busy' | 'gone';

/** The mailboxes of sessions on HTTP long-polling, and their way to a WebSocket. */
export interface Mailboxes {
  /** Puts frames into the mailbox, in order, unless a WebSocket has taken over. */
  mail(key: SessionKey, frames: readonly string[]): Promise<Mailed>;
  /** Takes all frames out; of two calls only one gets them. Throws when it may have, but the answer was lost. */
  collect(key: SessionKey): Promise<readonly string[]>;
  /** What a waiting poll needs to know, in one read; `probed` when a WebSocket is about to take over, or has. */
  peek(key: SessionKey, now: number): Promise<'empty' | 'mail' | 'probed' | 'gone'>;
  /** From now on what is pushed to the session waits aside. */
  hold(key: SessionKey): Promise<void>;
  /** Puts a frame aside, unless the session is held back no longer: then says where it is reached. */
  mailHeld(key: SessionKey, frame: string): Promise<Mailed>;
  collectHeld(key: SessionKey): Promise<readonly string[]>;
  /** Holds the session back no longer, if nothing waits aside; who comes too late learns what it was `told`, as JSON. */
  letGo(key: SessionKey, told?: unknown): Promise<'free' | 'mail'>;
  /** Lets one request of a kind in at a time. `until` ends it should nobody do so. */
  enter(key: SessionKey, method: 'GET' | 'POST', now: number, until: number): Promise<Overlap>;
  leave(key: SessionKey, method: 'GET' | 'POST'): Promise<void>;
  /** Links a WebSocket to the session that it is to take over. */
  link(connectionId: ConnectionId, key: SessionKey, now: number): Promise<void>;
  unlink(connectionId: ConnectionId): Promise<void>;
  /** Tells waiting polls to end, until then at most; `other` when another WebSocket probes already. */
  probe(
    key: SessionKey,
    connectionId: ConnectionId,
    now: number,
    until: number,
  ): Promise<'probing' | 'other'>;
  /** Forgets that this WebSocket probes, if it does, and does not take over already. */
  endProbe(key: SessionKey, connectionId: ConnectionId): Promise<void>;
  /** Whether this call is the one that moves the session; of two only one is. */
  beginMove(key: SessionKey, connectionId: ConnectionId): Promise<boolean>;
  /** Hands the session over to its WebSocket, if the mailbox is empty. */
  endMove(key: SessionKey, connectionId: ConnectionId): Promise<'moved' | 'mail' | 'gone'>;
}

/** A session's heartbeat falls into one of these slots, one after the other, a minute each. */
export const HEARTBEAT_SLOTS = 9;

/** A session whose client has not joined a namespace, or not said there who it is, ends after this long, in seconds. */
export const JOIN_WITHIN_S = 20;
