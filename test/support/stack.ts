import { randomUUID } from 'node:crypto';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, expect, inject, vi } from 'vitest';
import { dynamoDbAt } from '../../local/dynamodb-client.ts';
import { readSettings } from '../../local/settings.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import { LeapingClock } from './leaping-clock.ts';
import { type Claims, signToken } from './tokens.ts';

export type Row = Readonly<Record<string, unknown>>;

/** A client that knows when it has heard all there was to hear. */
type Flushing = { readonly flushed: () => Promise<void> };

/** Parley, running somewhere: what a test needs to know of it. */
export type Backend = {
  readonly url: string;
  readonly webSocketUrl: string;
  readonly secret: string;
  /** Its time, in ms. */
  readonly now: () => number;
  /** Lets time pass: at once on the local stack, really on a deployed stage. */
  readonly pass: (ms: number) => Promise<void>;
  /** Resolves when what these clients have sent has had all its effects, and they have heard of them. */
  readonly settled: (...clients: readonly Flushing[]) => Promise<void>;
  /** Everything that is stored; nothing where the table is out of reach. */
  readonly rows: () => Promise<readonly Row[]>;
  /** What its log reported as failures since this was last called; a test that means them asks. */
  readonly failures: () => readonly unknown[];
  /** A token that the backend accepts, for an hour unless `exp` (s) says otherwise. */
  readonly token: (claims: Claims) => Promise<string>;
};

const SECRET = 'a secret of the tests, long enough for HS256';
/** On a deployed stage nothing tells when all is done; a push takes well under a second. */
const DEPLOYED_SETTLES_MS = 2_000;
const DEPLOYED_TIMEOUT_MS = 120_000;

/**
 * The backend for the tests of one file: the deployed stage that `PARLEY_URL` names (with `PARLEY_WEBSOCKET_URL` and
 * `PARLEY_JWT_SECRET`), else a local stack of its own, whose log may not report a failure.
 */
export function backendForFile(environment: Readonly<Record<string, string>> = {}): Promise<Backend> {
  const url = process.env.PARLEY_URL;
  return url === undefined ? localBackend(environment) : Promise.resolve(deployedBackend(url));
}

/** A local stack for the tests of one file, with these environment variables. */
export async function localBackend(environment: Readonly<Record<string, string>> = {}): Promise<Backend> {
  const clock = new LeapingClock();
  const failed: unknown[] = [];
  const failures = () => failed.splice(0);
  const log = {
    info: () => undefined,
    error: (event: string, cause: unknown) => failed.push([event, cause]),
  };
  const endpoint = inject('engineEndpoint');
  const tableName = `parley-${randomUUID()}`;
  const settings = readSettings({
    JWT_SECRET: SECRET,
    PORT: '0',
    DYNAMODB_ENDPOINT: endpoint,
    ...environment,
  });
  const stack = await startStack(settings, { log, tableName, clock });
  const table = DynamoDBDocument.from(dynamoDbAt(endpoint));
  afterEach(() => expect(failures()).toEqual([]));
  afterAll(async () => {
    await stack.stop();
    table.destroy();
  });
  return {
    url: stack.gateway.url,
    webSocketUrl: stack.gateway.webSocketUrl,
    secret: SECRET,
    now: () => clock.now(),
    pass: async (ms) => {
      // What is under way would be found to have run for as long.
      await settled(stack, []);
      clock.leap(ms);
    },
    settled: (...clients) => settled(stack, clients),
    rows: () => allRows(table, tableName),
    failures,
    token: (claims) => signToken(claims, { secret: SECRET, now: clock.now() }),
  };
}

function deployedBackend(url: string): Backend {
  vi.setConfig({ testTimeout: DEPLOYED_TIMEOUT_MS, hookTimeout: DEPLOYED_TIMEOUT_MS });
  const { PARLEY_WEBSOCKET_URL, PARLEY_JWT_SECRET: secret = '' } = process.env;
  const pass = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  return {
    url: url.replace(/\/$/, ''),
    webSocketUrl: PARLEY_WEBSOCKET_URL ?? new URL('/ws', url.replace(/^http/, 'ws')).href,
    secret,
    now: Date.now,
    pass,
    settled: () => pass(DEPLOYED_SETTLES_MS),
    rows: async () => [],
    failures: () => [],
    token: (claims) => signToken(claims, { secret, now: Date.now() }),
  };
}

async function settled({ gateway, functions }: Stack, clients: readonly Flushing[]): Promise<void> {
  await Promise.all(clients.map((client) => client.flushed()));
  await gateway.settled();
  await functions.tasks.settled();
  // What a task has sent may have been answered.
  await gateway.settled();
  await Promise.all(clients.map((client) => client.flushed()));
}

async function allRows(table: DynamoDBDocument, TableName: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let ExclusiveStartKey: Row | undefined;
  do {
    const page = await table.scan({
      TableName,
      ConsistentRead: true,
      ...(ExclusiveStartKey && { ExclusiveStartKey }),
    });
    rows.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return rows.toSorted((a, b) => `${a.pk} ${a.sk}`.localeCompare(`${b.pk} ${b.sk}`));
}
