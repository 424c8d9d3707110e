import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Stage } from './stage.ts';

const GRACE_MS = 1000;
const SERVER_STOPS = { code: 1001, reason: 'Going away' };

/** The sockets of a server; those that became WebSockets are beyond what Node's own server can close. */
export type Sockets = { readonly plain: Set<Duplex>; readonly upgraded: Set<Duplex> };

/** Keeps every socket of a server in sight. */
export function trackSockets(server: Server): Sockets {
  const sockets: Sockets = { plain: new Set(), upgraded: new Set() };
  server.on('connection', (socket) => {
    sockets.plain.add(socket);
    socket.once('close', () => {
      sockets.plain.delete(socket);
      sockets.upgraded.delete(socket);
    });
  });
  server.on('upgrade', (_request, socket) => {
    sockets.plain.delete(socket);
    sockets.upgraded.add(socket);
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
export async function shutDown(stage: Stage, server: Server, sockets: Sockets): Promise<void> {
  const closed = new Promise((resolve) => {
    server.close(resolve);
  });
  for (const connection of [...stage.connections.values()]) connection.close(SERVER_STOPS);
  // Once all is answered no plain socket has anything to say, though some may be too new to count as idle.
  const answered = settled(stage).then(() => drop(sockets.plain));
  await Promise.race([Promise.all([answered, closed]), grace()]);
  drop(sockets.plain);
  drop(sockets.upgraded);
  await closed;
}

function drop(sockets: ReadonlySet<Duplex>): void {
  for (const socket of sockets) socket.destroy();
}

function grace(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, GRACE_MS).unref();
  });
}
