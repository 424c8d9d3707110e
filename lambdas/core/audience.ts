import type { Device } from './connection.ts';
import type { Head } from './conversation.ts';
import type { UserId } from './ids.ts';
import type { Ports } from './ports.ts';
import type { Delivery, Signal } from './signals.ts';

/** Those who are to be told, and their devices where they are few enough to be read at once. */
export type Audience = {
  readonly devices: readonly Device[];
  /** Whether they are too many to be read at once. */
  readonly isLarge: boolean;
  readonly address: (signal: Signal) => Delivery;
};

/** Larger audiences are read and served in chunks on the task queue. */
const INLINE_AUDIENCE = 100;

/**
 * How long after a device joined the push lists are still read strongly consistent, in ms. DynamoDB's other reads lag
 * by well under a second as a rule; they cost half.
 */
const JOIN_SETTLES_MS = 10_000;

/**
 * Everyone in the conversation. Only members' devices are read, so a room that a device joined before its user was
 * removed leaks nothing.
 */
export function membersAudience(ports: Ports, head: Head): Promise<Audience> {
  const users = head.members.map((member) => member.userId);
  return audienceOf(ports, users, recentJoin(head, ports.clock.now()) !== undefined);
}

/** Everyone in the conversation but one. */
export function othersAudience(ports: Ports, head: Head, self: UserId): Promise<Audience> {
  const users = head.members.map((member) => member.userId).filter((userId) => userId !== self);
  return audienceOf(ports, users, false);
}

/** When a device last joined, in ms; undefined once every read has caught up with it. */
export function recentJoin({ knock, entries }: Head, now: number): number | undefined {
  // Each message hands it on, so the newest one knows.
  const at = Math.max(knock?.at ?? 0, entries[0]?.joinedAt ?? 0);
  return now - at < JOIN_SETTLES_MS ? at : undefined;
}

async function audienceOf(ports: Ports, users: readonly UserId[], consistent: boolean): Promise<Audience> {
  const isLarge = users.length > INLINE_AUDIENCE;
  const unread: Audience = { devices: [], isLarge, address: (signal) => ({ signal, users }) };
  if (isLarge) return unread;
  // What is stored meanwhile must be told, though this fails: whoever delivers it reads the devices again.
  const devices = await ports.connections.devicesOf(users, consistent).catch(() => undefined);
  return devices ? { devices, isLarge, address: (signal) => ({ signal, users, devices }) } : unread;
}
