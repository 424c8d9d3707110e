import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';

/** A real `socket.io` server with the echo application of the tests. */
export type Reference = {
  readonly url: string;
  readonly webSocketUrl: string;
  readonly stop: () => Promise<void>;
};

/** Starts one; whoever starts it stops it. */
export async function startReference(): Promise<Reference> {
  const http = createServer();
  const io = new Server(http, { pingInterval: 540_000, pingTimeout: 120_000, connectTimeout: 600_000 });
  io.on('connection', echo);
  io.of('/custom').on('connection', echo);
  await listening(http);
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    webSocketUrl: `ws://127.0.0.1:${port}`,
    stop: async () => {
      await io.close();
    },
  };
}

function listening(http: HttpServer): Promise<void> {
  return new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
}

type Answer = (...values: unknown[]) => void;

function echo(socket: Socket): void {
  socket.emit('auth', socket.handshake.auth);
  socket.on('message', (...args: unknown[]) => {
    socket.emit('message-back', ...args.filter((arg) => typeof arg !== 'function'));
  });
  socket.on('message-with-ack', (...args: unknown[]) => {
    const answer = args.at(-1);
    if (typeof answer === 'function') (answer as Answer)(...args.slice(0, -1));
  });
}
