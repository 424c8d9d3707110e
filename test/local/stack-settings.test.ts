import { describe, expect, test } from 'vitest';
import { readSettings, signing } from '../../local/settings.ts';
import { StartupError } from '../../local/startup-error.ts';

describe('the settings', () => {
  test('have defaults that fit one machine; an empty variable counts as none', () => {
    const defaults = {
      host: '127.0.0.1',
      port: 3000,
      jwtSecret: expect.stringMatching(/.{32}/),
      testRoutes: '1',
    };
    const names = ['HOST', 'PORT', 'JWT_SECRET', 'JWKS_URL', 'DIALECT', 'DYNAMODB_ENDPOINT', 'DATA_DIR'];
    expect(readSettings({})).toStrictEqual(defaults);
    expect(readSettings(Object.fromEntries(names.map((name) => [name, ''])))).toStrictEqual(defaults);
  });

  test('come from the environment', () => {
    const environment = {
      HOST: '0.0.0.0',
      PORT: '0',
      JWT_SECRET: 's',
      JWKS_URL: 'https://issuer.example/keys',
      JWT_ISSUER: 'i',
      JWT_AUDIENCE: 'a',
      DIALECT: 'booking',
      CLIENT_URL: 'https://app.example',
      RECOVERY_SECONDS: '60',
      STRANGERS_PER_ADDRESS: '0',
      PRESENCE_SCOPE: 'everyone',
      PRESENCE_GRACE_SECONDS: '0',
      TEST_ROUTES: '0',
      REMINDER_MINUTES: '120,5',
      DYNAMODB_ENDPOINT: 'http://127.0.0.1:8000',
      DATA_DIR: 'data',
    };
    const settings = readSettings(environment);
    expect(settings).toMatchObject({
      ...{ host: '0.0.0.0', port: 0, jwtSecret: 's', jwksUrl: 'https://issuer.example/keys' },
      ...{ jwtIssuer: 'i', jwtAudience: 'a', dialect: 'booking', clientUrl: 'https://app.example' },
      ...{ presenceScope: 'everyone', presenceGraceSeconds: '0', testRoutes: '0' },
      ...{ recoverySeconds: '60', strangersPerAddress: '0', reminderMinutes: '120,5' },
      ...{ dynamodbEndpoint: 'http://127.0.0.1:8000', dataDir: 'data' },
    });
    expect(signing(settings)).toStrictEqual({ secret: 's', issuer: 'i', audience: 'a' });
  });

  test.each<readonly [string, string]>([
    ['PORT', 'eighty'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '3000.5'],
    ['PORT', '0x50'],
    ['RECOVERY_SECONDS', '-1'],
    ['STRANGERS_PER_ADDRESS', 'many'],
    ['PRESENCE_SCOPE', 'nobody'],
    ['PRESENCE_GRACE_SECONDS', '901'],
    ['TEST_ROUTES', 'yes'],
    ...['0', '60,', '60, 15', '-5', '1.5', '527041', 'hour', Array(11).fill('5').join()].map(
      (minutes) => ['REMINDER_MINUTES', minutes] as const,
    ),
    ['DIALECT', 'klingon'],
    ['DIALECT', '__proto__'],
    ['JWKS_URL', 'issuer.example'],
    ['JWKS_URL', 'ftp://issuer.example'],
    ['DYNAMODB_ENDPOINT', 'localhost:8000'],
    ['DYNAMODB_ENDPOINT', 'http://'],
  ])('refuse %s "%s" in a sentence that names it', (name, value) => {
    const read = () => readSettings({ [name]: value });
    expect(read).toThrow(StartupError);
    expect(read).toThrow(new RegExp(`^${name} "${value}" [^\\n]+\\.$`));
  });
});
