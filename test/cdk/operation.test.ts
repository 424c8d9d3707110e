import { readFile } from 'node:fs/promises';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import { functionsIn } from './functions-in.ts';
import { synthesize } from './synthesize.ts';

const template = synthesize();
const functions = functionsIn(template);

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
    });
    const names = new Set(functionsIn(all).flatMap(({ variables }) => Object.keys(variables)));
    names.delete('NODE_OPTIONS');
    expect([...names].filter((name) => !new RegExp(`^\\| .*\`${name}\``, 'm').test(guide))).toEqual([]);
  });

  it('know the table and the queue, and only those settings that concern them', () => {
    const told = (name: string) =>
      functions.filter(({ variables }) => name in variables).map(({ entry }) => entry);
    expect(told('TABLE_NAME')).toHaveLength(functions.length);
    expect(told('TASK_QUEUE_URL')).toHaveLength(functions.length);
    expect(told('CLIENT_URL')).toEqual([]);
    const other = functionsIn(synthesize({ clientUrl: 'https://example.com' }));
    expect(other.filter(({ variables }) => 'CLIENT_URL' in variables).map(({ entry }) => entry)).toEqual([
      'http',
    ]);
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
    expect(alarms).toContainEqual(expect.stringMatching('"Faults".*"Parley/parley-live"'));
    told.resourcePropertiesCountIs(
      'AWS::Logs::MetricFilter',
      { MetricTransformations: [{ MetricNamespace: 'Parley/parley-live', MetricName: 'Faults' }] },
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
