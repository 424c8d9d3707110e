import type { Options } from './options.ts';
import { Socket } from './socket.ts';

/** Opens a connection, as `io()` of `socket.io-client` does; it connects by itself unless `autoConnect` is false. */
export function io(uri?: string | Options, opts?: Options): Socket {
  return typeof uri === 'object' ? new Socket(undefined, uri) : new Socket(uri, opts);
}
