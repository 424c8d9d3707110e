import type { Conversation, Role } from '../../lambdas/core/conversation.ts';
import type { Booking, Business } from '../../lambdas/core/directory.ts';
import {
  type BusinessId,
  conversationOfBooking,
  conversationOfPair,
  type UserId,
} from '../../lambdas/core/ids.ts';
import type { Conversations, Group, Listed, NewMember, Page } from '../../lambdas/core/ports.ts';
import { UNREAD } from '../../lambdas/core/read-state.ts';
import type { Immediate } from './in-turn.ts';
import type { Directories } from './memory-directory.ts';
import type { Membership, Partition, Partitions } from './memory-log.ts';

type Stored = { readonly partitions: Partitions; readonly directories: Directories };

/** Few, so that a handful of conversations makes more than one run. */
const SWEEP = 2;

/** Conversations as a whole, in memory. */
export function memoryConversations(stored: Stored): Immediate<Conversations> {
  const { partitions } = stored;
  const listedOf = (activityOf: (partition: Partition) => number | undefined) =>
    [...partitions.values()]
      .filter(({ isWithdrawn }) => !isWithdrawn)
      .flatMap((partition) => {
        const touchedAt = activityOf(partition);
        return touchedAt === undefined ? [] : [{ conversationId: partition.conversation.id, touchedAt }];
      })
      .sort(byActivity);
  return {
    open: (booking, business, now) => open(stored, booking, business, now),
    openDirect: (members, now) => openDirect(partitions, members, now),
    openGroup: (group, now) => openGroup(partitions, group, now),
    addMember: (id, { userId, role }, now) => {
      const partition = partitions.get(id);
      const isMember = partition?.memberships.get(userId)?.hasLeft === false;
      if (partition && !partition.isWithdrawn && !isMember) join(partition, userId, role, now);
    },
    change: (id, change) => {
      const partition = partitions.get(id);
      if (partition) partition.conversation = { ...partition.conversation, ...change };
    },
    reconcile: (booking, business, now) => reconcile(stored, booking, business, now),
    withdraw: (id) => withdraw(stored, partitions.get(id)),
    touch: (conversation, _members, now) =>
      touch(partitions.get(conversation.id), conversation.touchedAt, now),
    ofUser: (userId, role, page) =>
      pageOf(
        listedOf(({ memberships }) => {
          const found = memberships.get(userId);
          const isListed = found && !found.hasLeft && (role === undefined || found.member.role === role);
          return isListed ? found.activeAt : undefined;
        }).toReversed(),
        page,
      ),
    activeSince: (userId, since, most) =>
      listedOf(({ memberships }) => {
        const found = memberships.get(userId);
        return found && !found.hasLeft ? found.activeAt : undefined;
      })
        .filter(({ touchedAt }) => touchedAt >= since)
        .toReversed()
        .slice(0, most)
        .map(({ conversationId }) => conversationId),
    membersOf: (id) => {
      const partition = partitions.get(id);
      if (!partition || partition.isWithdrawn) return [];
      return [...partition.memberships.values()].flatMap(({ hasLeft, member }) => (hasLeft ? [] : [member]));
    },
    ofBusiness: (businessId, page) =>
      pageOf(
        listedOf(({ conversation }) =>
          businessOf(conversation) === businessId ? conversation.touchedAt : undefined,
        ).toReversed(),
        page,
      ),
    sweepBusiness: (businessId, after) => {
      const rows = listedOf(({ conversation }) =>
        businessOf(conversation) === businessId ? conversation.touchedAt : undefined,
      ).filter((row) => after === undefined || placeOf(row) > after);
      const run = rows.slice(0, SWEEP);
      const last = run.at(-1);
      return {
        conversationIds: run.map(({ conversationId }) => conversationId),
        ...(rows.length > SWEEP && last && { next: placeOf(last) }),
      };
    },
  };
}

function open(
  { partitions, directories }: Stored,
  booking: Booking,
  business: Business,
  now: number,
): 'open' | 'stale' {
  const id = conversationOfBooking(booking.bookingId);
  const known = partitions.get(id);
  if (known && !known.isWithdrawn) return 'open';
  if (!isUnchanged(directories, booking, business)) return 'stale';
  const { bookingId, businessId, title } = booking;
  const partition: Partition = known ?? {
    conversation: { id, kind: 'booking', bookingId, businessId, createdAt: now, touchedAt: now },
    isWithdrawn: false,
    memberships: new Map(),
    places: new Map(),
  };
  const { createdAt } = partition.conversation;
  partition.isWithdrawn = false;
  partition.conversation = {
    ...{ id, kind: 'booking', bookingId, businessId, createdAt, touchedAt: now },
    ...(title !== undefined && { title }),
  };
  for (const [userId, role] of partiesOf(booking, business)) join(partition, userId, role, now);
  partitions.set(id, partition);
  return 'open';
}

