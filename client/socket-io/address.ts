import type { Options } from './options.ts';

/** Where the native wire is for who knows where Socket.IO is. */
export type Address = {
  readonly url: string;
  /** The path of an `http` URL: to Socket.IO that is a namespace. */
  readonly namespace: string;
  /** What its query asks for. */
  readonly dialect: string | undefined;
};

/** One host has the native wire there; a WebSocket API alone, where its own path is. */
const NATIVE_PATH = '/ws';

/** Maps a URL and options as `socket.io-client` takes them; a WebSocket's URL with a path is taken as it is. */
export function addressOf(uri: string | undefined, { path, transportOptions }: Options): Address {
  const url = parse(uri ?? '/');
  const dialect = url.searchParams.get('dialect') ?? undefined;
  const isWhole = url.protocol.startsWith('ws') && url.pathname !== '/';
  const namespace = isWhole ? '/' : url.pathname;
  if (!isWhole) {
    const { hostname = url.hostname, path: own = path } = transportOptions?.websocket ?? {};
    url.protocol = url.protocol.replace('http', 'ws');
    url.hostname = hostname;
    url.pathname = own === undefined || own.includes('socket.io') ? NATIVE_PATH : own.replace(/\/$/, '');
  }
  url.search = url.hash = '';
  return { url: url.href, namespace, dialect };
}

/** Without a scheme it is the page's, as without a host. */
function parse(uri: string): URL {
  const { location } = globalThis as { readonly location?: { readonly href: string } };
  return new URL(/^(\w+:)?\//.test(uri) ? uri : `//${uri}`, location?.href ?? 'https://localhost');
}
