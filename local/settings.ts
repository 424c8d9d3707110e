import { chooseDialect } from '../lambdas/dialects/registry.ts';
import type { Signing } from './mint-token.ts';
import { StartupError } from './startup-error.ts';

/** What the environment of the local stack says. */
export type Settings = {
  readonly host: string;
  readonly port: number;
  readonly jwtSecret: string;
  readonly jwksUrl?: string;
  readonly jwtIssuer?: string;
  readonly jwtAudience?: string;
  readonly dialect?: string;
  readonly clientUrl?: string;
  /** How long a lost Socket.IO client may ask to be recovered. */
  readonly recoverySeconds?: string;
  /** Connections of one address that have not said yet who they are; 0: any number. */
  readonly strangersPerAddress?: string;
  /** Whom everybody sees come and go: `contacts` or `everyone`; each dialect's own choice when left out. */
  readonly presenceScope?: string;
  /** How long somebody whose connection is lost counts as there. */
  readonly presenceGraceSeconds?: string;
  /** `1`: there are the routes below `/test`. */
  readonly testRoutes: string;
  /** How many minutes before an appointment people are reminded of it, separated by commas. */
  readonly reminderMinutes?: string;
  /** DynamoDB Local, or AWS; the bundled engine when left out. */
  readonly dynamodbEndpoint?: string;
  /** Keeps the data; in memory when left out. */
  readonly dataDir?: string;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Good enough for one machine, and the same in every process on it, so that `npm run token` fits. */
const LOCAL_JWT_SECRET = 'parley-local-secret-not-for-production';

const DEFAULT_PORT = 3000;

const MOST_REMINDERS = 10;
const YEAR_MINUTES = 366 * 24 * 60;

/**
 * Reads the settings. An empty variable counts as unset.
 *
 * @throws StartupError for a value that cannot be meant, naming the variable.
 */
export function readSettings(env: Environment): Settings {
  return {
    host: env.HOST || '127.0.0.1',
    port: portIn(env.PORT),
    jwtSecret: env.JWT_SECRET || LOCAL_JWT_SECRET,
    ...optional('jwksUrl', urlIn('JWKS_URL', env.JWKS_URL)),
    ...optional('jwtIssuer', env.JWT_ISSUER),
    ...optional('jwtAudience', env.JWT_AUDIENCE),
    ...optional('dialect', dialectIn(env.DIALECT)),
    ...optional('clientUrl', env.CLIENT_URL),
    ...optional('recoverySeconds', countIn('RECOVERY_SECONDS', env.RECOVERY_SECONDS, 'seconds')),
    ...optional(
      'strangersPerAddress',
      countIn('STRANGERS_PER_ADDRESS', env.STRANGERS_PER_ADDRESS, 'connections'),
    ),
    ...optional('presenceScope', oneOf('PRESENCE_SCOPE', env.PRESENCE_SCOPE, ['contacts', 'everyone'])),
    ...optional('presenceGraceSeconds', graceIn(env.PRESENCE_GRACE_SECONDS)),
    testRoutes: oneOf('TEST_ROUTES', env.TEST_ROUTES, ['0', '1']) ?? '1',
    ...optional('reminderMinutes', minutesIn('REMINDER_MINUTES', env.REMINDER_MINUTES)),
    ...optional('dynamodbEndpoint', urlIn('DYNAMODB_ENDPOINT', env.DYNAMODB_ENDPOINT)),
    ...optional('dataDir', env.DATA_DIR),
  };
}

/** What the platform's backend would sign tokens with, were these settings its own. */
export function signing({ jwtSecret, jwtIssuer, jwtAudience }: Settings): Signing {
  return {
    secret: jwtSecret,
    ...optional('issuer', jwtIssuer),
    ...optional('audience', jwtAudience),
  };
}

function portIn(text: string | undefined): number {
  if (!text) return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535))
    throw new StartupError(`PORT "${text}" is not a port: use a number from 0 to 65535.`);
  return port;
}

function countIn(name: string, text: string | undefined, things: string): string | undefined {
  if (!text) return undefined;
  if (!/^\d{1,7}$/.test(text)) throw new StartupError(`${name} "${text}" is not a number of ${things}.`);
  return text;
}

/** As long as a task can wait. */
const LONGEST_GRACE_S = 900;

function graceIn(text: string | undefined): string | undefined {
  const name = 'PRESENCE_GRACE_SECONDS';
  const seconds = countIn(name, text, 'seconds');
  if (Number(seconds ?? 0) > LONGEST_GRACE_S)
    throw new StartupError(`${name} "${text}" is too long: use a number from 0 to ${LONGEST_GRACE_S}.`);
  return seconds;
}

function oneOf(name: string, text: string | undefined, known: readonly string[]): string | undefined {
  if (!text) return undefined;
  if (!known.includes(text)) throw new StartupError(`${name} "${text}" is not ${known.join(' or ')}.`);
  return text;
}

function minutesIn(name: string, text: string | undefined): string | undefined {
  if (!text) return undefined;
  const minutes = text.split(',').map((part) => (/^[1-9]\d{0,5}$/.test(part) ? Number(part) : Number.NaN));
  if (minutes.length > MOST_REMINDERS || !minutes.every((number) => number <= YEAR_MINUTES)) {
    throw new StartupError(
      `${name} "${text}" is not a list of 1 to 10 numbers of minutes, such as 1440,60,15: each is from 1 to 527040.`,
    );
  }
  return text;
}

function urlIn(name: string, text: string | undefined): string | undefined {
  if (!text) return undefined;
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw new StartupError(`${name} "${text}" is not a URL: it must begin with http:// or https://.`);
  }
  return text;
}

function dialectIn(text: string | undefined): string | undefined {
  if (!text) return undefined;
  try {
    return chooseDialect(text);
  } catch (cause) {
    throw new StartupError(`DIALECT "${text}" is not a dialect that Parley speaks.`, { cause });
  }
}

function optional<Name extends string>(
  name: Name,
  value: string | undefined,
): { readonly [N in Name]?: string } {
  return (value ? { [name]: value } : {}) as { readonly [N in Name]?: string };
}
