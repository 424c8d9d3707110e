import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { connectTable } from '../../lambdas/aws/table-client.ts';
import { portsOn } from './table-ports.ts';

const sent = mockClient(DynamoDBDocumentClient);
afterEach(() => sent.reset());
afterAll(() => sent.restore());

const { ports } = portsOn({
  ...connectTable({ endpoint: 'http://nowhere.invalid', tableName: 'any' }),
  name: 'any',
});
const booking = { bookingId: 'haircut', clientId: 'ann', businessId: 'salon' };
const business = { businessId: 'salon', name: 'Salon', ownerId: 'ben' };

/** A transaction is cancelled with one reason for each of its writes. */
function cancelled(...codes: readonly string[]): Error {
  return new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });
}

describe('a transaction', () => {
  test('that collides with another is tried again', async () => {
    sent
      .on(TransactWriteCommand)
      .rejectsOnce(cancelled('TransactionConflict', 'None', 'None'))
      .resolvesOnce({});
    expect(await ports.conversations.open(booking, business, 1)).toBe('open');
    expect(sent.commandCalls(TransactWriteCommand)).toHaveLength(2);
  });

  test('whose conditions fail is not tried again', async () => {
    sent.on(TransactWriteCommand).rejects(cancelled('None', 'ConditionalCheckFailed', 'None'));
    expect(await ports.conversations.open(booking, business, 1)).toBe('stale');
    expect(sent.commandCalls(TransactWriteCommand)).toHaveLength(1);
  });

  test('that fails for any other reason is no refusal', async () => {
    sent.on(TransactWriteCommand).rejects(cancelled('ConditionalCheckFailed', 'ThrottlingError'));
    await expect(ports.conversations.open(booking, business, 1)).rejects.toThrow('cancelled');
  });
});

test('a receipt that meets a transaction under way is made again from what is read then', async () => {
  sent.on(UpdateCommand).rejects(new TransactionConflictException({ message: 'conflict', $metadata: {} }));
  expect(await ports.log.saveRead('c', 'ann', { upTo: 1, at: 1, also: {}, version: 1 })).toBe('stale');
});
