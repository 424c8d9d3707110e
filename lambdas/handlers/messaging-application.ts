import { admitConnection, type Opening } from '../core/authenticate-connection.ts';
import { dismissDevice } from '../core/close-connection.ts';
import type { Caller, Connection } from '../core/connection.ts';
import type { Message } from '../core/conversation.ts';
import { toFault } from '../core/fault.ts';
import type { Claims } from '../core/identify-user.ts';
import { type Lost, resumeRooms } from '../core/resume-rooms.ts';
import { toldOf } from '../core/told.ts';
import { render } from '../dialects/dialect.ts';
import { chooseDialect, dialectFor, dialectNamed } from '../dialects/registry.ts';
import type {
  Application,
  Emission,
  Knock,
  LostSocket,
  Received,
  Recovered,
  Socket,
  Welcome,
} from '../wire/socket-io/application.ts';
import { heldAddress } from '../wire/socket-io/push-frame.ts';
import { NAMESPACE, socketFramesOf } from './frames.ts';
import { type Abilities, type Messaging, serveEvent } from './serve-event.ts';

/** What is kept of a socket: the connection that it is to the domain. */
type SocketData = Connection;

/** What is kept of a lost one. */
type LostState = { readonly userId: string; readonly joinedAfter: Lost['joinedAfter'] };

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
    connect: (knock) => connect(messaging, abilities, knock),
    isTheirs: (knock, lost) => isTheirs(abilities, knock, lost),
    receive: (socket, event) => receive(messaging, abilities, socket, event),
    moved: async ({ session, data }, webSocket) => {
      if (data.caller) await ports.connections.reroute({ ...data.caller, connectionId: session }, webSocket);
    },
    // No dialect asks a client for an acknowledgement.
    acknowledged: async () => {},
    stateOf: (socket) => stateOf(messaging, socket),
    disconnected: (socket) => disconnected(messaging, socket),
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
  const token = tokenOf(knock);
  const lost = knock.lost?.state as LostState | undefined;
  const via = heldAddress(knock.session);
  const opening: Opening = {
    connectionId: knock.session,
    wire: 'socket.io',
    dialectOf,
    token,
    ...(lost && { resumed: { userId: lost.userId, joinedAfter: lost.joinedAfter, via } }),
  };
  try {
    if (!tokens) throw new Error('This function verifies no tokens.');
    const data = await admitConnection(ports, tokens, opening);
    const resumed = lost && (await resume(messaging, data, lost, knock.lost?.offset));
    return { kind: 'accepted', data, ...resumed };
  } catch (thrown) {
    const fault = toFault(thrown);
    if (fault.code === 'INTERNAL') log.error('connect', fault.cause, { connectionId: knock.session });
    const dialect = dialectFor(...asked, defaultDialect);
    return { kind: 'refused', message: dialect.connectError(fault), data: { code: fault.code } };
  }
}

function tokenOf({ auth, handshake }: Knock): string | undefined {
  return textOf(auth.token) ?? handshake.authorization;
}

/** A token that is refused here is refused, in words, a moment later. */
async function isTheirs({ tokens }: Abilities, knock: Knock, lost: LostSocket): Promise<boolean> {
  const userId =
    'state' in lost ? (lost.state as LostState).userId : (lost.data as SocketData).caller?.userId;
  const token = tokenOf(knock);
  if (!tokens || token === undefined) return false;
  return tokens.verify(token).then(
    (claims) => claims.userId === userId,
    () => false,
  );
}

type Resumption = { readonly emit?: readonly Emission[]; readonly recovered?: Recovered };

/** What the lost socket has missed; nothing, and no rooms, where that cannot be told or the user is another one. */
async function resume(
  { ports }: Messaging,
  { connectionId, dialect, caller }: SocketData,
  { userId, joinedAfter }: LostState,
  offset: string | undefined,
): Promise<Resumption> {
  if (caller?.userId !== userId) return {};
  const device = { userId, connectionId };
  const missed = await resumeRooms(ports, caller, { joinedAfter, lastSeen: offset });
  if (!missed) {
    await Promise.all(Object.keys(joinedAfter).map((id) => ports.connections.leave(device, id)));
    await ports.connections.reroute(device, connectionId);
    return {};
  }
  const emit = missed.flatMap((message) => emissionsOf(dialect, caller, connectionId, message));
  const told = toldOf(missed, ports.clock.now());
  const caughtUp = () => ports.connections.reroute(device, connectionId, told);
  return { emit, recovered: { told, caughtUp } };
}

function emissionsOf(
  dialect: SocketData['dialect'],
  { userId }: Caller,
  connectionId: string,
  message: Message,
): readonly Emission[] {
  const viewer = { userId, connectionId, hasJoined: () => true, isIn: () => false };
  const events = render(dialectNamed(dialect), { kind: 'message-published', message }, viewer);
  return events.map(({ name, args }) => ({ name, args, offset: message.id }));
}

async function stateOf(
  { ports }: Messaging,
  { session, data }: Socket<SocketData>,
): Promise<LostState | undefined> {
  if (!data.caller) return undefined;
  const { userId } = data.caller;
  const device = await ports.connections.device(userId, session);
  return device && { userId, joinedAfter: device.joinedAfter };
}

async function disconnected(
  { ports, outbox, log }: Messaging,
  { session, data }: Socket<SocketData>,
): Promise<void> {
  if (!data.caller) return;
  const { userId } = data.caller;
  try {
    await outbox.deliver(await dismissDevice(ports, { userId, connectionId: session }));
  } catch (thrown) {
    log.error('disconnected', thrown, { connectionId: session });
  }
}

async function receive(
  messaging: Messaging,
  abilities: Abilities,
  { session, data, via }: Socket<SocketData>,
  { name, args, acknowledge }: Received,
): Promise<{ readonly data?: SocketData }> {
  const voice = {
    connectionId: session,
    ...(via !== undefined && { via }),
    event: socketFramesOf,
    ...(acknowledge && { reply: (value: unknown) => acknowledge(value) }),
  };
  const caller = await serveEvent(messaging, abilities, { connection: data, voice, name, args });
  const isRenewed = caller !== undefined && caller.expiresAt !== data.caller?.expiresAt;
  return isRenewed ? { data: { ...data, caller: { ...caller, connectionId: session } } } : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
