import { RENEW_AHEAD_MS } from '../connection/limits.ts';
import type { Clock } from '../connection/platform.ts';
import { CONNECT, type Credentials } from '../connection/session.ts';
import { type Asking, ask } from './ask.ts';

type Parts = {
  readonly connection: Asking;
  readonly clock: Clock;
  readonly credentials: () => Promise<Credentials>;
};

/** Less is no time to renew a token in. */
const LEAST_MS = 1_000;

/** Gives a connection its user's next token before the one that it has expires, so it need not be replaced. */
export class Renewal {
  readonly #parts: Parts;
  #token: unknown;
  #callOff: (() => void) | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The connection has this token from now on, which holds for so many ms. */
  start(token: unknown, holdsMs = 0): void {
    this.stop();
    this.#token = token;
    this.#schedule(holdsMs);
  }

  /** The connection is no more. */
  stop(): void {
    this.#callOff?.();
    this.#callOff = undefined;
  }

  /** Tries again, more and more often, as long as the token holds. */
  #schedule(holdsMs: number): void {
    const pauseMs = Math.max(holdsMs - RENEW_AHEAD_MS, holdsMs / 2);
    if (pauseMs < LEAST_MS) return;
    const callOff = this.#parts.clock.schedule(pauseMs, () => {
      this.#renew().then(
        (renewedMs) => this.#callOff === callOff && this.#schedule(renewedMs),
        () => this.#callOff === callOff && this.#schedule(holdsMs - pauseMs),
      );
    });
    this.#callOff = callOff;
  }

  /** Rejects where there is no other token, or it is refused. @returns for how long it holds; 0 for one that does not end. */
  async #renew(): Promise<number> {
    const { connection, credentials } = this.#parts;
    const payload = await credentials();
    if (payload.token === this.#token) throw new Error('There is no other token yet.');
    const renewed = await ask(connection, { action: CONNECT, payload });
    this.#token = payload.token;
    const { expiresIn = 0 } = renewed as { readonly expiresIn?: number };
    return expiresIn;
  }
}
