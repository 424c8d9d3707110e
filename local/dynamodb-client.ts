import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** What a local engine accepts as credentials; DynamoDB Local keeps one database per access key and region. */
export const LOCAL_AWS = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  // Node 20 is good until January 2027; a newcomer's first screen need not begin with that.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
} as const;

/** A client for a DynamoDB endpoint, with the environment's credentials when it has any, else those of a local engine. */
export function dynamoDbAt(endpoint: string): DynamoDBClient {
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_PROFILE } = process.env;
  const ownCredentials = AWS_ACCESS_KEY_ID !== undefined || AWS_PROFILE !== undefined;
  return new DynamoDBClient({
    endpoint,
    region: AWS_REGION ?? LOCAL_AWS.AWS_REGION,
    ...(ownCredentials ? {} : { credentials: localCredentials() }),
  });
}

function localCredentials() {
  return {
    accessKeyId: LOCAL_AWS.AWS_ACCESS_KEY_ID,
    secretAccessKey: LOCAL_AWS.AWS_SECRET_ACCESS_KEY,
  };
}
