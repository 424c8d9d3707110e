import type { ConnectionId } from '../../core/ids.ts';
import type { Handshake, SessionKey } from './session.ts';

/** A socket as its application sees it. */
export type Socket<Data> = {
  readonly session: SessionKey;
  readonly namespace: string;
  readonly sid: string;
  readonly data: Data;
};

/** The first word of a client in a namespace: its `auth` payload, with what the handshake had. */
export type Knock = {
  readonly session: SessionKey;
  readonly namespace: string;
  readonly handshake: Handshake;
  readonly auth: Readonly<Record<string, unknown>>;
};

export type Welcome<Data> =
  | { readonly kind: 'accepted'; readonly data: Data; readonly then?: readonly Emission[] }
  | { readonly kind: 'refused'; readonly message: string; readonly data?: unknown };

/** An event for the client; with `context` its acknowledgement is awaited, and comes to `acknowledged` with it. */
export type Emission = {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly context?: unknown;
};

/** An event of the client, and a way to answer it: `frames` of an acknowledgement, where it asked for one. */
export type Received = {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly acknowledge?: (...values: readonly unknown[]) => readonly string[];
};

export type Reaction<Data> = {
  /** Frames that were not sent otherwise: an acknowledgement's, say. */
  readonly frames?: readonly string[];
  readonly emit?: readonly Emission[];
  /** Replaces what is kept of the socket. */
  readonly data?: Data;
};

/** What runs on the Socket.IO wire. The wire knows nothing of it but this. */
export interface Application<Data> {
  readonly hasNamespace: (name: string) => boolean;
  readonly connect: (knock: Knock) => Promise<Welcome<Data>>;
  readonly receive: (socket: Socket<Data>, event: Received) => Promise<Reaction<Data>>;
  /** From now on frames go to the session by this WebSocket. */
  readonly moved: (socket: Socket<Data>, webSocket: ConnectionId) => Promise<void>;
  readonly acknowledged: (
    socket: Socket<Data>,
    context: unknown,
    values: readonly unknown[],
  ) => Promise<void>;
  /** @param isClean the client said goodbye, or was told to go; else its transport just ended. */
  readonly disconnected: (socket: Socket<Data>, isClean: boolean) => Promise<void>;
}
