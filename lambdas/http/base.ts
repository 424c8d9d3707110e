/** What every function of the HTTP API has. */
export type BaseParts = {
  /** Told of what a client is only shown as an internal error. */
  readonly report: (cause: unknown) => void;
  /** Origins that browsers may call from, separated by commas; `*` for any, without credentials. */
  readonly clientUrl: string;
};

export const BODY_MAX_BYTES = 128 * 1024;
export const ALLOWED_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
export const ALLOWED_HEADERS = ['Authorization', 'Content-Type'];
/** For so long a browser does not ask again. */
export const PREFLIGHT_S = 600;

/** The origins in a `clientUrl`. */
export function originsIn(clientUrl: string): string[] {
  return clientUrl.split(',').map((origin) => origin.trim().replace(/\/$/, ''));
}
