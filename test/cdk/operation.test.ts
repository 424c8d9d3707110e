import { readFile } from 'node:fs/promises';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import { type DeployedFunction, functionsIn } from './functions-in.ts';
import { synthesize } from './synthesize.ts';

const template = synthesize();
const functions = functionsIn(template);

/** The entries of the functions that are told this. */
function told(all: readonly DeployedFunction[], name: string): string[] {
  return all.filter(({ variables }) => name in variables).map(({ entry }) => entry);
}

describe('the functions', () => {
  it('run on arm64 and Node 24, with readable stack traces and JSON logs', () => {
    for (const { entry, properties, variables } of functions) {
      expect(properties, entry).toMatchObject({
        Architectures: ['arm64'],
        Runtime: 'nodejs24.x',
        LoggingConfig: { LogFormat: 'JSON' },
      });
      expect(variables.NODE_OPTIONS, entry).toBe('--enable-source-maps');
    }
  });

  it('are told nothing that the guide does not list', async () => {
    const guide = await readFile(new URL('../../docs/deploy.md', import.meta.url), 'utf8');
    const all = synthesize({
      jwtSecretName: 'jwt',
      jwksUrl: 'https://x',
      issuer: 'x',
      audience: 'x',
      clientUrl: 'x',
      recoverySeconds: 60,
      strangersPerAddress: 9,
      presenceScope: 'everyone',
      presenceGraceSeconds: 5,
      testRoutes: true,
      singleHost: true,
    });
    const names = new Set(functionsIn(all).flatMap(({ variables }) => Object.keys(variables)));
    names.delete('NODE_OPTIONS');
    expect([...names].filter((name) => !new RegExp(`^\\| .*\`${name}\``, 'm').test(guide))).toEqual([]);
  });

  it('know the table and the queue, and only those settings that concern them', () => {
    expect(told(functions, 'TABLE_NAME')).toHaveLength(functions.length);
    expect(told(functions, 'TASK_QUEUE_URL')).toHaveLength(functions.length);
    expect(told(functions, 'CLIENT_URL')).toEqual([]);
    const other = functionsIn(synthesize({ clientUrl: 'https://example.com' }));
    expect(told(other, 'CLIENT_URL')).toEqual(['polling', 'http']);
  });

  it('know how long a client may be recovered, where sessions end', () => {
    expect(told(functions, 'RECOVERY_SECONDS')).toEqual([]);
    const other = functionsIn(synthesize({ recoverySeconds: 0 }));
    const ending = new Set(['disconnect', 'default', 'polling', 'task', 'sweep']);
    expect(new Set(told(other, 'RECOVERY_SECONDS'))).toEqual(ending);
    for (const { variables } of other) expect([undefined, '0']).toContain(variables.RECOVERY_SECONDS);
  });

  it('know all of presence, as whichever of them tells a device may find that it has gone', () => {
    const other = functionsIn(synthesize({ presenceScope: 'everyone', presenceGraceSeconds: 0 }));
    for (const name of ['PRESENCE_SCOPE', 'PRESENCE_GRACE_SECONDS']) {
      expect(told(functions, name)).toEqual([]);
      expect(told(other, name)).toHaveLength(other.length);
    }
  });

  it('know of test routes where they would be, and only if there are to be any', () => {
    expect(told(functions, 'TEST_ROUTES')).toEqual([]);
    expect(told(functionsIn(synthesize({ testRoutes: false })), 'TEST_ROUTES')).toEqual([]);
    expect(told(functionsIn(synthesize({ testRoutes: true })), 'TEST_ROUTES')).toEqual(['http']);
  });

  it('know how many of one address may be strangers, where connections begin', () => {
    expect(told(functions, 'STRANGERS_PER_ADDRESS')).toEqual([]);
    const other = functionsIn(synthesize({ strangersPerAddress: 0 }));
    expect(told(other, 'STRANGERS_PER_ADDRESS')).toEqual(['connect', 'polling']);
  });

  it('know when to remind people, where that is scheduled and where it is done', () => {
    expect(told(functions, 'REMINDER_MINUTES')).toEqual([]);
    const other = functionsIn(synthesize({ reminderMinutes: '120,5' }));
    expect(told(other, 'REMINDER_MINUTES')).toEqual(['http', 'task']);
    for (const { variables } of other) expect([undefined, '120,5']).toContain(variables.REMINDER_MINUTES);
  });

  it('sweep once a minute, and not any more when it is too late', () => {
    const logicalId = functions.find(({ entry }) => entry === 'sweep')?.logicalId;
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Targets: [
        {
          Arn: { 'Fn::GetAtt': [logicalId, 'Arn'] },
          RetryPolicy: { MaximumEventAgeInSeconds: 120, MaximumRetryAttempts: 2 },
        },
      ],
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: logicalId },
      MaximumEventAgeInSeconds: 120,
    });
  });
});

describe('the operator', () => {
  it('finds every log kept for a month, or as long as told', () => {
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
    const other = synthesize({ logRetention: RetentionDays.ONE_WEEK });
    other.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
  });

  it('is told of dead letters and of what handlers log as errors', () => {
    const topic = 'arn:aws:sns:eu-west-1:123456789012:pager';
    const told = synthesize({ alarmTopicArn: topic });
    told.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [topic] });
    const [deadLetters] = Object.keys(
      told.findResources('AWS::SQS::Queue', { Properties: { MessageRetentionPeriod: 14 * 24 * 3600 } }),
    );
    const alarms = Object.values(told.findResources('AWS::CloudWatch::Alarm')).map((alarm) =>
      JSON.stringify(alarm),
    );
    expect(alarms).toContainEqual(
      expect.stringMatching(`"${deadLetters}".*"ApproximateNumberOfMessagesVisible"`),
    );
    expect(alarms).toContainEqual(expect.stringMatching(/Errors.*sweep|sweep.*Errors/i));
    expect(alarms).toContainEqual(expect.stringMatching('"Faults".*"Parley/parley-live"'));
    told.resourcePropertiesCountIs(
      'AWS::Logs::MetricFilter',
      {
        FilterPattern: '{ $.level = "ERROR" }',
        MetricTransformations: [{ MetricNamespace: 'Parley/parley-live', MetricName: 'Faults' }],
      },
      functions.length,
    );
  });

  it('reads what to use from the outputs', () => {
    expect(Object.keys(template.findOutputs('*')).sort((a, b) => a.localeCompare(b))).toEqual([
      'HttpUrl',
      'JwtSecretName',
      'TableName',
      'WebSocketUrl',
    ]);
  });
});
