import type { Device } from '../core/connection.ts';
import type { Signal } from '../core/signals.ts';
import { render } from '../dialects/dialect.ts';
import { dialectNamed } from '../dialects/registry.ts';
import { eventFrame } from '../wire/native.ts';

/** The frames in which a device hears of a signal: its dialect's words on its wire; none where it is not to hear. */
export function framesFor(device: Device, signal: Signal): readonly string[] {
  const viewer = {
    userId: device.userId,
    connectionId: device.connectionId,
    hasJoined: (id: string) => device.joined.includes(id),
  };
  return render(dialectNamed(device.dialect), signal, viewer).map(eventFrame);
}
