import type { ErrorCode } from '../dialects/shared.ts';

/** The server's codes, and the client's own. */
export type ParleyErrorCode =
  | ErrorCode
  /** No answer came in time; whether the server has done it is not known. */
  | 'TIMEOUT'
  /** The client is closed, or the connection was lost before the answer came. */
  | 'DISCONNECTED'
  /** The dialect has no word for it, or it takes an `apiUrl`. */
  | 'UNSUPPORTED'
  /** More waits to be sent than is kept. */
  | 'OUTBOX_FULL';

/** Whatever does not work, with a code that stays the same. */
export class ParleyError extends Error {
  readonly code: ParleyErrorCode;

  constructor(code: ParleyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ParleyError';
    this.code = code;
  }
}

/** Refusals that would be the same again. */
const FINAL: readonly string[] = ['NOT_FOUND', 'UNAUTHORIZED', 'INVALID_PAYLOAD', 'UNSUPPORTED'];

/** Whether it is of no use to try again. */
export function isFinal(error: unknown): boolean {
  return error instanceof ParleyError && FINAL.includes(error.code);
}
