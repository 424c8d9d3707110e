import type { DialectName } from './dialects.ts';
import type { FrameLog } from './frame-log.ts';

/** A further connection of the same person, through which the drawer listens and speaks. */
export type Observer = {
  readonly emit: (event: string, payload: unknown) => void;
  readonly close: () => void;
};

/** What the stock client goes over: both is its default, which begins with long-polling. */
export const WIRES = {
  both: ['polling', 'websocket'],
  websocket: ['websocket'],
  polling: ['polling'],
} as const;

export type Wire = keyof typeof WIRES;

export type Observe = {
  /** The stack's address. */
  readonly url: string;
  /** Where the native wire is. */
  readonly webSocketUrl: string;
  /** Never rejects. */
  readonly getToken: () => Promise<string>;
  readonly dialect: DialectName;
  readonly wire: Wire;
  readonly log: FrameLog;
  /** Told at every connect: rooms are joined anew. */
  readonly connected: () => void;
};

/** What `io()` says of itself, before each attempt to connect. */
export function authOf(getToken: Observe['getToken'], dialect: DialectName) {
  return (tell: (auth: object) => void) => void getToken().then((token) => tell({ token, dialect }));
}