function reconcile(stored: Stored, booking: Booking, business: Business | undefined, now: number): void {
  const { partitions, directories } = stored;
  const partition = partitions.get(conversationOfBooking(booking.bookingId));
  if (partition?.isWithdrawn && business) open(stored, booking, business, now);
  if (!partition || partition.isWithdrawn || !isUnchanged(directories, booking, business)) return;
  const { title: _, ...conversation } = partition.conversation;
  const { bookingId, businessId, title } = booking;
  partition.conversation = {
    ...conversation,
    ...{ kind: 'booking', bookingId, businessId },
    ...(title !== undefined && { title }),
  };
  const parties = partiesOf(booking, business);
  for (const [userId, role] of parties) join(partition, userId, role, now);
  for (const [userId, { member }] of partition.memberships) {
    const isParty = member.role === 'client' || member.role === 'business';
    if (isParty && !parties.some(([party]) => party === userId)) drop(partition, userId);
  }
}

function withdraw({ directories }: Stored, partition: Partition | undefined): void {
  if (partition?.conversation.kind !== 'booking') return;
  if (directories.bookings.has(partition.conversation.bookingId)) return;
  partition.isWithdrawn = true;
  for (const userId of partition.memberships.keys()) drop(partition, userId);
}

function touch(partition: Partition | undefined, seen: number, now: number): void {
  if (!partition || partition.isWithdrawn || partition.conversation.touchedAt !== seen) return;
  partition.conversation = { ...partition.conversation, touchedAt: now };
  for (const [userId, membership] of partition.memberships) {
    partition.memberships.set(userId, { ...membership, activeAt: now });
  }
}

function join({ memberships }: Partition, userId: UserId, role: Role, now: number): void {
  const known = memberships.get(userId);
  const member = known?.member ?? { userId, joinedAt: now, read: UNREAD };
  const activeAt = known && !known.hasLeft ? known.activeAt : now;
  const listed = activeAt !== undefined && { activeAt };
  memberships.set(userId, { member: { ...member, role }, hasLeft: false, ...listed });
}

function openDirect(
  partitions: Partitions,
  members: readonly [NewMember, NewMember],
  joinedAt: number,
): void {
  const [one, other] = members;
  const id = conversationOfPair(one.userId, other.userId);
  if (partitions.has(id)) return;
  const memberships = members.map((member) => [
    member.userId,
    { member: { ...member, joinedAt, read: UNREAD }, hasLeft: false, activeAt: joinedAt },
  ]) satisfies [UserId, Membership][];
  partitions.set(id, {
    conversation: { id, kind: 'direct', createdAt: joinedAt, touchedAt: 0 },
    isWithdrawn: false,
    memberships: new Map<UserId, Membership>(memberships),
    places: new Map(),
  });
}

function openGroup(partitions: Partitions, { id, members, title }: Group, now: number): void {
  const known = partitions.get(id);
  const partition: Partition = known ?? {
    conversation: {
      id,
      kind: 'group',
      createdAt: now,
      touchedAt: now,
      ...(title !== undefined && { title }),
    },
    isWithdrawn: false,
    memberships: new Map(),
    places: new Map(),
  };
  for (const { userId, role } of members) join(partition, userId, role, now);
  partitions.set(id, partition);
}

function businessOf(conversation: Conversation): BusinessId | undefined {
  return conversation.kind === 'booking' ? conversation.businessId : undefined;
}

function drop({ memberships }: Partition, userId: UserId): void {
  const known = memberships.get(userId);
  if (known) memberships.set(userId, { ...known, hasLeft: true });
}

function isUnchanged(directories: Directories, booking: Booking, business: Business | undefined): boolean {
  const known = directories.bookings.get(booking.bookingId);
  const owner = directories.businesses.get(booking.businessId)?.ownerId;
  return (
    known?.clientId === booking.clientId &&
    known.businessId === booking.businessId &&
    owner === business?.ownerId
  );
}

function partiesOf(booking: Booking, business: Business | undefined): readonly (readonly [UserId, Role])[] {
  const client = [booking.clientId, 'client'] as const;
  return !business || business.ownerId === booking.clientId
    ? [client]
    : [client, [business.ownerId, 'business']];
}

function pageOf(rows: readonly Listed[], { number, limit }: Page): readonly Listed[] {
  return rows.slice((number - 1) * limit, number * limit + 1);
}

function byActivity(a: Listed, b: Listed): number {
  return placeOf(a) < placeOf(b) ? -1 : 1;
}

function placeOf({ conversationId, touchedAt }: Listed): string {
  return `${String(touchedAt).padStart(15, '0')}#${conversationId}`;
}
