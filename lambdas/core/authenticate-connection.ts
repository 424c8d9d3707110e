import type { Caller, ConnectedCaller, Connection, DialectName, Origin, WireName } from './connection.ts';
import { Fault } from './fault.ts';
import { type Claims, identifyUser, type Tokens } from './identify-user.ts';
import type { ConnectionId, UserId } from './ids.ts';
import type { Ports, Resumed } from './ports.ts';
import { roomsOf } from './rooms.ts';

/** An unauthenticated connection is closed after this long, in seconds. */
const AUTHENTICATE_WITHIN_S = 20;

export type Opening = {
  readonly connectionId: ConnectionId;
  readonly wire: WireName;
  /** Whether it counts along. @default false */
  readonly offsets?: boolean;
  /** Chosen by what the client asked for, the token's claim, and the deployment's default, in this order. */
  readonly dialectOf: (claims: Claims | undefined) => DialectName;
  readonly token: string | undefined;
  /** Whether who speaks this dialect may come without a token, and bring it later. @default nobody may */
  readonly admitsStrangers?: (dialect: DialectName) => boolean;
  /** What it begins with where it takes a lost device's place: only if it is the same user's. */
  readonly resumed?: Resumed & {
    readonly userId: UserId;
    readonly origin: Origin;
    /** For whom the lost device spoke: so does this one, should it come without a token. */
    readonly caller?: Caller;
  };
};

/**
 * Records a new connection: as its user's device, or, without a token, as a stranger's, to be closed unless it
 * authenticates within 20 s.
 *
 * @throws Fault `token-invalid`, `token-expired`, `user-unknown`, `dialect-unknown`; the connection must then be refused.
 */
export async function openConnection(ports: Ports, tokens: Tokens, opening: Opening): Promise<Connection> {
  const { connectionId, wire, offsets = false } = opening;
  const claims = opening.token === undefined ? undefined : await tokens.verify(opening.token);
  const dialect = opening.dialectOf(claims);
  const caller = claims && (await callerOf(ports, claims, dialect, connectionId));
  const known = { connectionId, wire, dialect, ...(offsets && { offsets }) };
  const connection = { ...known, ...(caller && spokenFor(ports, caller)) };
  await ports.connections.open(connection, ports.clock.now());
  if (caller) await hasCome(ports, caller);
  else await ports.tasks.enqueue({ kind: 'close-unauthenticated', connectionId }, AUTHENTICATE_WITHIN_S);
  return connection;
}

/**
 * Makes a connection, of which its wire keeps track itself, its user's device; a stranger's is none until it
 * authenticates, and its wire sees to it that that is soon.
 *
 * @throws Fault as `openConnection`, and `token-missing` where strangers are not admitted.
 */
export async function admitConnection(ports: Ports, tokens: Tokens, opening: Opening): Promise<Connection> {
  const { connectionId, wire, dialectOf, token, resumed } = opening;
  const claims = token === undefined ? undefined : await tokens.verify(token);
  const dialect = dialectOf(claims);
  const known = claims
    ? await callerOf(ports, claims, dialect, connectionId)
    : callerBefore(opening, dialect, ports.clock.now());
  const connection = { connectionId, wire, dialect };
  if (!known) return connection;
  const lost = resumed?.userId === known.userId ? resumed : undefined;
  const caller = { ...known, ...(lost && { origin: lost.origin }) };
  await ports.connections.admit({ ...connection, ...spokenFor(ports, caller) }, ports.clock.now(), lost);
  return { ...connection, caller };
}

/** Makes a device that has taken a lost one's place a new one: in no room, and owed nothing that was said before. */
export async function beginAnew(
  ports: Ports,
  { caller, ...connection }: Connection & { readonly caller: ConnectedCaller },
): Promise<Connection> {
  const { origin: _, ...fresh } = caller;
  const device = { ...connection, ...spokenFor(ports, fresh) };
  await ports.connections.dismiss({ ...fresh, rooms: device.rooms });
  await ports.connections.admit(device, ports.clock.now());
  return { ...connection, caller: fresh };
}

/** For whom a connection without a token speaks: the user of the device whose place it takes, or nobody yet. */
function callerBefore(
  { connectionId, resumed, admitsStrangers }: Opening,
  dialect: DialectName,
  now: number,
): ConnectedCaller | undefined {
  if (!admitsStrangers?.(dialect)) throw new Fault('token-missing');
  const before = resumed?.caller;
  const stillHolds = before !== undefined && before.dialect === dialect && before.expiresAt > now;
  return stillHolds ? { ...before, connectionId } : undefined;
}

type Coming = Connection & {
  /** Whether its device has another one, which it is to replace. @default false */
  readonly replaces?: boolean;
};

/**
 * Gives a connection its first token, or a new one of the same user. The dialect stays what it was at the start.
 *
 * @throws Fault `token-invalid`, `token-expired`, `user-unknown`, and `not-a-party` for somebody else's token.
 */
export async function authenticateConnection(
  ports: Ports,
  tokens: Tokens,
  { replaces, ...connection }: Coming,
  token: string,
): Promise<ConnectedCaller> {
  const claims = await tokens.verify(token);
  if (connection.caller && connection.caller.userId !== claims.userId) throw new Fault('not-a-party');
  const known = await callerOf(ports, claims, connection.dialect, connection.connectionId);
  const origin = connection.caller?.origin;
  const caller = { ...known, ...(origin && { origin }) };
  const device = { ...connection, ...spokenFor(ports, caller) };
  const now = ports.clock.now();
  // A wire that keeps track of its connections itself has no device of a stranger's.
  if (connection.wire !== 'native' && !connection.caller) await ports.connections.admit(device, now);
  else await ports.connections.renew(device, now);
  if (!connection.caller) await hasCome(ports, caller, replaces);
  return caller;
}

/**
 * Has it made known in time that a user may have come online with this device.
 *
 * @param isGreeted whether the device knows already what those are told who have just connected.
 */
export async function hasCome(
  ports: Ports,
  { userId, connectionId, dialect }: Pick<ConnectedCaller, 'userId' | 'connectionId' | 'dialect'>,
  isGreeted = false,
): Promise<void> {
  const greeted = isGreeted && { isGreeted };
  await ports.tasks.enqueue({ kind: 'begin-presence', userId, connectionId, dialect, ...greeted });
}

/** Who a connection speaks for, and the rooms that follow from it. */
function spokenFor(
  { presence }: Ports,
  caller: ConnectedCaller,
): { readonly caller: ConnectedCaller; readonly rooms: readonly string[] } {
  return { caller, rooms: roomsOf(caller, presence.scopeOf(caller)) };
}

async function callerOf(
  ports: Ports,
  claims: Claims,
  dialect: DialectName,
  connectionId: ConnectionId,
): Promise<ConnectedCaller> {
  const { userId, name, username, email, role } = await identifyUser(ports, claims);
  // A role is what the token grants here and now; the profile's is for show.
  const granted = claims.role ?? role;
  return {
    userId,
    name,
    dialect,
    connectionId,
    expiresAt: claims.expiresAt,
    ...(username !== undefined && { username }),
    ...(email !== undefined && { email }),
    ...(granted !== undefined && { role: granted }),
    ...(claims.therapistId !== undefined && { therapistId: claims.therapistId }),
  };
}
