import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** The table, and the client that reaches it: what every store is made of. */
export type Table = { readonly client: DynamoDBDocumentClient; readonly name: string };

export type TableSettings = {
  readonly tableName: string;
  /** DynamoDB Local or the local engine; AWS when left out. */
  readonly endpoint?: string;
};

/** A request that is not answered in this time is tried again by the SDK: a healthy table answers in milliseconds. */
const REQUEST_TIMEOUT_MS = 3_000;
/** An engine of one's own shares its machine with whatever else runs there. */
const LOCAL_REQUEST_TIMEOUT_MS = 30_000;
const ATTEMPTS = 4;

/** Connects to the table, with the region and credentials of the environment. */
export function connectTable({ tableName, endpoint }: TableSettings): Table {
  const requestTimeout = endpoint === undefined ? REQUEST_TIMEOUT_MS : LOCAL_REQUEST_TIMEOUT_MS;
  const client = new DynamoDBClient({
    maxAttempts: ATTEMPTS,
    requestHandler: { requestTimeout, throwOnRequestTimeout: true },
    ...(endpoint !== undefined && { endpoint }),
  });
  const marshallOptions = { removeUndefinedValues: true };
  return { client: DynamoDBDocumentClient.from(client, { marshallOptions }), name: tableName };
}
