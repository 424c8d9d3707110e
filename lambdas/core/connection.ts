import type { ConnectionId, ConversationId, UserId } from './ids.ts';
import type { Told } from './told.ts';

/** The vocabularies a device can speak. */
export type DialectName = 'booking' | 'conversation' | 'direct' | 'appointment' | 'support';

/** How a device's frames look. */
export type WireName = 'native' | 'socket.io';

/** Who a connection or a request speaks for, as the token and the directory said. */
export type Caller = {
  readonly userId: UserId;
  readonly name: string;
  readonly email?: string;
  readonly username?: string;
  readonly role?: string;
  readonly therapistId?: string;
  readonly dialect: DialectName;
  /** When the token expires, in ms; nothing is accepted from or pushed to the connection after that. */
  readonly expiresAt: number;
  /** Absent on HTTP requests. */
  readonly connectionId?: ConnectionId;
  /** Where this connection has taken a lost one's place. */
  readonly origin?: Origin;
};

/** The connection with which a device began that was lost and has come back, and when that was, in ms. */
export type Origin = { readonly connectionId: ConnectionId; readonly at: number };

/** By what a device is known for as long as it is there, and comes back; undefined for an HTTP request. */
export function originOf({ origin, connectionId }: Caller): ConnectionId | undefined {
  return origin?.connectionId ?? connectionId;
}

export type ConnectedCaller = Caller & { readonly connectionId: ConnectionId };

/** What is kept of a connection so that its later frames, which carry no headers and no query, can be understood. */
export type Connection = {
  readonly connectionId: ConnectionId;
  readonly wire: WireName;
  readonly dialect: DialectName;
  /** Whether it is told with each message where in its conversation's log that stands. @default false */
  readonly offsets?: boolean;
  /** Absent until the connection has authenticated. */
  readonly caller?: ConnectedCaller;
  /** Those of its device that follow from who it speaks for. @default none */
  readonly rooms?: readonly string[];
};

/** A connection as its user's peers see it: what a push needs to know. */
export type Device = {
  readonly connectionId: ConnectionId;
  readonly userId: UserId;
  /** Where this connection has taken a lost one's place. */
  readonly origin?: Origin;
  /** The connection by which it is reached, where that is another one. */
  readonly via?: ConnectionId;
  readonly dialect: DialectName;
  readonly wire: WireName;
  /** As that of its connection. */
  readonly offsets?: boolean;
  readonly expiresAt: number;
  /** In ms. */
  readonly connectedAt: number;
  /** The conversations whose room this device has joined. */
  readonly joined: readonly ConversationId[];
  /** The last message of each when the device joined: whatever follows is owed to it. */
  readonly joinedAfter: Readonly<Record<ConversationId, number>>;
  /** Rooms that follow from who it speaks for: `therapist:42`, `admins`, `onlookers`. */
  readonly rooms: readonly string[];
  /** When its connection was lost, in ms; it may be back in a moment, as another device. */
  readonly lostAt?: number;
  readonly typing?: Typing;
  /** What it is not to be told again. */
  readonly told?: Told;
};

/** Where a device's user is typing, and until when (ms) without a further word. */
export type Typing = { readonly conversationId: ConversationId; readonly until: number };
