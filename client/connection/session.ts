import { fieldsIn } from './frame.ts';
import type { Outcome } from './link.ts';

/** Who comes, and what they want to speak; asked for before each attempt, and before the token expires. */
export type Credentials = {
  readonly token?: unknown;
  /** @default the token's claim, or the deployment's */
  readonly dialect?: unknown;
};

/** What the server says to a client that it lets in. */
export type Session = {
  readonly connectionId: string;
  /** Absent for one that may bring its token later. */
  readonly userId?: string;
  readonly dialect: string;
  /** Whether it hears every message of its user's, joined or not. @default false */
  readonly hearsAll?: boolean;
  /** For how long the token holds, in ms. */
  readonly expiresIn?: number;
};

/** Why a connection did not come about; with `data` the server has refused it, in the dialect's words. */
export type ConnectError = Error & { readonly data?: { readonly code: string } };

/** The action by which a client says who comes, whether in place of another connection, or that there is a new token. */
export const CONNECT = 'parley:connect';

export function connectError(message: string, code?: string): ConnectError {
  return Object.assign(new Error(message), code && { data: { code } });
}

/**
 * Reads the answer to what a connection asks by itself, such as to be let in.
 *
 * @throws ConnectError when it is a refusal, or none.
 */
export function granted(outcome: Outcome): unknown {
  if (typeof outcome === 'string') throw connectError(outcome);
  const answer: {
    readonly ok?: unknown;
    readonly error?: { readonly message?: string; readonly code?: string };
  } = fieldsIn(outcome);
  const { ok, error } = answer;
  if (ok !== true) throw connectError(error?.message ?? 'server error', error?.code ?? 'INTERNAL');
  return answer;
}
