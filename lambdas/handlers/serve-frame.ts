import { toFault } from '../core/fault.ts';
import type { ConnectionId } from '../core/ids.ts';
import { dialectNamed } from '../dialects/registry.ts';
import { eventFrame, readFrame, replyFrame } from '../wire/native.ts';
import { type Abilities, type Messaging, refuse, serveEvent, type Voice } from './serve-event.ts';

/** Serves one frame of the native wire. Never throws. */
export async function serveFrame(
  messaging: Messaging,
  abilities: Abilities,
  connectionId: ConnectionId,
  body: string,
): Promise<void> {
  const { known, ports, defaultDialect } = messaging;
  const voice: Voice = { connectionId, event: (event) => [eventFrame(event)] };
  let dialect = dialectNamed(defaultDialect);
  try {
    const connection = await known.find(connectionId, ports.clock.now());
    if (connection) dialect = dialectNamed(connection.dialect);
    const { event: name, args, id } = readFrame(body);
    const reply = id === undefined ? {} : { reply: (value: unknown) => [replyFrame(id, value)] };
    const caller = await serveEvent(messaging, abilities, {
      connection,
      voice: { ...voice, ...reply },
      name,
      args,
    });
    if (connection && caller) known.remember({ ...connection, caller: { ...caller, connectionId } });
  } catch (thrown) {
    await refuse(messaging, dialect, voice, toFault(thrown));
  }
}
