import { authenticateConnection } from '../core/authenticate-connection.ts';
import type { Connection } from '../core/connection.ts';
import { Fault, toFault } from '../core/fault.ts';
import { chooseDialect, dialectFor, dialectNamed } from '../dialects/registry.ts';
import { givenDialect, givenToken } from './introduction.ts';
import type { Abilities, Asked, Messaging } from './serve-event.ts';

/** The action by which a native client is let in. */
export const INTRODUCTION = 'parley:connect';

type Introduction = {
  readonly token: string | undefined;
  readonly dialect: string | undefined;
  readonly replaces: boolean;
};

/**
 * Lets a native client in by its first frame, or says why not, in the words in which its dialect refuses a connection:
 * browsers hide the status of a refused handshake, so their clients come without a token and bring it here. Once let in,
 * a client renews its token in the same way.
 *
 * @returns the connection as it is from now on; undefined where its client was refused.
 */
export async function admitNative(
  messaging: Messaging,
  abilities: Abilities,
  { connection, voice, args }: Asked,
): Promise<Connection | undefined> {
  const { ports, outbox, log, defaultDialect } = messaging;
  const { connectionId } = voice;
  const answer = (value: unknown) => outbox.deliver([], { connectionId, frames: voice.reply?.(value) ?? [] });
  const { token, dialect, replaces } = Object(args[0]) as Readonly<Record<string, unknown>>;
  const asked = givenDialect(dialect);
  try {
    if (!connection) throw new Fault('token-missing');
    const admitted = await admit(messaging, abilities, connection, {
      token: givenToken(token),
      dialect: asked,
      replaces: replaces === true,
    });
    await answer(sessionOf(admitted, ports.clock.now()));
    return admitted;
  } catch (thrown) {
    const fault = toFault(thrown);
    if (fault.code === 'INTERNAL') log.error('connect', fault.cause, { connectionId });
    const words = dialectFor(asked, connection?.dialect, defaultDialect);
    await answer({ ok: false, error: { message: words.connectError(fault), code: fault.code } });
    return undefined;
  }
}

async function admit(
  { ports, defaultDialect }: Messaging,
  { tokens }: Abilities,
  connection: Connection,
  { token, dialect: asked, replaces }: Introduction,
): Promise<Connection> {
  if (!tokens) throw new Fault('event-unknown');
  // What the handshake asked for, where that can be told.
  const before = connection.dialect === defaultDialect ? undefined : connection.dialect;
  if (token === undefined)
    return admitStranger(ports, connection, chooseDialect(asked, before, defaultDialect));
  const claims = connection.caller ? undefined : await tokens.verify(token);
  const dialect = connection.caller?.dialect ?? chooseDialect(asked, before, claims?.dialect, defaultDialect);
  const caller = await authenticateConnection(ports, tokens, { ...connection, dialect, replaces }, token);
  return { ...connection, dialect, caller };
}

/** Who speaks a dialect in which tokens may come late has 20 s to bring one; who has brought one before is known. */
async function admitStranger(
  ports: Messaging['ports'],
  connection: Connection,
  dialect: Connection['dialect'],
): Promise<Connection> {
  if (connection.caller) return connection;
  if (!dialectNamed(dialect).admitsLateTokens) throw new Fault('token-missing');
  const stranger = { ...connection, dialect };
  if (dialect !== connection.dialect) await ports.connections.open(stranger, ports.clock.now());
  return stranger;
}

/** What a client is told of its session; durations, as its clock may be wrong. */
function sessionOf({ connectionId, dialect, caller }: Connection, now: number) {
  const holder = caller && { userId: caller.userId, expiresIn: caller.expiresAt - now };
  const hearsAll = dialectNamed(dialect).hears === 'all' && { hearsAll: true };
  return { ok: true, connectionId, dialect, ...hearsAll, ...holder, at: new Date(now).toISOString() };
}
