import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Stage } from './stage.ts';

const GRACE_MS = 1000;
const SERVER_STOPS = { code: 1001, reason: 'Going away' };

/** Keeps every socket of a server in sight, upgraded and half-open ones included, which Node itself forgets. */
export function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

/** Resolves when nothing is under way, work that began meanwhile included. */
export async function settled({ pending }: Stage): Promise<void> {
  while (pending.size > 0) await Promise.all(pending);
}

/**
 * Stops a gateway: no new sockets, every connection told to go away and its `$disconnect` run. What has not ended
 * by itself after the grace is dropped; real time is meant, for a process must end whatever its clock says.
 */
export async function shutDown(stage: Stage, server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise((resolve) => {
    server.close(resolve);
  });
  server.closeIdleConnections();
  for (const connection of [...stage.connections.values()]) connection.close(SERVER_STOPS);
  await Promise.race([Promise.all([settled(stage), closed]), grace()]);
  for (const socket of sockets) socket.destroy();
  await closed;
}

function grace(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, GRACE_MS).unref();
  });
}
