import type { Device } from '../core/connection.ts';
import type { Greeting, OnlineUser } from '../core/greeting.ts';
import type { Task } from '../core/ports.ts';
import { goneAmong, readGreeting } from '../core/read-greeting.ts';
import type { Signal } from '../core/signals.ts';
import { dialectNamed } from '../dialects/registry.ts';
import { postFirst } from '../wire/socket-io/post-first.ts';
import { framesOf } from './frames.ts';
import type { Working } from './runtime.ts';
import { MOST_BYTES } from './serve-event.ts';

type Fitting = { readonly frames: readonly string[]; readonly onlineUsers: readonly OnlineUser[] };
type Come = Extract<Task, { readonly kind: 'begin-presence' }>;

/**
 * Tells a device what its dialect tells those who have just connected. On the native wire these are the first frames,
 * which API Gateway may not let through yet: they are tried again.
 */
export async function greetDevice(
  working: Working,
  { userId, connectionId, dialect, isGreeted }: Come,
): Promise<void> {
  if (isGreeted || !dialectNamed(dialect).greeting) return;
  const device = await working.ports.connections.device(userId, connectionId);
  if (!device || device.lostAt !== undefined) return;
  const greeting = await readGreeting(working.ports, device);
  const { frames, onlineUsers } = fitting(device, greeting);
  for (const frame of frames) {
    if ((await post(working, device, frame)) !== 'delivered') return;
  }
  // Whoever has left while the list was on its way may have been told to be gone before it came.
  for (const gone of await goneAmong(working.ports, device, onlineUsers)) {
    await working.outbox.push(goodbyeOf(gone, working.ports.clock.now()), [device]);
  }
}

/** The greeting's frames, with as many of those who are online as fit into one. */
function fitting(device: Device, greeting: Greeting): Fitting {
  const { greeting: render = () => [] } = dialectNamed(device.dialect);
  for (let { onlineUsers } = greeting; ; onlineUsers = onlineUsers.slice(0, onlineUsers.length / 2)) {
    const frames = render({ ...greeting, onlineUsers }).flatMap((event) => framesOf(device, event));
    if (frames.every((frame) => Buffer.byteLength(frame) <= MOST_BYTES)) return { frames, onlineUsers };
  }
}

function post({ ports, gateway }: Working, device: Device, frame: string) {
  const { userId, connectionId, via = connectionId } = device;
  const find = async () => {
    const latest = await ports.connections.device(userId, connectionId);
    return latest?.lostAt === undefined ? latest : undefined;
  };
  return postFirst({ ...ports, gateway, store: { find } }, via, frame);
}

function goodbyeOf({ userId, name }: OnlineUser, at: number): Signal {
  return { kind: 'presence-changed', person: { userId, name }, isOnline: false, at, audience: 'contacts' };
}
