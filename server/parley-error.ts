/** A refusal by Parley, or a failure to reach it. */
export class ParleyError extends Error {
  /** `AUTHENTICATION_FAILED`, `UNAUTHORIZED`, `INVALID_PAYLOAD`, `NOT_FOUND`, `RATE_LIMITED`, `CONFLICT`, `INTERNAL`, or `UNREACHABLE`. */
  readonly code: string;
  /** The HTTP status; absent where no answer came. */
  readonly status: number | undefined;

  constructor(code: string, message: string, status: number | undefined, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ParleyError';
    this.code = code;
    this.status = status;
  }
}
