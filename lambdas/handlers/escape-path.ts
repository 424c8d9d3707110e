/**
 * Escapes a path that API Gateway has decoded. An HTTP API's `rawPath` is not raw (github.com/honojs/hono/issues/2156):
 * pasted into a URL as it is, a `#` in an id would cut the rest off, and a `%41` in it would be decoded once more, so
 * that a request for one id would reach another.
 */
export function escapePath(decoded: string): string {
  return decoded.split('/').map(encodeURIComponent).join('/');
}
