import { once } from 'node:events';
import { io, type Socket } from 'socket.io-client';
import type { WebSocket } from 'ws';
import type { Deployment } from '../counting/deployment.ts';
import type { Person } from '../counting/people.ts';

/** The unmodified client on a WebSocket alone, which has been let in. It comes back only when it is told to. */
export async function openStockClient({ gateway }: Deployment, { token }: Person): Promise<Socket> {
  const path = `${new URL(gateway.webSocketUrl).pathname}/`;
  const options = { path, transports: ['websocket'], auth: { token }, forceNew: true, reconnection: false };
  const socket = io(gateway.url, options);
  await connected(socket);
  return socket;
}

/** Resolves when the client is in its namespace. @throws Error when it is refused. */
export function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => () => {
      socket.off('connect', arrive).off('connect_error', fail);
      end();
    };
    const arrive = settle(resolve);
    const fail = (refused: Error) => settle(() => reject(refused))();
    socket.on('connect', arrive).on('connect_error', fail);
  });
}

/** Sends an event that must be acknowledged. @throws Error when it was refused. */
export async function emit(socket: Socket, name: string, ...args: readonly unknown[]): Promise<void> {
  const reply = (await socket.emitWithAck(name, ...args)) as { readonly ok: boolean };
  if (!reply.ok) throw new Error(`${name} was refused: ${JSON.stringify(reply)}`);
}

/** Ends a connection in whatever way; resolves when the gateway has noticed. */
export async function end({ gateway }: Deployment, act: () => void): Promise<void> {
  const left = gateway.connections().length - 1;
  act();
  while (gateway.connections().length > left) await new Promise(setImmediate);
}

/** Resolves once the client has had what was sent to it before, and the gateway the client's answer to that. */
export async function exchanged({ io: { engine } }: Socket): Promise<void> {
  const { ws } = engine.transport as unknown as { readonly ws: WebSocket };
  await flushed(ws);
  await flushed(ws);
}

/** Resolves once the other side has taken all that was sent to it. */
export async function flushed(webSocket: WebSocket): Promise<void> {
  const pong = once(webSocket, 'pong');
  webSocket.ping();
  await pong;
}
