import { dismissDevice, type Ending } from '../core/close-connection.ts';
import type { ConnectedCaller, Connection } from '../core/connection.ts';
import type { Application, Reaction, Received, Socket } from '../wire/socket-io/application.ts';
import { admitSocket, isTheirs } from './admit-socket.ts';
import { NAMESPACE, socketFramesOf } from './frames.ts';
import { lostState } from './lost-socket.ts';
import { type Abilities, type Messaging, serveEvent } from './serve-event.ts';

/** What is kept of a socket: the connection that it is to the domain. */
type SocketData = Connection;

/**
 * The messaging dialects as an application on the Socket.IO wire, in the one namespace that the documents use. A
 * function that only ends sessions carries no verbs and no tokens.
 */
export function messagingApplication(messaging: Messaging, abilities: Abilities): Application<SocketData> {
  const { ports } = messaging;
  return {
    isRecoverable: true,
    namespaces: new Set([NAMESPACE]),
    isCurrent: ({ caller }) => caller !== undefined && caller.expiresAt > ports.clock.now(),
    isStranger: ({ caller }) => caller === undefined,
    connect: (knock) => admitSocket(messaging, abilities, knock),
    isTheirs: (knock, lost) => isTheirs(messaging, abilities, knock, lost),
    receive: (socket, event) => receive(messaging, abilities, socket, event),
    moved: async ({ session, data }, webSocket) => {
      if (data.caller) await ports.connections.reroute({ ...data.caller, connectionId: session }, webSocket);
    },
    // No dialect asks a client for an acknowledgement.
    acknowledged: async () => {},
    stateOf: ({ session, data }) => lostState(ports, { ...data, connectionId: session }),
    disconnected: (socket, isClean) => disconnected(messaging, socket, isClean ? 'left' : 'lost'),
  };
}

async function disconnected(
  { ports, outbox, log }: Messaging,
  { session, data }: Socket<SocketData>,
  ending: Ending,
): Promise<void> {
  if (!data.caller) return;
  const { userId } = data.caller;
  try {
    await outbox.deliver(await dismissDevice(ports, { userId, connectionId: session }, ending));
  } catch (thrown) {
    log.error('disconnected', thrown, { connectionId: session });
  }
}

async function receive(
  messaging: Messaging,
  abilities: Abilities,
  { session, data, via }: Socket<SocketData>,
  { name, args, keep, acknowledge }: Received<SocketData>,
): Promise<Reaction> {
  const voice = {
    connectionId: session,
    ...(via !== undefined && { via }),
    event: socketFramesOf,
    ...(acknowledge && { reply: (value: unknown) => acknowledge(value) }),
  };
  const authenticated = async (caller: ConnectedCaller) => {
    // A device that is made only now does not know which way its session has moved.
    if (!data.caller && via !== undefined) await messaging.ports.connections.reroute(caller, via);
    await keep({ ...data, caller });
  };
  await serveEvent(messaging, abilities, { connection: data, voice, name, args, authenticated });
  return {};
}
