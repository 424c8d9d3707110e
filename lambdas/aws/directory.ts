import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Booking, Business, Profile } from '../core/directory.ts';
import type { Directory } from '../core/ports.ts';
import { bookingKey, businessKey, type Key, profileKey } from './keys.ts';
import { rowsAt } from './query.ts';
import type { Table } from './table-client.ts';

/** The platform's users, businesses and bookings, on DynamoDB. */
export function directory(table: Table): Directory {
  return {
    profile: (userId) => get<Profile>(table, profileKey(userId)),
    profiles: (userIds) => getAll<Profile>(table, userIds.map(profileKey)),
    saveProfile: (profile) => put(table, profileKey(profile.userId), profile),
    forgetProfile: (userId) => forget(table, profileKey(userId)),
    business: (businessId) => get<Business>(table, businessKey(businessId)),
    businesses: (businessIds) => getAll<Business>(table, businessIds.map(businessKey)),
    saveBusiness: (business) => put(table, businessKey(business.businessId), business),
    forgetBusiness: (businessId) => forget(table, businessKey(businessId)),
    booking: (bookingId) => get<Booking>(table, bookingKey(bookingId)),
    saveBooking: (booking) => put(table, bookingKey(booking.bookingId), booking),
    forgetBooking: (bookingId) => forget(table, bookingKey(bookingId)),
  };
}

async function get<Item extends object>(table: Table, key: Key): Promise<Item | undefined> {
  const { Item: row } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }),
  );
  return row && withoutKey<Item>(row);
}

async function getAll<Item extends object>(table: Table, keys: readonly Key[]): Promise<readonly Item[]> {
  const rows = await rowsAt<Record<string, unknown>>(table, keys, false);
  return rows.map((row) => withoutKey<Item>(row));
}

async function put(table: Table, key: Key, item: object): Promise<void> {
  await table.client.send(new PutCommand({ TableName: table.name, Item: { ...item, ...key } }));
}

async function forget(table: Table, key: Key): Promise<void> {
  await table.client.send(new DeleteCommand({ TableName: table.name, Key: key }));
}

function withoutKey<Item>({ pk: _pk, sk: _sk, ...item }: Record<string, unknown>): Item {
  return item as Item;
}
