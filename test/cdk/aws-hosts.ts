import { createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/**
 * The hosts under which a deployment is reached, in front of the stand-in for API Gateway: each serves what its
 * counterpart on AWS serves, and refuses the rest.
 */

/** Where a request goes on to; undefined: refused. */
export type Forward = (url: URL, isUpgrade: boolean) => string | undefined;

export type Host = {
  readonly port: number;
  /** Requests and handshakes, as they came in. */
  readonly seen: readonly string[];
  readonly close: () => Promise<void>;
};

/** Starts a host before a gateway. */
export async function startHost(gatewayUrl: string, forward: Forward): Promise<Host> {
  const seen: string[] = [];
  const target = (incoming: IncomingMessage, isUpgrade: boolean) => {
    const url = new URL(incoming.url ?? '/', 'http://host');
    seen.push(`${isUpgrade ? 'WebSocket' : incoming.method} ${url.pathname}`);
    const path = forward(url, isUpgrade);
    return path === undefined ? undefined : new URL(`${path}${url.search}`, gatewayUrl);
  };
  const serve: RequestListener = (incoming, outgoing) => {
    const to = target(incoming, false);
    if (!to) return void outgoing.writeHead(403).end('{"message":"Forbidden"}');
    const { method = 'GET', headers } = incoming;
    const passed = request(to, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(passed.on('error', () => outgoing.destroy()));
  };
  const server = createServer(serve);
  server.on('upgrade', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    const to = target(incoming, true);
    if (to) tunnel(incoming, socket, head, to);
    else socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, seen, close: () => closed(server) };
}

function tunnel(incoming: IncomingMessage, client: Socket, head: Buffer, to: URL): void {
  const gateway = connect(Number(to.port), to.hostname);
  const headers = incoming.rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [`${name}: ${incoming.rawHeaders[index + 1]}`] : [],
  );
  gateway.write([`GET ${to.pathname}${to.search} HTTP/1.1`, ...headers, '', ''].join('\r\n'));
  gateway.write(head);
  gateway.pipe(client).pipe(gateway);
  for (const socket of [client, gateway]) socket.on('error', () => socket.destroy());
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => void server.close(() => resolve()));
}
