import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { mailboxes } from '../../lambdas/aws/mailboxes.ts';

/** A mailbox whose table refuses an update, at so many attempts of the SDK. */
function refusing(attempts: number) {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const refusal = new ConditionalCheckFailedException({ message: 'refused', $metadata: { attempts } });
  mockClient(client).on(UpdateCommand).rejects(refusal);
  return mailboxes({ client, name: 'table' });
}

test('a mailbox is empty where there is nothing to collect', async () => {
  expect(await refusing(1).collect('polling-x')).toEqual([]);
});

test('a mailbox is not taken for empty where the answer to its collection may have been lost', async () => {
  await expect(refusing(2).collect('polling-x')).rejects.toThrow('refused');
});
