import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Caller, Connection, Device } from '../core/connection.ts';
import type { DeviceKey, Resumed } from '../core/ports.ts';
import { refusedRow } from './conditions.ts';
import { deviceKey, type Key } from './keys.ts';
import { enterRooms, leaveRooms } from './room-rows.ts';
import type { Table } from './table-client.ts';

export type DeviceRow = Key &
  Omit<Device, 'connectionId' | 'userId' | 'joined' | 'joinedAfter' | 'rooms'> & {
    readonly joined: Device['joinedAfter'];
    readonly rooms?: Device['rooms'];
    readonly ttl: number;
  };

type Admitted = Connection & { readonly caller: Caller };

/** API Gateway ends a connection after 2 h; its rows outlive it by a little, for when nobody says so. */
const KEPT_S = 2 * 60 * 60 + 10 * 60;
/** A device whose connection is lost changes no more. */
export const IS_THERE = 'attribute_exists(pk) AND attribute_not_exists(lostAt)';

/** Makes a connection its user's device, in its rooms, or gives the device that it is a new token and other rooms. */
export async function putDevice(
  table: Table,
  connection: Admitted,
  now: number,
  resumed: Partial<Resumed> = {},
): Promise<void> {
  await Promise.all([
    enterRooms(table, keyOf(connection), connection.rooms ?? [], expiry(now)),
    writeDevice(table, connection, now, resumed),
  ]);
}

/** Gives a device a new token and other rooms, unless it has ended. */
export async function renewDevice(table: Table, connection: Admitted, now: number): Promise<void> {
  await enterRooms(table, keyOf(connection), connection.rooms ?? [], expiry(now));
  const renewed = await writeDevice(table, connection, now, {}, IS_THERE);
  if (renewed === 'gone') await leaveRooms(table, keyOf(connection), connection.rooms ?? []);
}

/** When the rows of what begins now expire, in s. */
export function expiry(now: number): number {
  return Math.floor(now / 1000) + KEPT_S;
}

async function writeDevice(
  table: Table,
  { connectionId, wire, dialect, offsets, caller, rooms = [] }: Admitted,
  now: number,
  { joinedAfter, via, told }: Partial<Resumed>,
  ConditionExpression?: string,
): Promise<'written' | 'gone'> {
  const { userId, expiresAt, origin } = caller;
  const hasRooms = rooms.length > 0;
  let before: Partial<DeviceRow> | undefined;
  const sent = table.client
    .send(
      new UpdateCommand({
        TableName: table.name,
        Key: deviceKey(userId, connectionId),
        UpdateExpression: `SET wire = :wire, dialect = :dialect, expiresAt = :expiresAt,
          connectedAt = if_not_exists(connectedAt, :now), joined = if_not_exists(joined, :joined),
          #ttl = if_not_exists(#ttl, :ttl)${via === undefined ? '' : ', via = :via'}${told ? ', told = :told' : ''}${origin ? ', origin = :origin' : ''}${offsets ? ', offsets = :offsets' : ''}
          ${hasRooms ? ', rooms = :rooms' : 'REMOVE rooms'}`,
        ...(ConditionExpression !== undefined && { ConditionExpression }),
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: {
          ':wire': wire,
          ':dialect': dialect,
          ':expiresAt': expiresAt,
          ':now': now,
          ':joined': joinedAfter ?? {},
          ':ttl': expiry(now),
          ...(via !== undefined && { ':via': via }),
          ...(told && { ':told': told }),
          ...(origin && { ':origin': origin }),
          ...(offsets && { ':offsets': offsets }),
          ...(hasRooms && { ':rooms': rooms }),
        },
        ReturnValues: 'UPDATED_OLD',
      }),
    )
    .then(({ Attributes }) => {
      before = Attributes as Partial<DeviceRow> | undefined;
    });
  if ((await refusedRow(sent)) !== undefined) return 'gone';
  const left = (before?.rooms ?? []).filter((room) => !rooms.includes(room));
  await leaveRooms(table, { userId, connectionId }, left);
  return 'written';
}

function keyOf({ caller, connectionId }: Admitted): DeviceKey {
  return { userId: caller.userId, connectionId };
}
