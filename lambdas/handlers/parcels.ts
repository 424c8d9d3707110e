import type { Device } from '../core/connection.ts';
import type { ConnectionId, MessageId } from '../core/ids.ts';
import type { Signal } from '../core/signals.ts';
import { byTurns } from './concurrency.ts';
import { framesFor } from './frames.ts';

/** Frames for one connection, in the order in which they are sent. */
export type Parcel = {
  readonly connectionId: ConnectionId;
  /** The connection by which it is reached, where that is another one. */
  readonly via?: ConnectionId;
  readonly frames: readonly string[];
};

/** All that one connection is sent: an answer that it waits for, ahead of what it is told. */
export type Addressed = {
  readonly connectionId: ConnectionId;
  readonly via?: ConnectionId;
  readonly answer: readonly string[];
  readonly pushes: readonly string[];
  /** Absent where there is nothing but an answer. */
  readonly device?: Device;
  /** Whether the device must be cut off should it not get this for certain. */
  readonly mustArrive: boolean;
  /** The messages among the pushes by which a client says how far it is, and when each was to be pushed, in ms. */
  readonly counted: readonly Counted[];
};

export type Counted = { readonly id: MessageId; readonly dueAt: number };

/** A signal, and devices that are to hear of it. */
export type Reachable = {
  readonly signal: Signal;
  readonly devices: readonly Device[];
  /** As the delivery says. */
  readonly notBefore?: number | undefined;
};

/** Signals for devices, and an answer, by connection; every user's first device before anybody's second. */
export function address(reachable: readonly Reachable[], answer: Parcel | undefined): readonly Addressed[] {
  const parcels = new Map<ConnectionId, Addressed>();
  if (answer) parcels.set(answer.connectionId, answerOnly(answer));
  for (const { devices, ...told } of reachable) {
    for (const device of devices) add(parcels, told, device);
  }
  return byTurns([...parcels.values()], ({ device }) => device?.userId);
}

function answerOnly({ frames, ...to }: Parcel): Addressed {
  return { ...to, answer: frames, pushes: [], mustArrive: false, counted: [] };
}

function add(
  parcels: Map<ConnectionId, Addressed>,
  { signal, notBefore = 0 }: Omit<Reachable, 'devices'>,
  device: Device,
): void {
  const frames = framesFor(device, signal);
  if (frames.length === 0) return;
  const { connectionId, via } = device;
  const parcel = parcels.get(connectionId) ?? answerOnly({ connectionId, frames: [] });
  parcels.set(connectionId, {
    ...parcel,
    ...(via !== undefined && { via }),
    pushes: [...parcel.pushes, ...frames],
    device,
    mustArrive: parcel.mustArrive || signal.kind !== 'typing',
    counted: [...parcel.counted, ...countedIn(signal, device, notBefore)],
  });
}

function countedIn(signal: Signal, { wire }: Device, notBefore: number): readonly Counted[] {
  if (signal.kind !== 'message-published' || wire !== 'socket.io') return [];
  const { id, createdAt } = signal.message;
  return [{ id, dueAt: Math.max(createdAt, notBefore) }];
}
