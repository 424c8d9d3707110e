import { admitConnection, type Opening } from '../core/authenticate-connection.ts';
import { dismissDevice } from '../core/close-connection.ts';
import type { Connection } from '../core/connection.ts';
import { toFault } from '../core/fault.ts';
import type { Claims } from '../core/identify-user.ts';
import { chooseDialect, dialectFor } from '../dialects/registry.ts';
import type { Application, Knock, Received, Socket, Welcome } from '../wire/socket-io/application.ts';
import { eventFrames } from '../wire/socket-io/events.ts';
import { type Abilities, type Messaging, serveEvent } from './serve-event.ts';

/** What is kept of a socket: the connection that it is to the domain. */
type SocketData = Connection;

const NAMESPACE = '/';

/**
 * The messaging dialects as an application on the Socket.IO wire, in the one namespace that the documents use. A
 * function that only ends sessions carries no verbs and no tokens.
 */
export function messagingApplication(messaging: Messaging, abilities: Abilities): Application<SocketData> {
  const { ports, outbox, log } = messaging;
  return {
    hasNamespace: (name) => name === NAMESPACE,
    connect: (knock) => connect(messaging, abilities, knock),
    receive: (socket, event) => receive(messaging, abilities, socket, event),
    moved: async ({ session, data }, webSocket) => {
      if (data.caller) await ports.connections.reroute({ ...data.caller, connectionId: session }, webSocket);
    },
    // No dialect asks a client for an acknowledgement.
    acknowledged: async () => {},
    disconnected: async ({ session, data }) => {
      if (!data.caller) return;
      try {
        await outbox.deliver(await dismissDevice(ports, { ...data.caller, connectionId: session }));
      } catch (thrown) {
        log.error('disconnected', thrown, { connectionId: session });
      }
    },
  };
}

async function connect(
  messaging: Messaging,
  { tokens }: Abilities,
  knock: Knock,
): Promise<Welcome<SocketData>> {
  const { ports, defaultDialect, log } = messaging;
  const asked = [textOf(knock.auth.dialect), knock.handshake.query.dialect] as const;
  const dialectOf = (claims: Claims | undefined) => chooseDialect(...asked, claims?.dialect, defaultDialect);
  const token = textOf(knock.auth.token) ?? knock.handshake.authorization;
  const opening: Opening = { connectionId: knock.session, wire: 'socket.io', dialectOf, token };
  try {
    if (!tokens) throw new Error('This function verifies no tokens.');
    return { kind: 'accepted', data: await admitConnection(ports, tokens, opening) };
  } catch (thrown) {
    const fault = toFault(thrown);
    if (fault.code === 'INTERNAL') log.error('connect', fault.cause, { connectionId: knock.session });
    const dialect = dialectFor(...asked, defaultDialect);
    return { kind: 'refused', message: dialect.connectError(fault), data: { code: fault.code } };
  }
}

async function receive(
  messaging: Messaging,
  abilities: Abilities,
  { session, data }: Socket<SocketData>,
  { name, args, acknowledge }: Received,
): Promise<{ readonly data?: SocketData }> {
  const voice = {
    connectionId: session,
    event: (event: { readonly name: string; readonly args: readonly unknown[] }) =>
      eventFrames(NAMESPACE, event.name, event.args),
    ...(acknowledge && { reply: (value: unknown) => acknowledge(value) }),
  };
  const caller = await serveEvent(messaging, abilities, { connection: data, voice, name, args });
  const isRenewed = caller !== undefined && caller.expiresAt !== data.caller?.expiresAt;
  return isRenewed ? { data: { ...data, caller: { ...caller, connectionId: session } } } : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
