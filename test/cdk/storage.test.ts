import { RemovalPolicy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { TABLE } from '../../lambdas/aws/table.ts';
import { functionsIn } from './functions-in.ts';
import { synthesize } from './synthesize.ts';

const template = synthesize();
const functions = functionsIn(template);

describe('the table', () => {
  it('has the shape that the handlers share, paid per request, with expiry', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: TABLE.partitionKey, KeyType: 'HASH' },
        { AttributeName: TABLE.sortKey, KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: { AttributeName: TABLE.timeToLive, Enabled: true },
      GlobalSecondaryIndexes: [
        {
          IndexName: TABLE.activityIndex.name,
          KeySchema: [
            { AttributeName: TABLE.activityIndex.partitionKey, KeyType: 'HASH' },
            { AttributeName: TABLE.activityIndex.sortKey, KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: TABLE.activityIndex.nonKeyAttributes },
        },
      ],
    });
  });

  it('outlives mistakes: restorable, encrypted, protected and kept', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      Properties: {
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
      },
    });
  });

  it('can be given up on purpose', () => {
    const other = synthesize({ deletionProtection: false, removalPolicy: RemovalPolicy.DESTROY });
    other.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Delete',
      Properties: { DeletionProtectionEnabled: false },
    });
  });
});

describe('the task queue', () => {
  const [deadLetters] = Object.keys(
    template.findResources('AWS::SQS::Queue', { Properties: { MessageRetentionPeriod: 14 * 24 * 3600 } }),
  );

  it('sets a task aside that failed every time', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      RedrivePolicy: { maxReceiveCount: 5, deadLetterTargetArn: { 'Fn::GetAtt': [deadLetters, 'Arn'] } },
    });
  });

  it('hides a task for six times as long as its consumer may take', () => {
    const timeout = functions.find(({ entry }) => entry === 'task')?.properties.Timeout;
    template.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 6 * timeout });
  });

  it('repeats only the tasks of a batch that failed', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      FunctionName: { Ref: functions.find(({ entry }) => entry === 'task')?.logicalId },
    });
  });

  it('may be fed by its own consumer, in chains of any length', () => {
    const recursive = functions.filter(({ properties }) => properties.RecursiveLoop === 'Allow');
    expect(recursive.map(({ entry }) => entry)).toEqual(['task']);
  });

  it('is spoken to over TLS alone, as are its dead letters', () => {
    const refused = { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    const policies = { PolicyDocument: { Statement: Match.arrayWith([Match.objectLike(refused)]) } };
    template.resourcePropertiesCountIs('AWS::SQS::QueuePolicy', policies, 2);
  });
});

describe('the token secret', () => {
  it('is made without a value in the template', () => {
    template.hasResourceProperties('AWS::SecretsManager::Secret', {
      SecretString: Match.absent(),
      GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
    });
  });

  it('may exist already: it is named whole, since a partial ARN that ends in six letters is misread', () => {
    const other = synthesize({ jwtSecretName: 'parley/jwt-secret' });
    other.resourceCountIs('AWS::SecretsManager::Secret', 0);
    const connect = functionsIn(other).find(({ entry }) => entry === 'connect');
    expect(connect?.variables.JWT_SECRET_ARN).toBe('parley/jwt-secret');
    expect(JSON.stringify(connect?.statements)).toContain(':secret:parley/jwt-secret-??????');
  });

  it('is replaced by public keys, checked with issuer and audience', () => {
    const jwksUrl = 'https://id.example.com/keys';
    const other = synthesize({ jwksUrl, issuer: 'https://id.example.com', audience: 'chat' });
    other.resourceCountIs('AWS::SecretsManager::Secret', 0);
    const verifying = functionsIn(other).filter(({ variables }) => 'JWKS_URL' in variables);
    expect(verifying.map(({ entry }) => entry).sort()).toEqual([
      'authenticate',
      'connect',
      'default',
      'http',
      'polling',
    ]);
    for (const { variables } of verifying) {
      expect(variables).toMatchObject({
        JWKS_URL: jwksUrl,
        JWT_ISSUER: 'https://id.example.com',
        JWT_AUDIENCE: 'chat',
      });
    }
  });
});
