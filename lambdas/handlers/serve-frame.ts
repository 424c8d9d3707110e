import { Fault, toFault } from '../core/fault.ts';
import type { ConnectionId } from '../core/ids.ts';
import { dialectNamed } from '../dialects/registry.ts';
import { eventFrame, type InboundFrame, readFrame, replyFrame } from '../wire/native.ts';
import { admitNative, INTRODUCTION } from './admit-native.ts';
import { type Abilities, type Messaging, refuse, serveEvent, type Voice } from './serve-event.ts';

/** Serves one frame of the native wire. Never throws. */
export async function serveFrame(
  messaging: Messaging,
  abilities: Abilities,
  connectionId: ConnectionId,
  body: string,
): Promise<void> {
  const { known, ports, defaultDialect } = messaging;
  const frame = frameIn(body);
  let voice = voiceFor(connectionId, frame);
  let dialect = dialectNamed(defaultDialect);
  try {
    const connection = await known.find(connectionId, ports.clock.now());
    if (connection) dialect = dialectNamed(connection.dialect);
    if (connection?.offsets) voice = voiceFor(connectionId, frame, true);
    if (frame instanceof Fault) throw frame;
    const asked = { connection, voice, name: frame.event, args: frame.args };
    if (frame.event === INTRODUCTION) {
      const admitted = await admitNative(messaging, abilities, asked);
      if (admitted) known.remember(admitted);
      return;
    }
    const caller = await serveEvent(messaging, abilities, asked);
    if (connection && caller) known.remember({ ...connection, caller: { ...caller, connectionId } });
  } catch (thrown) {
    await refuse(
      messaging,
      dialect,
      voice,
      toFault(thrown),
      frame instanceof Fault ? undefined : frame.event,
    );
  }
}

/** The frame, or what is wrong with it. */
function frameIn(body: string): InboundFrame | Fault {
  try {
    return readFrame(body);
  } catch (thrown) {
    return toFault(thrown);
  }
}

/** Whatever goes wrong from here on, a frame that asks for an answer gets one. */
function voiceFor(connectionId: ConnectionId, frame: InboundFrame | Fault, offsets = false): Voice {
  const id = frame instanceof Fault ? undefined : frame.id;
  const reply = (value: unknown, offset?: string) => [
    replyFrame(id ?? 0, value, offsets ? offset : undefined),
  ];
  return { connectionId, event: (event) => [eventFrame(event)], ...(id !== undefined && { reply }) };
}
