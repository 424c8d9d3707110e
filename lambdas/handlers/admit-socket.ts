import { admitConnection, hasCome, type Opening } from '../core/authenticate-connection.ts';
import type { Connection, DialectName } from '../core/connection.ts';
import { toFault } from '../core/fault.ts';
import type { Claims } from '../core/identify-user.ts';
import { chooseDialect, dialectFor, dialectNamed } from '../dialects/registry.ts';
import type { Knock, LostSocket, Welcome } from '../wire/socket-io/application.ts';
import { heldAddress } from '../wire/socket-io/push-frame.ts';
import { givenDialect, givenToken } from './introduction.ts';
import { type LostState, resumeSocket } from './lost-socket.ts';
import type { Abilities, Messaging } from './serve-event.ts';

/** Lets a client into the namespace or refuses it, in the words of its dialect. */
export async function admitSocket(
  messaging: Messaging,
  { tokens }: Abilities,
  knock: Knock,
): Promise<Welcome<Connection>> {
  const { ports, defaultDialect, log } = messaging;
  const asked = [givenDialect(knock.auth.dialect), knock.handshake.query.dialect] as const;
  const dialectOf = (claims: Claims | undefined) => chooseDialect(...asked, claims?.dialect, defaultDialect);
  const lost = knock.lost?.state as LostState | undefined;
  try {
    if (!tokens) throw new Error('This function verifies no tokens.');
    const data = await admitConnection(ports, tokens, openingOf(knock, dialectOf));
    const resumed = lost && (await resumeSocket(ports, data, lost, knock.lost?.offset));
    return { kind: 'accepted', data, joined: () => joined(messaging, data), ...resumed };
  } catch (thrown) {
    const fault = toFault(thrown);
    if (fault.code === 'INTERNAL') log.error('connect', fault.cause, { connectionId: knock.session });
    const dialect = dialectFor(...asked, defaultDialect);
    return { kind: 'refused', message: dialect.connectError(fault), data: { code: fault.code } };
  }
}

async function joined({ ports, log }: Messaging, { connectionId, caller }: Connection): Promise<void> {
  if (!caller) return;
  await hasCome(ports, caller).catch((thrown) => log.error('joined', thrown, { connectionId }));
}

function openingOf(knock: Knock, dialectOf: Opening['dialectOf']): Opening {
  const lost = knock.lost?.state as LostState | undefined;
  return {
    connectionId: knock.session,
    wire: 'socket.io',
    dialectOf,
    token: tokenIn(knock),
    admitsStrangers,
    ...(lost && { resumed: { ...lost, via: heldAddress(knock.session) } }),
  };
}

function admitsStrangers(name: DialectName): boolean {
  return dialectNamed(name).admitsLateTokens;
}

/** @throws Fault `token-invalid` for what can be no token. */
function tokenIn({ auth: { token }, handshake: { authorization } }: Knock): string | undefined {
  return givenToken(token) ?? authorization;
}

/**
 * Whether whoever knocks is whose the lost socket was: by their token, or without one by the `pid` alone where that is
 * enough. A token that is refused here is refused, in words, a moment later.
 */
export async function isTheirs(
  { ports }: Messaging,
  { tokens }: Abilities,
  knock: Knock,
  lost: LostSocket,
): Promise<boolean> {
  const { userId, caller } = 'state' in lost ? (lost.state as LostState) : ownerOf(lost.data as Connection);
  try {
    const token = tokenIn(knock);
    if (tokens && token !== undefined) return (await tokens.verify(token)).userId === userId;
  } catch {
    return false;
  }
  return caller !== undefined && admitsStrangers(caller.dialect) && caller.expiresAt > ports.clock.now();
}

function ownerOf({ caller }: Connection): Partial<Pick<LostState, 'userId' | 'caller'>> {
  return caller ? { userId: caller.userId, caller } : {};
}
