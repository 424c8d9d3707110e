/** Where the native wire is for who knows where Socket.IO is. */
export type Address = {
  readonly url: string;
  /** The path of an `http` URL: to Socket.IO that is a namespace. */
  readonly namespace: string;
};

/** One host has the native wire there; a WebSocket API alone, where its own path is. */
const NATIVE_PATH = '/ws';

/**
 * Maps a URL as `socket.io-client` takes it; a WebSocket's URL with a path is taken as it is.
 *
 * @throws TypeError for what is no URL, nor a path of the page's host.
 */
export function addressOf(uri: string): Address {
  const url = new URL(uri, globalThis.location?.href);
  const { pathname } = url;
  if (pathname !== '/' && url.protocol.startsWith('ws')) return { url: url.href, namespace: '/' };
  url.protocol = url.protocol.replace('http', 'ws');
  url.pathname = NATIVE_PATH;
  return { url: url.href, namespace: pathname };
}
