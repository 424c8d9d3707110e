import { type Conversation, memberOf, type Role } from './conversation.ts';
import { Fault } from './fault.ts';
import {
  type BookingId,
  type ConversationId,
  conversationOfGroup,
  conversationOfPair,
  type UserId,
} from './ids.ts';
import { openBooking } from './open-booking.ts';
import type { NewMember, Ports } from './ports.ts';

/** A conversation that the platform asks for. */
export type Wanted = {
  readonly participants: readonly { readonly userId: UserId; readonly role?: Role }[];
  readonly bookingId?: BookingId;
  readonly title?: string;
  /** The platform's own name for it: asking again by the same finds the same. */
  readonly key?: string;
};

/**
 * Opens a conversation on the platform's word, or finds it. With a booking it is the booking's, which the participants
 * join besides its parties; of two users it is their direct one; of any others a group of their own.
 *
 * @throws Fault `user-not-found` when the directory does not know a participant, `booking-not-found`, `busy`.
 */
export async function openConversation(ports: Ports, wanted: Wanted): Promise<Conversation> {
  await refuseUnknown(ports, wanted);
  const id = await openKind(ports, wanted);
  const { title } = wanted;
  if (title !== undefined) await ports.conversations.change(id, { title });
  const head = await ports.log.head(id);
  if (!head) throw new Fault('busy');
  return head.conversation;
}

async function refuseUnknown(ports: Ports, { participants }: Wanted): Promise<void> {
  const userIds = [...new Set(participants.map(({ userId }) => userId))];
  const known = new Set((await ports.directory.profiles(userIds)).map(({ userId }) => userId));
  const unknown = userIds.find((userId) => !known.has(userId));
  if (unknown !== undefined) throw new Fault('user-not-found', unknown);
}

async function openKind(ports: Ports, wanted: Wanted): Promise<ConversationId> {
  const members = membersIn(wanted);
  const { bookingId, title, key } = wanted;
  const now = ports.clock.now();
  if (bookingId !== undefined) return openWithBooking(ports, bookingId, members);
  const [one, other, ...more] = members;
  if (one && other && more.length === 0 && key === undefined) {
    await ports.conversations.openDirect([one, other], now);
    return conversationOfPair(one.userId, other.userId);
  }
  const id = conversationOfGroup(key ?? ports.nonce());
  await ports.conversations.openGroup({ id, members, ...(title !== undefined && { title }) }, now);
  return id;
}

/** Each once; the first word on a role counts. */
function membersIn({ participants }: Wanted): readonly NewMember[] {
  const members = new Map<UserId, NewMember>();
  for (const { userId, role = 'member' } of participants) {
    if (!members.has(userId)) members.set(userId, { userId, role });
  }
  return [...members.values()];
}

async function openWithBooking(
  ports: Ports,
  bookingId: BookingId,
  members: readonly NewMember[],
): Promise<ConversationId> {
  const head = await openBooking(ports, bookingId, () => true);
  const { id } = head.conversation;
  const others = members.filter(({ userId }) => !memberOf(head, userId));
  for (const { userId, role } of others) {
    // A booking's two sides are its parties, whom the platform's word on the booking names.
    const besides = { userId, role: role === 'admin' ? role : 'member' } as const;
    await ports.conversations.addMember(id, besides, ports.clock.now());
  }
  return id;
}
