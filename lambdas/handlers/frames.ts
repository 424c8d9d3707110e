import type { Device, WireName } from '../core/connection.ts';
import type { OutboundEvent } from '../core/outbound-event.ts';
import type { Signal } from '../core/signals.ts';
import { isTold } from '../core/told.ts';
import { render } from '../dialects/dialect.ts';
import { dialectNamed } from '../dialects/registry.ts';
import { eventFrame } from '../wire/native.ts';
import { recoverableFrames } from '../wire/socket-io/events.ts';
import { PacketType } from '../wire/socket-io/packets.ts';

/** The one namespace of the documents. */
export const NAMESPACE = '/';

/** The frames in which a device hears of a signal: its dialect's words on its wire; none where it is not to hear. */
export function framesFor(device: Device, signal: Signal): readonly string[] {
  const offset = offsetOf(signal);
  if (device.told && offset !== undefined && isTold(device.told, offset)) return [];
  const viewer = {
    userId: device.userId,
    connectionId: device.origin?.connectionId ?? device.connectionId,
    hasJoined: (id: string) => device.joined.includes(id),
    isIn: (room: string) => device.rooms.includes(room),
  };
  const events = render(dialectNamed(device.dialect), signal, viewer);
  // On the native wire only who asks is told of offsets (docs/protocol/native.md).
  const known = device.wire === 'native' && !device.offsets ? undefined : offset;
  return events.flatMap((event) => WIRES[device.wire](event, known));
}

/** The frames of an event for a device, whatever its wire. */
export function framesOf({ wire }: Pick<Device, 'wire'>, event: OutboundEvent): readonly string[] {
  return WIRES[wire](event);
}

/** The frames of an event for a Socket.IO client. */
export function socketFramesOf({ name, args }: OutboundEvent, offset?: string): readonly string[] {
  return recoverableFrames({ type: PacketType.EVENT, nsp: NAMESPACE, data: [name, ...args] }, offset);
}

/** How far a client is that has been told of a signal: only messages are told again to one that was away. */
function offsetOf(signal: Signal): string | undefined {
  return signal.kind === 'message-published' ? signal.message.id : undefined;
}

const WIRES: Readonly<Record<WireName, (event: OutboundEvent, offset?: string) => readonly string[]>> = {
  native: (event, offset) => [eventFrame(event, offset)],
  'socket.io': socketFramesOf,
};
