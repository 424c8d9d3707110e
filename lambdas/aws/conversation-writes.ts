import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Role } from '../core/conversation.ts';
import type { ConversationId, UserId } from '../core/ids.ts';
import { UNREAD } from '../core/read-state.ts';
import { refusedPlaces } from './conditions.ts';
import { activityAt, activityOfUser, memberKey, notedKey } from './keys.ts';
import type { Table } from './table-client.ts';

/** The named writes of which the transactions on conversations are made. */

export type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/**
 * Carries out a transaction; `undefined`, or the places of the writes whose conditions failed.
 */
export async function transact(
  table: Table,
  writes: readonly Write[],
): Promise<readonly number[] | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const command = new TransactWriteCommand({ TransactItems: [...writes] });
    const refused = await refusedPlaces(table.client.send(command));
    if (refused === undefined || refused.length > 0 || attempt === COLLISIONS) return refused;
  }
}

/** Transactions that only collide with another one are tried again this often. */
const COLLISIONS = 5;

/** Notes for the statistics that a conversation is there, or active. */
export function noteActivity(table: Table, id: ConversationId, now: number) {
  return {
    TableName: table.name,
    Key: notedKey(id),
    UpdateExpression: 'SET #at = :now',
    ExpressionAttributeNames: { '#at': 'at' },
    ExpressionAttributeValues: { ':now': now },
  };
}

/** Makes somebody a member, with their read state of old if they were one before. */
export function putMember(table: Table, id: ConversationId, userId: UserId, role: Role, now: number): Write {
  return {
    Update: {
      TableName: table.name,
      Key: memberKey(id, userId),
      UpdateExpression: `SET #role = :role, joinedAt = if_not_exists(joinedAt, :now), gpk = :gpk,
        gsk = if_not_exists(gsk, :gsk), #read = if_not_exists(#read, :unread) REMOVE #left`,
      ExpressionAttributeNames: { '#role': 'role', '#read': 'read', '#left': 'left' },
      ExpressionAttributeValues: {
        ':role': role,
        ':now': now,
        ':gpk': activityOfUser(userId),
        ':gsk': activityAt(now, id),
        ':unread': UNREAD,
      },
    },
  };
}

/** Ends a membership; its read state is kept. */
export function dropMember(table: Table, id: ConversationId, userId: UserId): Write {
  return {
    Update: {
      TableName: table.name,
      Key: memberKey(id, userId),
      UpdateExpression: 'SET #left = :true REMOVE gpk, gsk',
      ExpressionAttributeNames: { '#left': 'left' },
      ExpressionAttributeValues: { ':true': true },
    },
  };
}
