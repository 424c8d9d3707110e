import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

/**
 * Awaits a conditional write sent with `ReturnValuesOnConditionCheckFailure: 'ALL_OLD'`. A write that was carried out
 * is `undefined`; a refused one is the row that refused it, `{}` where there is none. Other errors are thrown.
 */
export async function refusedRow<Row extends object>(
  write: Promise<unknown>,
): Promise<Partial<Row> | undefined> {
  try {
    await write;
    return undefined;
  } catch (thrown) {
    // A single write that meets a transaction under way is refused without a reason, and not tried again by the SDK:
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
    if (thrown instanceof TransactionConflictException) return {};
    if (!(thrown instanceof ConditionalCheckFailedException)) throw thrown;
    // lib-dynamodb unmarshals results, but not the item that comes with an error.
    return (thrown.Item ? unmarshall(thrown.Item) : {}) as Partial<Row>;
  }
}

/**
 * Awaits a transaction. `undefined` when it was carried out, else the places of the writes whose conditions failed:
 * none when it only collided with another transaction and may be tried again.
 */
export async function refusedPlaces(transaction: Promise<unknown>): Promise<readonly number[] | undefined> {
  try {
    await transaction;
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof TransactionCanceledException)) throw thrown;
    const reasons = thrown.CancellationReasons ?? [];
    const unexpected = reasons.find(({ Code }) => Code !== 'None' && !EXPECTED.has(Code ?? ''));
    if (unexpected) throw thrown;
    return reasons.flatMap(({ Code }, place) => (Code === 'ConditionalCheckFailed' ? [place] : []));
  }
}

const EXPECTED = new Set(['ConditionalCheckFailed', 'TransactionConflict']);

/** Whether an update was refused as its row would grow beyond the 400 KB of DynamoDB. */
export function isTooLarge(thrown: unknown): boolean {
  const { name, message } = thrown as Error;
  return name === 'ValidationException' && /item size/i.test(message);
}
