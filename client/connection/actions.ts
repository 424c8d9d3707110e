import type { Platform } from './platform.ts';

/** What the dialects' actions mean to a connection that keeps order and comes back. */

/** Sends, joins and leaves: what happens to one conversation, one after the other. */
const ORDERLY = /^(?:(join|leave)(?:Booking|[:_]conversation)|sendMessage|message:send|send_message)$/;
/** By which field a payload says where it belongs. */
const ROOMS = ['bookingId', 'conversationId', 'receiverId', 'recipientId'] as const;

/** Which of these an action is; undefined for any other. */
export function kindOf(action: string): 'send' | 'join' | 'leave' | undefined {
  const match = ORDERLY.exec(action);
  return match ? ((match[1] ?? 'send') as 'send' | 'join' | 'leave') : undefined;
}

/** The room to which a payload belongs, by the dialect's own id; undefined where it says none. */
export function roomIn([payload]: readonly unknown[]): string | undefined {
  if (typeof payload === 'string') return payload;
  const fields = Object(payload) as Readonly<Record<string, unknown>>;
  const field = ROOMS.find((name) => typeof fields[name] === 'string');
  return field && (fields[field] as string);
}

/** A send's arguments with a name of its own for the message, by which a repeat is known. */
export function named(
  [payload, ...rest]: readonly unknown[],
  { clock, random }: Platform,
): readonly unknown[] {
  const parts = [clock.now(), random(), random()].map((part) => part.toString(36).slice(-11));
  return [{ clientMessageId: parts.join(''), ...(payload as object) }, ...rest];
}
