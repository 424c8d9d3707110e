import type { Platform } from './platform.ts';

/** What the dialects' actions mean to a connection that keeps order and comes back. */

const SENDS = new Set(['sendMessage', 'message:send', 'send_message']);
const JOINS = new Set(['joinBooking', 'join:conversation', 'join_conversation']);
const LEAVES = new Set(['leaveBooking', 'leave:conversation', 'leave_conversation']);
/** By which field a payload says where it belongs. */
const ROOMS = ['bookingId', 'conversationId', 'receiverId', 'recipientId'] as const;

export type ActionKind = 'send' | 'join' | 'leave' | 'other';

export function kindOf(action: string): ActionKind {
  if (SENDS.has(action)) return 'send';
  if (JOINS.has(action)) return 'join';
  return LEAVES.has(action) ? 'leave' : 'other';
}

/** What a payload says it belongs to, by the dialect's own id; empty where it says nothing. */
export function roomIn([payload]: readonly unknown[]): string {
  if (typeof payload === 'string') return payload;
  const fields = (payload ?? {}) as Record<string, unknown>;
  return String(ROOMS.map((name) => fields[name]).find((id) => id !== undefined) ?? '');
}

/** A send's arguments with a name of its own for the message, by which a repeat is known. */
export function named(args: readonly unknown[], { clock, random }: Platform): readonly unknown[] {
  const [payload, ...rest] = args;
  if (typeof payload !== 'object' || payload === null) return args;
  const clientMessageId = [clock.now(), random(), random()]
    .map((part) => part.toString(36).slice(-11))
    .join('');
  return [{ clientMessageId, ...payload }, ...rest];
}
