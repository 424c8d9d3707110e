import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { TABLE } from '../lambdas/aws/table.ts';
import { dynamoDbAt } from './dynamodb-client.ts';

export type TablePlace = {
  readonly endpoint: string;
  readonly tableName: string;
};

const ACTIVE_WITHIN_SECONDS = 60;

/** Creates the one table in its shape, time to live enabled, and waits until it can be used. One that is there is left as it is. */
export async function createTable({ endpoint, tableName }: TablePlace): Promise<void> {
  const client = dynamoDbAt(endpoint);
  try {
    await createUnlessThere(client, tableName);
    await waitUntilTableExists(
      { client, maxWaitTime: ACTIVE_WITHIN_SECONDS, minDelay: 1 },
      { TableName: tableName },
    );
    await enableTimeToLive(client, tableName);
  } finally {
    client.destroy();
  }
}

async function createUnlessThere(client: DynamoDBClient, tableName: string): Promise<void> {
  try {
    await client.send(new CreateTableCommand(shapeOf(tableName)));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}

function shapeOf(tableName: string): CreateTableCommandInput {
  const { partitionKey, sortKey, activityIndex } = TABLE;
  const keys = [partitionKey, sortKey, activityIndex.partitionKey, activityIndex.sortKey];
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: keySchema(partitionKey, sortKey),
    GlobalSecondaryIndexes: [
      {
        IndexName: activityIndex.name,
        KeySchema: keySchema(activityIndex.partitionKey, activityIndex.sortKey),
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [...activityIndex.nonKeyAttributes] },
      },
    ],
  };
}

function keySchema(partitionKey: string, sortKey: string): CreateTableCommandInput['KeySchema'] {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' },
    { AttributeName: sortKey, KeyType: 'RANGE' },
  ];
}

/** Enabling it twice is a ValidationException, so the state is asked for first. */
async function enableTimeToLive(client: DynamoDBClient, tableName: string): Promise<void> {
  const { TimeToLiveDescription } = await client.send(
    new DescribeTimeToLiveCommand({ TableName: tableName }),
  );
  const status = TimeToLiveDescription?.TimeToLiveStatus;
  if (status === 'ENABLED' || status === 'ENABLING') return;
  const TimeToLiveSpecification = { AttributeName: TABLE.timeToLive, Enabled: true };
  await client.send(new UpdateTimeToLiveCommand({ TableName: tableName, TimeToLiveSpecification }));
}
