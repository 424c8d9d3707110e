import { Emitter } from './emitter.ts';
import type { Options } from './options.ts';
import { Socket } from './socket.ts';

/** What `socket.io` is: where the events about reconnecting are. It has one socket, as there is one namespace. */
export class Manager extends Emitter {
  readonly uri: string | undefined;
  readonly opts: Options;
  #socket: Socket | undefined;

  constructor(uri?: string, opts: Options = {}) {
    super();
    this.uri = uri;
    this.opts = opts;
  }

  /** The socket; it connects by itself unless `autoConnect` is false. */
  socket(_namespace?: string, opts?: Options): Socket {
    this.#socket ??= new Socket(this, { ...this.opts, ...opts });
    return this.#socket;
  }
}

/** Opens a connection, as `io()` of `socket.io-client` does. */
export function io(uri?: string | Options, opts?: Options): Socket {
  return typeof uri === 'object' ? new Manager(undefined, uri).socket() : new Manager(uri, opts).socket();
}
