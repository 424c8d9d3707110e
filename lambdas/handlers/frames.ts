import type { Device, WireName } from '../core/connection.ts';
import type { OutboundEvent } from '../core/outbound-event.ts';
import type { Signal } from '../core/signals.ts';
import { render } from '../dialects/dialect.ts';
import { dialectNamed } from '../dialects/registry.ts';
import { eventFrame } from '../wire/native.ts';
import { eventFrames } from '../wire/socket-io/events.ts';

/** The frames in which a device hears of a signal: its dialect's words on its wire; none where it is not to hear. */
export function framesFor(device: Device, signal: Signal): readonly string[] {
  const viewer = {
    userId: device.userId,
    connectionId: device.connectionId,
    hasJoined: (id: string) => device.joined.includes(id),
  };
  return render(dialectNamed(device.dialect), signal, viewer).flatMap(WIRES[device.wire]);
}

const WIRES: Readonly<Record<WireName, (event: OutboundEvent) => readonly string[]>> = {
  native: (event) => [eventFrame(event)],
  'socket.io': ({ name, args }) => eventFrames('/', name, args),
};
