import type { Platform } from './platform.ts';

/** What the dialects' actions mean to a connection that keeps order and comes back. */

/** Sends, joins and leaves: what happens to one conversation, one after the other. */
const ORDERLY = /^(?:message:)?(send|join|leave)/;

/** Which of these an action is; undefined for any other. */
export function kindOf(action: string): string | undefined {
  return ORDERLY.exec(action)?.[1];
}

/** The room to which a payload belongs, by the dialect's own id; undefined where it says none. */
export function roomIn([payload]: readonly unknown[]): unknown {
  const { bookingId, conversationId, receiverId, recipientId } = Object(payload);
  return typeof payload === 'string' ? payload : (bookingId ?? conversationId ?? receiverId ?? recipientId);
}

/** A send's arguments with a name of its own for the message, by which a repeat is known. */
export function named(
  [payload, ...rest]: readonly unknown[],
  { clock, random }: Platform,
): readonly unknown[] {
  const clientMessageId = `${clock.now()}${random()}`;
  return [{ clientMessageId, ...(payload as object) }, ...rest];
}
