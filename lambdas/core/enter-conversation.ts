import type { ConversationRef } from './commands.ts';
import type { Caller } from './connection.ts';
import { type Head, type Member, memberOf } from './conversation.ts';
import { Fault, type FaultReason } from './fault.ts';
import {
  type BookingId,
  type ConversationId,
  conversationOfBooking,
  conversationOfPair,
  SYSTEM,
  type UserId,
} from './ids.ts';
import { openBooking } from './open-booking.ts';
import type { Ports } from './ports.ts';
import { UNREAD } from './read-state.ts';
import { maySupport } from './support-rights.ts';

/** Who speaks in a conversation: a member, or the platform itself, which may in each. */
export type Self = Omit<Member, 'role'> & { readonly role: Member['role'] | 'system' };

/** A conversation as one of its members sees it. */
export type Entered = { readonly head: Head; readonly self: Self };

/** What a caller comes for: an admin who only looks does not become a participant. */
export type Purpose = 'look' | 'take-part';

/** Who is in a conversation without being a member. */
const NOBODY = { joinedAt: 0, read: UNREAD } as const;

/**
 * Reads the newest part of the conversation that `to` names, for someone who takes part in it. The first party to come
 * opens a booking's conversation, or that of two users; an admin of the support desk may enter each that it serves.
 *
 * @throws Fault `booking-not-found` when the platform told us of no such booking, `not-a-party` when the caller is
 *   neither its client nor the owner of its business; `receiver-not-found` when it knows no such user;
 *   `conversation-not-found`, `not-a-participant` for one that is named by its own id.
 */
export async function enterConversation(
  ports: Ports,
  caller: Caller,
  to: ConversationRef,
  purpose: Purpose = 'look',
): Promise<Entered> {
  return enterWith(ports, caller, to, await ports.log.head(conversationIdOf(caller, to)), purpose);
}

/** The same for a head that has been read already, or turned out to be missing. */
export async function enterWith(
  ports: Ports,
  caller: Caller,
  to: ConversationRef,
  found: Head | undefined,
  purpose: Purpose = 'look',
): Promise<Entered> {
  const head = found ?? (await openConversation(ports, caller, to));
  const self = memberOf(head, caller.userId);
  if (self) return { head, self };
  if (caller.userId === SYSTEM) return { head, self: { ...NOBODY, userId: SYSTEM, role: 'system' } };
  if (!maySupport(caller, head.conversation)) throw new Fault(strangerTo(to));
  if (purpose === 'take-part') return enrol(ports, caller, head);
  return { head, self: { ...NOBODY, userId: caller.userId, role: 'admin' } };
}

/** The conversation that an event names; whether there is one is another matter. */
export function conversationIdOf({ userId }: Pick<Caller, 'userId'>, to: ConversationRef): ConversationId {
  if (to.conversationId !== undefined) return to.conversationId;
  if ('userId' in to) return conversationOfPair(userId, to.userId);
  return conversationOfBooking((to as { readonly bookingId: BookingId }).bookingId);
}

/** Who may not know whether a booking's id, or a user's, is a conversation's hears the same of both. */
function strangerTo(to: ConversationRef): FaultReason {
  if (to.conversationId === undefined) return 'not-a-party';
  if ('bookingId' in to) return 'booking-not-found';
  return 'userId' in to ? 'receiver-not-found' : 'not-a-participant';
}

async function enrol(ports: Ports, { userId }: Caller, head: Head): Promise<Entered> {
  const { id } = head.conversation;
  await ports.conversations.addMember(id, { userId, role: 'admin' }, ports.clock.now());
  const latest = await ports.log.head(id);
  const self = latest && memberOf(latest, userId);
  if (!self) throw new Fault('busy');
  return { head: latest, self };
}

async function openConversation(ports: Ports, caller: Caller, to: ConversationRef): Promise<Head> {
  if ('userId' in to) return openDirect(ports, caller, to.userId);
  if ('bookingId' in to) {
    return openBooking(ports, to.bookingId, ({ clientId }, { ownerId }) => {
      const isParty = clientId === caller.userId || ownerId === caller.userId;
      return isParty || maySupport(caller, { kind: 'booking' });
    });
  }
  throw new Fault('conversation-not-found');
}

async function openDirect(ports: Ports, { userId }: Caller, other: UserId): Promise<Head> {
  if (other === userId) throw new Fault('receiver-not-found');
  if (!(await ports.directory.profile(other))) throw new Fault('receiver-not-found');
  await ports.conversations.openDirect(
    [
      { userId, role: 'member' },
      { userId: other, role: 'member' },
    ],
    ports.clock.now(),
  );
  const head = await ports.log.head(conversationOfPair(userId, other));
  if (!head) throw new Fault('busy');
  return head;
}
