import type { Platform } from '../connection/platform.ts';
import type { DialectName } from '../dialects/vocabularies.ts';
import type { Storage } from './types.ts';

export type ClientOptions<D extends DialectName = DialectName> = {
  /** The native wire's: `wss://…/ws`. */
  readonly url: string;
  /** Asked for a valid token before each attempt to connect, before the last one expires, and for each REST route. */
  readonly getToken: () => string | Promise<string>;
  /** @default 'booking' */
  readonly dialect?: D;
  /** Where the REST routes are: needed for the inbox, for notifications from before, and for what support asks there. */
  readonly apiUrl?: string;
  /** Where messages wait that are not sent yet, such as `localStorage`. @default they are lost with the client */
  readonly storage?: Storage;
  /** Told what goes wrong where nobody waits for it, such as a storage that is full. @default console.error */
  readonly onError?: (error: Error) => void;
  /** @default true */
  readonly autoConnect?: boolean;
  /** How long an attempt to connect may take, in ms. @default 20_000 */
  readonly timeoutMs?: number;
  readonly backoff?: Partial<Backoff>;
  /** WebSocket, clock and dice, for tests and where there is none. */
  readonly platform?: Partial<Platform>;
  /** @default the global one */
  readonly fetch?: typeof globalThis.fetch;
};

/** When it tries again. */
export type Backoff = {
  /** The pause before the first further attempt, in ms; each later one is twice as long. @default 1_000 */
  readonly minMs: number;
  /** @default 5_000 */
  readonly maxMs: number;
  /** By which part of it a pause may be shorter or longer, from 0 to 1. @default 0.5 */
  readonly jitter: number;
  /** Attempts after a failure or a loss before it gives up. @default any number */
  readonly attempts: number;
};
