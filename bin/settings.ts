import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { dialectFor } from '../lambdas/dialects/registry.ts';
import type { ParleyStackProps } from '../lib/parley-stack.ts';

/** A setting that cannot be meant; its message is one sentence for the operator. */
export class SettingError extends Error {}

/** The value given under a name; undefined when there is none. */
export type Read = (name: string) => string | undefined;

export type Settings = { readonly stage: string; readonly stack: ParleyStackProps };

/**
 * Turns what the operator gave (`-c name=value`) into the props of the stack.
 * @throws SettingError at the first value that cannot be meant.
 */
export function readSettings(read: Read): Settings {
  const take = takeFrom(read);
  const stage = take('stage', STAGE) ?? 'live';
  const stack = {
    stageName: stage,
    jwtSecretName: take('jwtSecretName', SECRET_NAME),
    jwksUrl: take('jwksUrl', HTTPS_URL),
    issuer: take('issuer', TEXT),
    audience: take('audience', TEXT),
    dialect: take('dialect', DIALECT),
    clientUrl: take('clientUrl', ORIGINS),
    singleHost: take('host', HOST),
    domainName: take('domainName', HOST_NAME),
    certificateArn: take('certificateArn', CERTIFICATE_ARN),
    recoverySeconds: take('recoverySeconds', SECONDS),
    strangersPerAddress: take('strangersPerAddress', NUMBER),
    presenceScope: take('presenceScope', SCOPE),
    presenceGraceSeconds: take('presenceGraceSeconds', GRACE),
    testRoutes: take('testRoutes', FLAG),
    reminderMinutes: take('reminderMinutes', MINUTES),
    pollingConcurrency: take('pollingConcurrency', COUNT),
    deletionProtection: take('deletionProtection', FLAG),
    removalPolicy: take('removalPolicy', REMOVAL),
    throttleRate: take('throttleRate', COUNT),
    throttleBurst: take('throttleBurst', COUNT),
    logRetention: take('logRetentionDays', RETENTION),
    detailedMetrics: take('detailedMetrics', FLAG),
    socketAccessLog: take('socketAccessLog', FLAG),
    alarmTopicArn: take('alarmTopicArn', TOPIC_ARN),
  };
  checkDomain(stack);
  return { stage, stack: defined(stack) };
}

/** A name needs its certificate, and CloudFront takes only one of us-east-1. */
function checkDomain({ singleHost, domainName, certificateArn }: Taken): void {
  if ((domainName === undefined) !== (certificateArn === undefined)) {
    throw new SettingError('The settings domainName and certificateArn are of use only together.');
  }
  if (singleHost && certificateArn !== undefined && !certificateArn.includes(':us-east-1:')) {
    throw new SettingError('With CloudFront, the certificateArn must be of us-east-1.');
  }
}

type Taken = {
  readonly [K in 'singleHost' | 'domainName' | 'certificateArn']: ParleyStackProps[K] | undefined;
};

/** What a setting may be: in words, and as a function that is undefined for anything else. */
type Kind<T> = { readonly words: string; readonly parse: (text: string) => T | undefined };

const TEXT = matching('a text that is not empty', /\S/);
const STAGE = matching(
  'letters, digits and hyphens, a letter first, 64 at most',
  /^[a-zA-Z][a-zA-Z0-9-]{0,63}$/,
);
const SECRET_NAME = matching('the name or ARN of a secret', /^[\w/+=.@:-]{1,512}$/);
const TOPIC_ARN = matching('the ARN of an SNS topic', /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w.-]+$/);
const HTTPS_URL: Kind<string> = {
  words: 'a URL that begins with https://',
  parse: (text) => (URL.canParse(text) && new URL(text).protocol === 'https:' ? text : undefined),
};
const ORIGINS: Kind<string> = {
  words: 'one or more origins such as https://example.com, separated by commas, or * for any',
  parse: (text) =>
    text === '*' || text.split(',').every((part) => isOrigin(part.trim())) ? text : undefined,
};
const COUNT: Kind<number> = {
  words: 'a whole number above zero',
  parse: (text) => (/^[1-9]\d{0,6}$/.test(text) ? Number(text) : undefined),
};
const NUMBER: Kind<number> = {
  words: 'a whole number, 0 for any number',
  parse: (text) => (/^\d{1,6}$/.test(text) ? Number(text) : undefined),
};
const SECONDS: Kind<number> = {
  words: 'a number of seconds, 0 for none',
  parse: (text) => (/^\d{1,7}$/.test(text) ? Number(text) : undefined),
};
const GRACE: Kind<number> = {
  words: 'a number of seconds from 0 to 900',
  parse: (text) => (/^\d{1,3}$/.test(text) && Number(text) <= 900 ? Number(text) : undefined),
};
const SCOPE = oneOf({ contacts: 'contacts', everyone: 'everyone' } as const);
/** At most so many, of up to a leap year each. */
const MOST_REMINDERS = 10;
const YEAR_MINUTES = 366 * 24 * 60;
const MINUTES: Kind<string> = {
  words: `1 to ${MOST_REMINDERS} numbers of minutes such as 1440,60,15, each from 1 to ${YEAR_MINUTES}`,
  parse: (text) => {
    const parts = text.split(',');
    const isMeant = (part: string) => /^[1-9]\d{0,5}$/.test(part) && Number(part) <= YEAR_MINUTES;
    return parts.length <= MOST_REMINDERS && parts.every(isMeant) ? text : undefined;
  },
};
const DIALECT: Kind<string> = {
  words: 'a dialect that Parley speaks, such as booking',
  parse: (text) => (dialectFor(text).name === text ? text : undefined),
};
const HOST = oneOf({ cloudfront: true });
const HOST_NAME = matching(
  'a domain name in lower case, such as chat.example.com',
  /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
);
const CERTIFICATE_ARN = matching(
  'the ARN of a certificate in ACM',
  /^arn:[\w-]+:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/,
);
const FLAG = oneOf({ true: true, false: false });
const REMOVAL = oneOf({ retain: RemovalPolicy.RETAIN, destroy: RemovalPolicy.DESTROY });
const RETENTION = oneOf({
  1: RetentionDays.ONE_DAY,
  7: RetentionDays.ONE_WEEK,
  14: RetentionDays.TWO_WEEKS,
  30: RetentionDays.ONE_MONTH,
  90: RetentionDays.THREE_MONTHS,
  365: RetentionDays.ONE_YEAR,
});

function takeFrom(read: Read): <T>(name: string, kind: Kind<T>) => T | undefined {
  return (name, { words, parse }) => {
    const text = read(name);
    if (text === undefined) return undefined;
    const value = parse(text);
    if (value === undefined) throw new SettingError(`The setting ${name} must be ${words}, not “${text}”.`);
    return value;
  };
}

function matching(words: string, pattern: RegExp): Kind<string> {
  return { words, parse: (text) => (pattern.test(text) ? text : undefined) };
}

function oneOf<T>(values: Readonly<Record<string, T>>): Kind<T> {
  const known = new Map(Object.entries(values));
  return { words: [...known.keys()].join(' or '), parse: (text) => known.get(text) };
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

type Defined<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out what is undefined, so that the defaults of the stack hold. */
function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
