import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Conversation, Member, Role } from '../core/conversation.ts';
import type { Booking, Business } from '../core/directory.ts';
import { type BookingId, type ConversationId, conversationOfBooking, type UserId } from '../core/ids.ts';
import type { Conversations } from '../core/ports.ts';
import { activeSince, listOfBusiness, listOfUser, sweepBusiness } from './activity-index.ts';
import { refusedRow } from './conditions.ts';
import { dropMember, noteActivity, putMember, transact, type Write } from './conversation-writes.ts';
import {
  activityAt,
  activityOfBusiness,
  activityOfUser,
  bookingKey,
  businessKey,
  conversationPartition,
  MEMBER,
  META,
  memberKey,
  metaKey,
} from './keys.ts';
import { queryAll } from './query.ts';
import { type MemberRow, type MetaRow, memberOf } from './rows.ts';
import type { Table } from './table-client.ts';
import { addMember, changeMeta, openDirect, openGroup } from './unbooked-conversations.ts';

/** Conversations as a whole, on DynamoDB. */
export function conversations(table: Table): Conversations {
  return {
    open: (booking, business, now) => open(table, booking, business, now),
    openDirect: (members, now) => openDirect(table, members, now),
    openGroup: (group, now) => openGroup(table, group, now),
    addMember: (id, member, now) => addMember(table, id, member, now),
    change: (id, change) => changeMeta(table, id, change),
    reconcile: (booking, business, now) => reconcile(table, booking, business, now),
    withdraw: (id) => withdraw(table, id),
    touch: (conversation, members, now) => touch(table, conversation, members, now),
    ofUser: (userId, role, page) => listOfUser(table, userId, role, page),
    activeSince: (userId, since, most) => activeSince(table, userId, since, most),
    ofBusiness: (businessId, page) => listOfBusiness(table, businessId, page),
    membersOf: (id) => membersOf(table, id),
    sweepBusiness: (businessId, after) => sweepBusiness(table, businessId, after),
  };
}

async function open(
  table: Table,
  booking: Booking,
  business: Business,
  now: number,
): Promise<'open' | 'stale'> {
  const id = conversationOfBooking(booking.bookingId);
  const refused = await transact(table, [
    openMeta(table, booking, now),
    ...unchanged(table, booking, business),
    ...partiesOf(booking, business).map(([userId, role]) => putMember(table, id, userId, role, now)),
    { Update: noteActivity(table, id, now) },
  ]);
  // META stands first: refused there means that somebody else has opened the conversation already.
  return refused === undefined || refused.includes(0) ? 'open' : 'stale';
}

async function reconcile(
  table: Table,
  booking: Booking,
  business: Business | undefined,
  now: number,
): Promise<void> {
  const id = conversationOfBooking(booking.bookingId);
  const { meta, members } = await partition(table, id);
  if (meta?.withdrawn && business) await open(table, booking, business, now);
  if (!meta || meta.withdrawn) return;
  const parties = partiesOf(booking, business);
  const wanted = new Set(parties.map(([userId]) => userId));
  // Others stay: no word of the platform on a booking's parties is about them.
  const parted = members.map(memberOf).filter(({ role }) => role === 'client' || role === 'business');
  const leaving = parted.filter(({ userId }) => !wanted.has(userId));
  // Refused by `unchanged`: the platform has spoken again since, and whoever carried that word reconciles after us.
  await transact(table, [
    retitleMeta(table, booking, meta),
    ...unchanged(table, booking, business),
    ...parties.map(([userId, role]) => putMember(table, id, userId, role, now)),
    ...leaving.map(({ userId }) => dropMember(table, id, userId)),
  ]);
}

async function withdraw(table: Table, id: ConversationId): Promise<void> {
  const { meta, members } = await partition(table, id);
  if (meta?.bookingId === undefined) return;
  // Refused where the platform has told us of the booking again since: who carried that word has seen to the members.
  await transact(table, [
    forgotten(table, meta.bookingId),
    {
      Update: {
        TableName: table.name,
        Key: metaKey(id),
        UpdateExpression: 'SET withdrawn = :true REMOVE gpk, gsk',
        ExpressionAttributeValues: { ':true': true },
      },
    },
    ...members.map((member) => dropMember(table, id, memberOf(member).userId)),
  ]);
}

