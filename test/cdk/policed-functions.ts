import { vi } from 'vitest';
import { freshTable } from '../support/table.ts';
import { type Bundles, bundleAll } from './bundles.ts';
import type { DeployedFunction } from './functions-in.ts';
import { type Account, type PolicedAws, policeAws } from './policed-aws.ts';

export type Answer = { readonly statusCode: number; readonly body: string };
type Handler = (event: object) => Promise<Answer>;
type Policed = PolicedAws & { readonly handler: Handler; readonly env: Readonly<Record<string, string>> };

/** Where CloudFront stands before the APIs: what it has in a header to show that. */
export const EDGE_KEY = 'a key that CloudFront knows';

/** The functions as deployed: their bundles, with the variables and the policies of the template. */
export class PolicedFunctions {
  private readonly account: Account;
  private readonly bundles: Bundles;
  private readonly functions: ReadonlyMap<string, Policed>;

  private constructor(account: Account, bundles: Bundles, functions: ReadonlyMap<string, Policed>) {
    this.account = account;
    this.bundles = bundles;
    this.functions = functions;
  }

  /** @param secret the one that tokens are signed with */
  static async start(deployed: readonly DeployedFunction[], secret: string): Promise<PolicedFunctions> {
    const [{ endpoint: engine, tableName }, bundles] = await Promise.all([freshTable(), bundleAll()]);
    const account = { engine, secret, tasks: [], frames: new Map(), gone: new Set<string>() };
    const functions = new Map<string, Policed>();
    for (const fn of deployed) {
      functions.set(fn.entry, await load(account, tableName, fn, bundles.fileOf(fn.entry)));
    }
    return new PolicedFunctions(account, bundles, functions);
  }

  /** The actions that a function has asked for, and those that it is allowed. */
  actionsOf(entry: string): Pick<PolicedAws, 'asked' | 'allowed'> {
    return this.named(entry);
  }

  async invoke(entry: string, event: object): Promise<Answer> {
    const { handler, env } = this.named(entry);
    setEnvironment(env);
    return handler(event);
  }

  /** The frames that a connection was sent since they were last asked for. */
  taken(connectionId: string): readonly string[] {
    const frames = this.account.frames.get(connectionId) ?? [];
    this.account.frames.delete(connectionId);
    return frames;
  }

  /** Ends a connection unnoticed: posts to it fail from now on. */
  drop(connectionId: string): void {
    this.account.gone.add(connectionId);
  }

  isOpen(connectionId: string): boolean {
    return !this.account.gone.has(connectionId);
  }

  /** Takes the oldest task of a kind from the queue, or of any kind. */
  nextTask(kind?: string): string | undefined {
    const { tasks } = this.account;
    const place = tasks.findIndex((body) => kind === undefined || JSON.parse(body).kind === kind);
    return place < 0 ? undefined : tasks.splice(place, 1)[0];
  }

  async close(): Promise<void> {
    for (const fn of this.functions.values()) fn.close();
    await this.bundles.remove();
  }

  private named(entry: string): Policed {
    const fn = this.functions.get(entry);
    if (!fn) throw new Error(`No function ${entry} in the template.`);
    return fn;
  }
}

async function load(
  account: Account,
  tableName: string,
  fn: DeployedFunction,
  file: string,
): Promise<Policed> {
  const aws = await policeAws(account, fn.statements);
  const values: Readonly<Record<string, string>> = {
    TABLE_NAME: tableName,
    CALLBACK_URL: `${aws.endpoint}/live`,
    TASK_QUEUE_URL: `${aws.endpoint}/tasks`,
    SCHEDULE_GROUP: 'schedules',
    JWT_SECRET_ARN: 'jwt',
    EDGE_KEY,
  };
  const given = Object.entries(fn.variables).map(([name, value]) => [name, values[name] ?? String(value)]);
  // A table that is named by its endpoint is waited for longer: a request that is sent twice on a busy machine is another story.
  const here = { AWS_ENDPOINT_URL: aws.endpoint, DYNAMODB_ENDPOINT: aws.endpoint };
  const env = { ...Object.fromEntries(given), ...here };
  setEnvironment(env);
  const { handler } = await import(file);
  return { ...aws, handler, env };
}

const SETTINGS = [
  'TABLE_NAME',
  'CALLBACK_URL',
  'TASK_QUEUE_URL',
  'JWT_SECRET_ARN',
  'JWT_SECRET',
  'DIALECT',
  'CLIENT_URL',
  'RECOVERY_SECONDS',
  'STRANGERS_PER_ADDRESS',
  'PRESENCE_SCOPE',
  'PRESENCE_GRACE_SECONDS',
  'TEST_ROUTES',
  'EDGE_KEY',
  'REMINDER_MINUTES',
  'SCHEDULE_GROUP',
  'SCHEDULE_ROLE_ARN',
  'TASK_QUEUE_ARN',
  'DEAD_LETTERS_ARN',
];
const LAMBDA = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' };

/** Each function has its own variables; here they share a process, which is given those of the one that runs. */
function setEnvironment(env: Readonly<Record<string, string>>): void {
  for (const name of SETTINGS) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries({ ...LAMBDA, ...env })) vi.stubEnv(name, value);
}
