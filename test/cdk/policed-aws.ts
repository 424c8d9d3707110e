import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Statement } from './functions-in.ts';

/** What functions share behind their policies. */
export type Account = {
  /** The DynamoDB-compatible engine that carries out what is allowed. */
  readonly engine: string;
  readonly secret: string;
  /** Bodies of the messages on the task queue. */
  readonly tasks: string[];
  /** The frames that each connection was sent. */
  readonly frames: Map<string, string[]>;
  /** Connections that have ended. */
  readonly gone: Set<string>;
};

/** The AWS services as one function meets them: everything its policy does not allow is denied. */
export type PolicedAws = {
  readonly endpoint: string;
  /** The actions asked for, denied or not; `dynamodb:Query index` where it was asked of an index. */
  readonly asked: ReadonlySet<string>;
  readonly allowed: ReadonlySet<string>;
  readonly close: () => void;
};

type Call = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};
type Answer = { readonly status: number; readonly body?: string };

/** Puts a policy before the services. */
export async function policeAws(account: Account, policy: readonly Statement[]): Promise<PolicedAws> {
  const allowed = allowedBy(policy);
  const asked = new Set<string>();
  const server = createServer(async (incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    const call = { method, url, headers, body: await text(incoming) };
    const actions = actionsOf(call);
    for (const action of actions) asked.add(action);
    const denied = actions.filter((action) => !allowed.has(action));
    const { status, body } = denied.length > 0 ? denial(denied) : await carryOut(account, call);
    outgoing.writeHead(status, { 'content-type': JSON_1_0 }).end(body);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, asked, allowed, close: () => server.close() };
}

const JSON_1_0 = 'application/x-amz-json-1.0';
const SERVICES = [
  'dynamodb:',
  'execute-api:',
  'secretsmanager:GetSecretValue',
  'sqs:SendMessage',
  'scheduler:',
  'iam:PassRole',
];

/** What a policy allows of the services that stand here; the rest, such as writing logs, is the runtime's own. */
function allowedBy(policy: readonly Statement[]): ReadonlySet<string> {
  const pairs = policy.flatMap(({ actions, resources }) =>
    actions.flatMap((action) =>
      resources.map((arn) => (arn.includes('/index/') ? `${action} index` : action)),
    ),
  );
  return new Set(pairs.filter((action) => SERVICES.some((service) => action.startsWith(service))));
}

function actionsOf({ method, url, headers, body }: Call): readonly string[] {
  if (url.includes('/@connections/')) return ['execute-api:ManageConnections'];
  if (url.startsWith('/schedules/')) {
    return method === 'DELETE' ? ['scheduler:DeleteSchedule'] : ['scheduler:CreateSchedule', 'iam:PassRole'];
  }
  const [service = '', operation] = String(headers['x-amz-target']).split('.');
  if (!service.startsWith('DynamoDB')) return [`${service.replace('AmazonSQS', 'sqs')}:${operation}`];
  const { TransactItems, IndexName } = JSON.parse(body);
  if (!TransactItems) return [`dynamodb:${operation}${IndexName ? ' index' : ''}`];
  // A transaction is checked by the actions of its items.
  const kinds: readonly string[] = TransactItems.flatMap((item: object) => Object.keys(item));
  return kinds.map((kind) => `dynamodb:${kind.replace('Item', '')}Item`);
}

function denial(denied: readonly string[]): Answer {
  const message = `not authorized to perform: ${denied.join(', ')}`;
  const __type = 'com.amazon.coral.service#AccessDeniedException';
  return { status: 400, body: JSON.stringify({ __type, message }) };
}

async function carryOut(account: Account, call: Call): Promise<Answer> {
  const { url, headers, body } = call;
  if (url.includes('/@connections/')) return manage(account, call);
  if (url.startsWith('/schedules/')) return schedule(account, call);
  const target = String(headers['x-amz-target']);
  if (target === 'secretsmanager.GetSecretValue') {
    return { status: 200, body: JSON.stringify({ SecretString: account.secret }) };
  }
  if (target === 'AmazonSQS.SendMessage') {
    const { MessageBody } = JSON.parse(body);
    account.tasks.push(MessageBody);
    // The SDK compares it with what it sent.
    const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex');
    return { status: 200, body: JSON.stringify({ MD5OfMessageBody }) };
  }
  return forward(account.engine, headers, body);
}

/** Here its time has come at once. */
function schedule({ tasks }: Account, { method, body }: Call): Answer {
  if (method === 'POST') tasks.push(JSON.parse(body).Target.Input);
  return { status: 200, body: '{}' };
}

function manage({ gone, frames }: Account, { method, url, body }: Call): Answer {
  const connectionId = decodeURIComponent(url.split('/@connections/')[1] ?? '');
  if (gone.has(connectionId)) return { status: 410 };
  if (method === 'DELETE') gone.add(connectionId);
  else frames.set(connectionId, [...(frames.get(connectionId) ?? []), body]);
  return { status: method === 'DELETE' ? 204 : 200 };
}

async function forward(engine: string, sent: IncomingHttpHeaders, body: string): Promise<Answer> {
  const passedOn = ['authorization', 'content-type', 'x-amz-date', 'x-amz-target'];
  const headers = Object.fromEntries(passedOn.map((name) => [name, String(sent[name])]));
  const response = await fetch(engine, { method: 'POST', headers, body });
  return { status: response.status, body: await response.text() };
}
