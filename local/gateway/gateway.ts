import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { upgrade } from './handshake.ts';
import { checkNames, createStage, type GatewayOptions } from './options.ts';
import { servePlainHttp } from './plain-http.ts';
import { settled, shutDown, trackSockets } from './shutdown.ts';
import { type Stage, track } from './stage.ts';

/** A running gateway. */
export type Gateway = {
  readonly url: string;
  readonly webSocketUrl: string;
  /** The endpoint for the SDK's management client. */
  readonly callbackUrl: string;
  /** Ids of the open connections. */
  readonly connections: () => readonly string[];
  /**
   * Ends a connection from the gateway's side: with a code by a closing handshake, without one by dropping the
   * socket, as a network does. False when there is no such connection.
   */
  readonly cut: (connectionId: string, code?: number) => boolean;
  /** Resolves when no handshake, invocation, delayed frame or HTTP request is under way. */
  readonly settled: () => Promise<void>;
  /** Ends every connection with 1001 and stops; what still runs after a second is no longer waited for. */
  readonly close: () => Promise<void>;
};

/** AWS keeps idle HTTP connections for minutes; Node's five seconds would reset an SDK's kept-alive socket. */
const KEEP_ALIVE_MS = 350_000;

/**
 * Starts a stand-in for API Gateway on one port: a WebSocket API, its @connections API and an HTTP API, with AWS's
 * limits, close codes and error bodies. Rejects with Node's own error when the port cannot be had, and on names
 * that AWS would not deploy.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  checkNames(options);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS });
  const { host = '127.0.0.1', port = 0 } = options;
  const address = await listen(server, host, port);
  const domainName = `${reachable(host)}:${address.port}`;
  const stage = createStage(options, domainName);
  const sockets = trackSockets(server);
  server.on('upgrade', (request, socket, head) => upgrade(stage, { request, socket, head }));
  server.on('request', (request, response) => {
    track(stage, servePlainHttp(stage, options, { request, response }));
  });
  return {
    url: `http://${domainName}`,
    webSocketUrl: `ws://${domainName}/${stage.name}`,
    callbackUrl: `http://${domainName}/${stage.name}`,
    connections: () => [...stage.connections.keys()],
    cut: (connectionId, code) => cut(stage, connectionId, code),
    settled: () => settled(stage),
    close: once(() => shutDown(stage, server, sockets)),
  };
}

function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}

/** A host as it stands in a URL; a machine that listens everywhere is reached at its loopback. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function cut(stage: Stage, connectionId: string, code?: number): boolean {
  const connection = stage.connections.get(connectionId);
  if (!connection) return false;
  if (code === undefined) connection.cut();
  else connection.close({ code, reason: '' });
  return true;
}

/** Does a thing the first time, and gives its one result ever after. */
function once<T>(act: () => T): () => T {
  let result: { readonly value: T } | undefined;
  return () => {
    result ??= { value: act() };
    return result.value;
  };
}