async function touch(
  table: Table,
  conversation: Conversation,
  members: readonly Member[],
  now: number,
): Promise<void> {
  const gsk = activityAt(now, conversation.id);
  const meta = new UpdateCommand({
    TableName: table.name,
    Key: metaKey(conversation.id),
    UpdateExpression: 'SET touchedAt = :now, gsk = :gsk',
    ConditionExpression: 'touchedAt = :seen AND attribute_not_exists(withdrawn)',
    ExpressionAttributeValues: { ':now': now, ':gsk': gsk, ':seen': conversation.touchedAt },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  const row = await refusedRow<{ readonly gsk: string }>(table.client.send(meta));
  // What the SDK repeats because its answer was lost is refused by itself.
  if (row !== undefined && row.gsk !== gsk) return;
  await Promise.all([
    table.client.send(new UpdateCommand(noteActivity(table, conversation.id, now))),
    ...members.map(({ userId }) => {
      const member = new UpdateCommand({
        TableName: table.name,
        Key: memberKey(conversation.id, userId),
        UpdateExpression: 'SET gsk = :gsk, gpk = :gpk',
        ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#left)',
        ExpressionAttributeNames: { '#left': 'left' },
        ExpressionAttributeValues: { ':gsk': gsk, ':gpk': activityOfUser(userId) },
      });
      return refusedRow(table.client.send(member));
    }),
  ]);
}

async function membersOf(table: Table, id: ConversationId): Promise<readonly Member[]> {
  const { meta, members } = await partition(table, id, false);
  return meta && !meta.withdrawn ? members.filter(({ left }) => !left).map(memberOf) : [];
}

/** META and every member row, also those of members who have left. */
async function partition(
  table: Table,
  id: ConversationId,
  ConsistentRead = true,
): Promise<{ readonly meta: MetaRow | undefined; readonly members: readonly MemberRow[] }> {
  const rows = await queryAll<MetaRow | MemberRow>(table, {
    ConsistentRead,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: { ':pk': conversationPartition(id), ':from': MEMBER, ':to': META },
  });
  return {
    meta: rows.find((row): row is MetaRow => row.sk === META),
    members: rows.filter((row): row is MemberRow => row.sk.startsWith(MEMBER)),
  };
}

function partiesOf(booking: Booking, business: Business | undefined): readonly (readonly [UserId, Role])[] {
  const client = [booking.clientId, 'client'] as const;
  // Who books at their own business is its client there: one user, one side.
  if (!business || business.ownerId === booking.clientId) return [client];
  return [client, [business.ownerId, 'business']];
}

function openMeta(table: Table, { bookingId, businessId, title }: Booking, now: number): Write {
  const id = conversationOfBooking(bookingId);
  return {
    Update: {
      TableName: table.name,
      Key: metaKey(id),
      UpdateExpression: `SET kind = :kind, bookingId = :booking, businessId = :business, touchedAt = :now, gpk = :gpk,
        gsk = :gsk, createdAt = if_not_exists(createdAt, :now)${title === undefined ? '' : ', title = :title'}
        REMOVE withdrawn${title === undefined ? ', title' : ''}`,
      ConditionExpression: 'attribute_not_exists(pk) OR withdrawn = :true',
      ExpressionAttributeValues: {
        ':kind': 'booking',
        ':booking': bookingId,
        ':business': businessId,
        ':now': now,
        ':gpk': activityOfBusiness(businessId),
        ':gsk': activityAt(now, id),
        ':true': true,
        ...(title !== undefined && { ':title': title }),
      },
    },
  };
}

function retitleMeta(table: Table, { businessId, title }: Booking, { pk, sk }: MetaRow): Write {
  return {
    Update: {
      TableName: table.name,
      Key: { pk, sk },
      UpdateExpression: `SET businessId = :business, gpk = :gpk${title === undefined ? ' REMOVE title' : ', title = :title'}`,
      ConditionExpression: 'attribute_not_exists(withdrawn)',
      ExpressionAttributeValues: {
        ':business': businessId,
        ':gpk': activityOfBusiness(businessId),
        ...(title !== undefined && { ':title': title }),
      },
    },
  };
}

/** The platform's word is still what the members are drawn from. */
function unchanged(table: Table, booking: Booking, business: Business | undefined): readonly Write[] {
  return [
    {
      ConditionCheck: {
        TableName: table.name,
        Key: bookingKey(booking.bookingId),
        ConditionExpression: 'clientId = :client AND businessId = :business',
        ExpressionAttributeValues: { ':client': booking.clientId, ':business': booking.businessId },
      },
    },
    {
      ConditionCheck: {
        TableName: table.name,
        Key: businessKey(booking.businessId),
        ...(business
          ? {
              ConditionExpression: 'ownerId = :owner',
              ExpressionAttributeValues: { ':owner': business.ownerId },
            }
          : { ConditionExpression: 'attribute_not_exists(pk)' }),
      },
    },
  ];
}

function forgotten(table: Table, bookingId: BookingId): Write {
  return {
    ConditionCheck: {
      TableName: table.name,
      Key: bookingKey(bookingId),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}
