import { type EndReason, GOODBYE, Link } from './link.ts';
import type { Platform } from './platform.ts';

/** Why a connection did not come about; `code` where the server has refused it, `message` in the dialect's words. */
export class ConnectError extends Error {
  readonly code: string | undefined;

  constructor(message: string, code?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConnectError';
    this.code = code;
  }
}

/** What the server says to a client that it lets in. */
export type Session = {
  readonly connectionId: string;
  /** Absent for one that may bring its token later. */
  readonly userId?: string;
  readonly dialect: string;
  /** For how long the token holds, in ms. */
  readonly expiresIn?: number;
  /** The server's time, ISO 8601. */
  readonly at: string;
};

export type Credentials = {
  /** Of the native wire: `wss://…/ws`. */
  readonly url: string;
  /** Asked before each attempt, and before the token expires. */
  readonly getToken: () => string | undefined | Promise<string | undefined>;
  /** @default the token's claim, or the deployment's */
  readonly dialect?: string | undefined;
  /** How long an attempt may take, in ms. @default 20_000 */
  readonly timeoutMs?: number | undefined;
};

type Hooks = {
  /** The WebSocket is open. */
  readonly reached: () => void;
  /** The server has let the client in. */
  readonly admitted: (link: Link, session: Session, token: string | undefined) => void;
  readonly failed: (error: ConnectError) => void;
  /** The link has ended after it was let in. */
  readonly ended: (link: Link, reason: EndReason) => void;
};

/** The frame by which a client says who it is, and asks for its session. */
const CONNECT = 'parley:connect';
const TIMEOUT_MS = 20_000;

/**
 * One attempt to connect. Who comes is said in the first frame: so the token stands in no URL, and the server can say
 * why it refuses, where a browser would hide the status of a refused handshake.
 */
export class Opening {
  readonly #platform: Platform;
  readonly #credentials: Credentials;
  readonly #hooks: Hooks;
  readonly #stopWaiting: () => void;
  #link: Link | undefined;
  #isOver: boolean = false;

  constructor(platform: Platform, credentials: Credentials, hooks: Hooks) {
    this.#platform = platform;
    this.#credentials = credentials;
    this.#hooks = hooks;
    const { timeoutMs = TIMEOUT_MS } = credentials;
    this.#stopWaiting = platform.clock.schedule(timeoutMs, () => this.#fail('timeout'));
    this.#begin().catch((cause: unknown) => this.#fail(messageOf(cause), undefined, cause));
  }

  /** Calls the attempt off; nothing more is told of it. */
  cancel(): void {
    if (!this.#finish()) return;
    this.#link?.end('transport close', GOODBYE);
  }

  async #begin(): Promise<void> {
    const token = await this.#credentials.getToken();
    if (this.#isOver) return;
    const link = new Link(this.#platform, countingAlong(this.#credentials.url), {
      opened: () => {
        this.#hooks.reached();
        this.#introduce(link, token);
      },
      ended: (reason) => {
        if (this.#isOver) this.#hooks.ended(link, reason);
        else this.#fail('websocket error');
      },
    });
    this.#link = link;
  }

  #introduce(link: Link, token: string | undefined): void {
    const { dialect, timeoutMs } = this.#credentials;
    introduce(link, { token, dialect, timeoutMs }, (result) => {
      if (result instanceof ConnectError) this.#fail(result.message, result.code);
      else if (this.#finish()) this.#hooks.admitted(link, result, token);
    });
  }

  #fail(message: string, code?: string, cause?: unknown): void {
    if (!this.#finish()) return;
    this.#link?.end('transport close');
    this.#hooks.failed(new ConnectError(message, code, { cause }));
  }

  #finish(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#stopWaiting();
    return true;
  }
}

/** Who comes, and what they want to speak. */
type Introduction = Pick<Credentials, 'dialect'> & {
  readonly token: string | undefined;
  readonly timeoutMs?: number | undefined;
};

/** Says who comes, or that the same has a new token. Not told where the link ends. */
export function introduce(
  link: Link,
  { token, dialect, timeoutMs = TIMEOUT_MS }: Introduction,
  done: (result: Session | ConnectError) => void,
): void {
  link.ask({ action: CONNECT, args: [{ token, dialect }], timeoutMs }, (outcome) => {
    if (outcome !== 'lost')
      done(outcome === 'timeout' ? new ConnectError(outcome) : readSession(outcome.data));
  });
}

function readSession(data: unknown): Session | ConnectError {
  const { ok, error } = (data ?? {}) as { readonly ok?: unknown; readonly error?: Partial<ConnectError> };
  if (ok === true) return data as Session;
  return new ConnectError(error?.message ?? 'server error', error?.code ?? 'INTERNAL');
}

function countingAlong(url: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}offsets=1`;
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
