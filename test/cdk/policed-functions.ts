import { SignJWT } from 'jose';
import { expect, vi } from 'vitest';
import { freshTable } from '../support/table.ts';
import type { DeployedFunction } from './functions-in.ts';
import { type Account, type PolicedAws, policeAws } from './policed-aws.ts';

type Answer = { readonly statusCode: number; readonly body: string };
type Handler = (event: object) => Promise<Answer>;
type Policed = PolicedAws & { readonly handler: Handler; readonly env: Readonly<Record<string, string>> };

const SECRET = 'a secret of at least thirty-two characters';

export function tokenFor(sub: string, claims: object): Promise<string> {
  const jwt = new SignJWT({ sub, ...claims }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h');
  return jwt.sign(new TextEncoder().encode(SECRET));
}

/** The functions as deployed: the real handlers, with the variables and the policies of the template. */
export class PolicedFunctions {
  private readonly account: Account;
  private readonly functions: ReadonlyMap<string, Policed>;

  private constructor(account: Account, functions: ReadonlyMap<string, Policed>) {
    this.account = account;
    this.functions = functions;
  }

  static async start(deployed: readonly DeployedFunction[]): Promise<PolicedFunctions> {
    const { endpoint: engine, tableName } = await freshTable();
    const account = { engine, secret: SECRET, tasks: [], replies: new Map(), gone: new Set<string>() };
    const functions = new Map<string, Policed>();
    for (const fn of deployed) functions.set(fn.entry, await load(account, tableName, fn));
    return new PolicedFunctions(account, functions);
  }

  /** The actions that a function has asked for, and those that it is allowed. */
  actionsOf(entry: string): Pick<PolicedAws, 'asked' | 'allowed'> {
    return this.named(entry);
  }

  async connect(connectionId: string, token?: string): Promise<void> {
    const queryStringParameters = { ...(token !== undefined && { token }) };
    const answer = await this.invoke('connect', { requestContext: { connectionId }, queryStringParameters });
    expect(answer).toEqual({ statusCode: 200 });
  }

  async disconnect(connectionId: string): Promise<void> {
    await this.invoke('disconnect', { requestContext: { connectionId } });
  }

  /** Serves a frame; returns what its sender was answered. */
  async frame(entry: string, connectionId: string, action: string, data: unknown) {
    const body = JSON.stringify({ action, data, id: 1 });
    await this.invoke(entry, { requestContext: { connectionId }, body });
    return JSON.parse(this.account.replies.get(connectionId) ?? '{}').data;
  }

  /** Ends a connection unnoticed: posts to it fail from now on. */
  drop(connectionId: string): void {
    this.account.gone.add(connectionId);
  }

  async request(token: string, method: string, path: string, body?: object): Promise<void> {
    const answer = await this.invoke('http', httpEvent(token, method, path, body));
    expect(answer.statusCode, `${method} ${path} ${answer.body}`).toBe(200);
  }

  /** Does every task there is, and those that these lead to. */
  async runTasks(): Promise<void> {
    const { tasks } = this.account;
    for (let body = tasks.shift(); body !== undefined; body = tasks.shift()) {
      const answer = await this.invoke('task', { Records: [{ messageId: '1', body }] });
      expect(answer, body).toEqual({ batchItemFailures: [] });
    }
  }

  close(): void {
    for (const fn of this.functions.values()) fn.close();
  }

  private async invoke(entry: string, event: object): Promise<Answer> {
    const { handler, env } = this.named(entry);
    useEnvironment(env);
    return handler(event);
  }

  private named(entry: string): Policed {
    const fn = this.functions.get(entry);
    if (!fn) throw new Error(`No function ${entry} in the template.`);
    return fn;
  }
}

async function load(account: Account, tableName: string, fn: DeployedFunction): Promise<Policed> {
  const aws = await policeAws(account, fn.statements);
  const values: Readonly<Record<string, string>> = {
    TABLE_NAME: tableName,
    CALLBACK_URL: `${aws.endpoint}/live`,
    TASK_QUEUE_URL: `${aws.endpoint}/tasks`,
    JWT_SECRET_ARN: 'jwt',
  };
  const given = Object.entries(fn.variables).map(([name, value]) => [name, values[name] ?? String(value)]);
  const env = { ...Object.fromEntries(given), AWS_ENDPOINT_URL: aws.endpoint };
  useEnvironment(env);
  // What a module keeps between invocations is a function's own.
  vi.resetModules();
  const { handler } = await import(`../../lambdas/handlers/${fn.entry}.ts`);
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
];
const LAMBDA = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' };

/** Each function has its own variables; here they share a process, which is given those of the one that runs. */
function useEnvironment(env: Readonly<Record<string, string>>): void {
  for (const name of SETTINGS) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries({ ...LAMBDA, ...env })) vi.stubEnv(name, value);
}

function httpEvent(token: string, method: string, path: string, body: object | undefined): object {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    requestContext: { domainName: 'api.example.com', http: { method, path } },
    isBase64Encoded: false,
    ...(body && { body: JSON.stringify(body) }),
  };
}
