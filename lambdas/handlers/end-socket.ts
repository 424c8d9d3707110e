import { dismissDevice } from '../core/close-connection.ts';
import type { Device } from '../core/connection.ts';
import type { TaskOf } from '../core/ports.ts';
import { isTold } from '../core/told.ts';
import { heldAddress } from '../wire/socket-io/push-frame.ts';
import type { SocketIoServer } from '../wire/socket-io/server.ts';
import { noteLost } from './late-pushes.ts';
import type { Working } from './runtime.ts';

type EndSocket = TaskOf<'end-socket'>;

/** One that is catching up is looked at again after so many seconds. */
const CATCHES_UP_WITHIN_S = 5;

/** Ends a session whose device a push has not reached; one that is gone already was left behind by a function that died. */
export async function endSocket(working: Working, sockets: SocketIoServer, todo: EndSocket): Promise<void> {
  const { ports, outbox } = working;
  if (await sockets.end(todo.connectionId)) return;
  await outbox.deliver(await dismissDevice(ports, todo, 'lost'));
  if (todo.undelivered) await endSuccessors(working, sockets, todo, todo.undelivered);
}

/**
 * Ends those that have taken the device's place meanwhile, unless they were told of what it was not: they looked before
 * anybody knew. They have heard others since, and go on until they have ended, and so it is noted that this one may be
 * lost until then; who looks only now finds at least what whoever pushed it has noted.
 */
async function endSuccessors(
  working: Working,
  sockets: SocketIoServer,
  todo: EndSocket,
  undelivered: readonly string[],
): Promise<void> {
  const { connections, tasks } = working.ports;
  const all = await connections.everyDeviceOf([todo.userId], true);
  const successors = all.filter((device) => isSuccessor(device, todo));
  if (successors.some(({ told = {} }) => undelivered.every((id) => isTold(told, id)))) return;
  await noteLost(working, undelivered);
  const there = successors.filter(({ lostAt }) => lostAt === undefined);
  if (there.some(isCatchingUp)) return tasks.enqueue(todo, CATCHES_UP_WITHIN_S);
  await Promise.all(there.map(({ connectionId }) => sockets.end(connectionId)));
}

function isSuccessor({ connectionId, origin }: Device, todo: EndSocket): boolean {
  return origin?.connectionId === (todo.origin ?? todo.connectionId) && connectionId !== todo.connectionId;
}

function isCatchingUp({ connectionId, via }: Device): boolean {
  return via === heldAddress(connectionId);
}
