import type { ConnectionId } from '../../core/ids.ts';
import type { Handshake, SessionKey } from './session.ts';

/** A socket as its application sees it. */
export type Socket<Data> = {
  readonly session: SessionKey;
  readonly namespace: string;
  readonly sid: string;
  readonly data: Data;
  /** The WebSocket that its frames go to, where its session does not bear that name. */
  readonly via?: ConnectionId;
};

/** The first word of a client in a namespace: its `auth` payload, with what the handshake had. */
export type Knock = {
  /** What `stateOf` said of the socket that the client asks to have back, and the last offset that it has seen. */
  readonly lost?: { readonly state: unknown; readonly offset: string | undefined };
  readonly session: SessionKey;
  readonly namespace: string;
  readonly handshake: Handshake;
  readonly auth: Readonly<Record<string, unknown>>;
};

/** A socket that a client asks to have back: one that there is, or what `stateOf` said of one that has ended. */
export type LostSocket = { readonly data: unknown } | { readonly state: unknown };

export type Welcome<Data> =
  | {
      readonly kind: 'accepted';
      readonly data: Data;
      readonly emit?: readonly Emission[];
      /** Called once the socket is there, while its client is told so. Never throws. */
      readonly joined?: () => Promise<void>;
      /** The socket takes the lost one's place, and `emit` is what that has missed. */
      readonly recovered?: Recovered;
    }
  | { readonly kind: 'refused'; readonly message: string; readonly data?: unknown };

export type Recovered = {
  /** By this is known, as JSON, what of `emit` may be pushed yet: it is not to arrive once more. */
  readonly told: unknown;
  /** Called once it has been sent. */
  readonly caughtUp: () => Promise<void>;
};

/**
 * An event for the client; with `context` its acknowledgement is awaited, and comes to `acknowledged` with it. An
 * `offset` says how far the client is, once it has the event.
 */
export type Emission = {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly context?: unknown;
  readonly offset?: string;
};

/** An event of the client, and a way to answer it: `frames` of an acknowledgement, where it asked for one. */
export type Received<Data = unknown> = {
  readonly name: string;
  readonly args: readonly unknown[];
  /** Replaces what is kept of the socket. The client may speak on as soon as it is answered: this goes first. */
  readonly keep: (data: Data) => Promise<void>;
  readonly acknowledge?: (...values: readonly unknown[]) => readonly string[];
};

export type Reaction = {
  /** Frames that were not sent otherwise: an acknowledgement's, say. */
  readonly frames?: readonly string[];
  readonly emit?: readonly Emission[];
};

/** What runs on the Socket.IO wire. The wire knows nothing of it but this. */
export interface Application<Data> {
  /** Whether sockets can be recovered: then every event has an offset, or an acknowledgement id. */
  readonly isRecoverable: boolean;
  /** With one alone, a client's goodbye ends its WebSocket, and what is known of the socket is remembered until then. */
  readonly namespaces: ReadonlySet<string>;
  /**
   * Whether a socket has not said yet who it is. A session of strangers alone ends 20 s after its beginning, and counts
   * until then among those of its address.
   */
  readonly isStranger: (data: Data) => boolean;
  /** Whether what is kept of a socket still stands; else it is read again before the next event. */
  readonly isCurrent: (data: Data) => boolean;
  readonly connect: (knock: Knock) => Promise<Welcome<Data>>;
  /** Whether whoever knocks is who had this socket: else knowing its secret is of no use. */
  readonly isTheirs: (knock: Knock, lost: LostSocket) => Promise<boolean>;
  readonly receive: (socket: Socket<Data>, event: Received<Data>) => Promise<Reaction>;
  /** From now on frames go to the session by this WebSocket. */
  readonly moved: (socket: Socket<Data>, webSocket: ConnectionId) => Promise<void>;
  readonly acknowledged: (
    socket: Socket<Data>,
    context: unknown,
    values: readonly unknown[],
  ) => Promise<void>;
  /** What the client may ask to have back of a socket whose transport has ended; undefined for nothing. */
  readonly stateOf: (socket: Socket<Data>) => Promise<unknown>;
  /** @param isClean the client has said goodbye; else its transport has ended, and it may come back. */
  readonly disconnected: (socket: Socket<Data>, isClean: boolean) => Promise<void>;
}
