import { readFile } from 'node:fs/promises';
import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../bin/settings.ts';
import { chooseDialect } from '../../lambdas/dialects/registry.ts';

const succeeds = (attempt: () => unknown): boolean => {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
};

const settings = (given: Readonly<Record<string, string>>) => readSettings((name) => given[name]);

describe('the settings of a deployment', () => {
  it('may all be left out', () => {
    expect(settings({})).toEqual({ stage: 'live', stack: { stageName: 'live' } });
  });

  it('are all described where one deploys', async () => {
    const guide = await readFile(new URL('../../docs/deploy.md', import.meta.url), 'utf8');
    const names: string[] = [];
    readSettings((name) => void names.push(name));
    const undescribed = names.filter((name) => !new RegExp(`^\\| .*\`${name}\`.* \\|`, 'm').test(guide));
    expect(undescribed).toEqual([]);
  });

  it('may open the REST routes to any site', () => {
    expect(settings({ clientUrl: '*' }).stack).toMatchObject({ clientUrl: '*' });
  });

  it.each(['booking', 'conversation', 'direct', 'appointment', 'support'])(
    'name a dialect only if devices can speak it: %s',
    (dialect) => {
      const isSpoken = succeeds(() => chooseDialect(dialect));
      expect(succeeds(() => settings({ dialect }))).toBe(isSpoken);
    },
  );

  it('become the props of the stack', () => {
    const given = {
      stage: 'staging',
      jwtSecretName: 'chat/jwt-secret',
      jwksUrl: 'https://id.example.com/keys',
      issuer: 'https://id.example.com',
      audience: 'chat',
      dialect: 'booking',
      clientUrl: 'https://example.com,http://localhost:5173',
      host: 'cloudfront',
      domainName: 'chat.example.com',
      certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/1-a',
      recoverySeconds: '600',
      strangersPerAddress: '0',
      presenceScope: 'everyone',
      presenceGraceSeconds: '30',
      testRoutes: 'true',
      reminderMinutes: '120,5',
      pollingConcurrency: '200',
      deletionProtection: 'false',
      removalPolicy: 'destroy',
      throttleRate: '50',
      throttleBurst: '20',
      logRetentionDays: '7',
      detailedMetrics: 'true',
      socketAccessLog: 'true',
      alarmTopicArn: 'arn:aws:sns:eu-west-1:123456789012:pager',
    };
    const { stage, logRetentionDays, host, ...same } = given;
    expect(settings(given)).toEqual({
      stage,
      stack: {
        ...same,
        stageName: 'staging',
        singleHost: true,
        recoverySeconds: 600,
        strangersPerAddress: 0,
        presenceGraceSeconds: 30,
        testRoutes: true,
        pollingConcurrency: 200,
        deletionProtection: false,
        removalPolicy: RemovalPolicy.DESTROY,
        throttleRate: 50,
        throttleBurst: 20,
        logRetention: RetentionDays.ONE_WEEK,
        detailedMetrics: true,
        socketAccessLog: true,
      },
    });
  });

  it.each<readonly [string, string, string]>([
    ['stage', 'a_b', 'letters, digits and hyphens'],
    ['stage', '', 'letters, digits and hyphens'],
    ['jwtSecretName', 'two words', 'the name or ARN of a secret'],
    ['jwksUrl', 'http://id.example.com/keys', 'a URL that begins with https://'],
    ['issuer', ' ', 'a text that is not empty'],
    ['dialect', 'klingon', 'booking'],
    ['clientUrl', 'https://example.com/app', 'one or more origins'],
    ['clientUrl', 'https://example.com,*', 'one or more origins'],
    ['recoverySeconds', '-1', 'a number of seconds'],
    ['strangersPerAddress', 'many', 'a whole number'],
    ['presenceScope', 'nobody', 'contacts or everyone'],
    ['presenceGraceSeconds', '901', 'from 0 to 900'],
    ['testRoutes', '1', 'true or false'],
    ...['', '0', '60,', '60, 15', '-5', '1.5', '527041', 'hour', Array(11).fill('5').join()].map(
      (minutes) => ['reminderMinutes', minutes, 'numbers of minutes such as 1440,60,15'] as const,
    ),
    ['host', 'apache', 'cloudfront'],
    ['domainName', 'https://chat.example.com', 'a domain name'],
    ['domainName', 'localhost', 'a domain name'],
    ['certificateArn', '12345678', 'the ARN of a certificate'],
    ['deletionProtection', 'yes', 'true or false'],
    ['removalPolicy', 'delete', 'retain or destroy'],
    ['throttleRate', '0', 'a whole number above zero'],
    ['throttleBurst', '1.5', 'a whole number above zero'],
    ['logRetentionDays', '31', '7 or'],
    ['alarmTopicArn', 'pager', 'the ARN of an SNS topic'],
  ])('are refused in one sentence: %s “%s”', (name, value, words) => {
    expect(() => settings({ [name]: value })).toThrow(`The setting ${name} must be`);
    expect(() => settings({ [name]: value })).toThrow(words);
  });

  const CERTIFICATE = 'arn:aws:acm:eu-west-1:123456789012:certificate/1';

  it.each([
    [{ domainName: 'chat.example.com' }, 'only together'],
    [{ certificateArn: CERTIFICATE }, 'only together'],
    [
      { host: 'cloudfront', domainName: 'chat.example.com', certificateArn: CERTIFICATE },
      'must be of us-east-1',
    ],
  ])('are refused where they do not fit together: %o', (given, words) => {
    expect(() => settings(given)).toThrow(words);
  });

  it('may give the WebSocket API a name in its own region', () => {
    const given = { domainName: 'chat.example.com', certificateArn: CERTIFICATE };
    expect(settings(given).stack).toMatchObject(given);
  });
});
