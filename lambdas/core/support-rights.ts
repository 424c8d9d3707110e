import type { Caller } from './connection.ts';
import type { Conversation } from './conversation.ts';

/** Whether the caller works at the support desk: an admin who speaks the dialect that knows admins. */
export function isSupportAdmin({ dialect, role }: Pick<Caller, 'dialect' | 'role'>): boolean {
  return dialect === 'support' && role === 'admin';
}

/**
 * Whether an admin may open a conversation without being in it: the support desk serves bookings (support.md
 * “Overview”, RULINGS §2). What two users say to each other, or a group to itself, is theirs.
 */
export function maySupport(caller: Caller, { kind }: Pick<Conversation, 'kind'>): boolean {
  return isSupportAdmin(caller) && kind === 'booking';
}
