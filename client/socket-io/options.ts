import type { Platform } from '../connection/platform.ts';

/** What the application says of itself; asked for again before each attempt where it is a function. */
export type Auth = { readonly [field: string]: unknown } | ((tell: (auth: object) => void) => void);

/** Those of `socket.io-client` that mean something here; others are passed over. */
export type Options = {
  readonly auth?: Auth;
  readonly query?: { readonly [name: string]: unknown };
  /** Where Socket.IO's is; only one without `socket.io` in it says where the native wire is. */
  readonly path?: string;
  readonly transportOptions?: { readonly websocket?: { readonly hostname?: string; readonly path?: string } };
  readonly extraHeaders?: { readonly [name: string]: string };
  readonly autoConnect?: boolean;
  readonly reconnection?: boolean;
  readonly reconnectionAttempts?: number;
  readonly reconnectionDelay?: number;
  readonly reconnectionDelayMax?: number;
  readonly randomizationFactor?: number;
  /** How long an attempt to connect may take, in ms; false: as long as it takes. */
  readonly timeout?: number | false;
  readonly ackTimeout?: number;
  readonly retries?: number;
  /** Of `ws`, where there is no global one. */
  readonly WebSocket?: Platform['WebSocket'];
  // Whatever else a client of Socket.IO is told.
  readonly [name: string]: unknown;
};
