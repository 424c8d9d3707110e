import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Claim, Claims } from '../core/ports.ts';
import { refusedRow } from './conditions.ts';
import { claimKey, type Key } from './keys.ts';
import type { Table } from './table-client.ts';

type ClaimRow = Key & { readonly nonce: string; readonly since: number; readonly ttl: number };

const KEPT_S = 30 * 24 * 60 * 60;

/** Claims of `clientMessageId`s on DynamoDB: one conditional put each, gone after 30 days. */
export function claims(table: Table): Claims {
  return {
    claim: (claim, nonce, now) => place(table, claim, nonce, now),
    takeOver: (claim, nonce, since, now) =>
      takeOver(table, claim, { nonce, since: Math.min(since, now) }, now),
    release: (claim, nonce) => release(table, claim, nonce),
  };
}

async function place(
  table: Table,
  claim: Claim,
  nonce: string,
  now: number,
): Promise<{ readonly since?: number }> {
  const put = new PutCommand({
    TableName: table.name,
    Item: rowOf(claim, { nonce, since: now }, now),
    // DynamoDB may delete an expired row days late.
    ConditionExpression: 'attribute_not_exists(pk) OR #ttl < :now OR nonce = :nonce',
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: { ':now': Math.floor(now / 1000), ':nonce': nonce },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  const standing = await refusedRow<ClaimRow>(table.client.send(put));
  return standing?.since === undefined ? {} : { since: standing.since };
}

async function takeOver(
  table: Table,
  claim: Claim,
  owned: { readonly nonce: string; readonly since: number },
  now: number,
): Promise<void> {
  await table.client.send(new PutCommand({ TableName: table.name, Item: rowOf(claim, owned, now) }));
}

async function release(table: Table, claim: Claim, nonce: string): Promise<void> {
  const remove = new DeleteCommand({
    TableName: table.name,
    Key: claimKey(claim),
    ConditionExpression: 'nonce = :nonce',
    ExpressionAttributeValues: { ':nonce': nonce },
  });
  await refusedRow(table.client.send(remove));
}

function rowOf(
  claim: Claim,
  owned: { readonly nonce: string; readonly since: number },
  now: number,
): ClaimRow {
  return { ...claimKey(claim), ...owned, ttl: Math.floor(now / 1000) + KEPT_S };
}
