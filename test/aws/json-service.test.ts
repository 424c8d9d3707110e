import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { callService } from '../../lambdas/aws/json-service.ts';
import { readSecret } from '../../lambdas/aws/secret.ts';
import { taskQueue } from '../../lambdas/aws/task-queue.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';

type Seen = { readonly headers: IncomingHttpHeaders; readonly body: unknown };
/** A status and what goes with it, or no answer. */
type Said = readonly [status: number, body: string] | 'hung up' | 'silence';

const REGION = 'eu-central-1';
const TASK = { kind: 'greet-socket', connectionId: 'c=' } as const;
const STORED: Said = [200, '{"MessageId":"1"}'];

/** A service that answers so, one request after the other. */
async function service(...answers: readonly Said[]) {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const answer = answers[seen.length];
    seen.push({ headers: request.headers, body: JSON.parse(await text(request)) });
    if (typeof answer === 'object') response.writeHead(answer[0]).end(answer[1]);
    else if (answer !== 'silence') response.destroy();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const clock = new VirtualClock();
  const slept: number[] = [];
  const sleep = async (ms: number) => void slept.push(ms);
  const chance = { clock: { now: () => clock.now(), sleep }, random: () => 0.5 };
  return { origin: `http://127.0.0.1:${port}`, seen, slept, chance };
}

const failed = (type: string, status = 400): Said => [
  status,
  JSON.stringify({ __type: type, message: 'why' }),
];

function requestIn([call]: readonly (readonly unknown[])[]): Request {
  const request = call?.[0];
  if (!(request instanceof Request)) throw new Error('Nothing was asked for.');
  return request;
}

afterEach(() => vi.unstubAllEnvs());

describe('a signature', () => {
  const USER = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
  const ROLE = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token/+=' };
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' };
  const host = 'sqs.eu-central-1.amazonaws.com';
  const body = JSON.stringify({ MessageBody: 'grüße' });
  const now = Date.UTC(2026, 10, 21, 5, 0, 7, 89);

  /** The headers of a request that is sent with these credentials. */
  const headersOf = async (name: string, credentials: Partial<typeof ROLE>) => {
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
    vi.stubEnv('AWS_SESSION_TOKEN', sessionToken);
    const fetched = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('{}'));
    onTestFinished(() => fetched.mockRestore());
    const clock = { now: () => now, sleep: async () => undefined };
    const called = { name, origin: `https://${host}`, region: REGION, version: '1.0', clock } as const;
    await callService({ ...called, random: () => 0 }, headers['x-amz-target'], JSON.parse(body));
    return Object.fromEntries(requestIn(fetched.mock.calls).headers);
  };

  test.each([
    ['sqs', SQSClient, USER],
    ['secretsmanager', SecretsManagerClient, ROLE],
  ] as const)(
    'for %s is the one that its client of the AWS SDK makes',
    async (service, Client, credentials) => {
      const { config } = new Client({ region: REGION, credentials });
      const scheme = { name: 'sigv4', signingName: service, signingRegion: REGION, properties: {} };
      const sent = { method: 'POST', protocol: 'https:', hostname: host, path: '/', body };
      const signed = await (await config.signer(scheme)).sign(
        { ...sent, headers: { ...headers, host } },
        // The client adds it for a service that wants it.
        { signingDate: new Date(now), unsignableHeaders: new Set(['x-amz-content-sha256', 'content-type']) },
      );
      const { host: _, 'x-amz-content-sha256': __, ...expected } = signed.headers;
      expect(await headersOf(service, credentials)).toMatchObject(expected);
    },
  );
});

describe('a task', () => {
  test('is put on the queue, to be done after a while', async () => {
    const { origin, seen, chance } = await service(STORED);
    const queueUrl = `${origin}/123456789012/tasks`;
    await taskQueue(queueUrl, REGION, chance).enqueue(TASK, 20);
    const body = { QueueUrl: queueUrl, MessageBody: JSON.stringify(TASK), DelaySeconds: 20 };
    expect(seen).toMatchObject([
      {
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': 'AmazonSQS.SendMessage',
          authorization: expect.stringMatching(
            /^AWS4-HMAC-SHA256 Credential=local\/\d{8}\/eu-central-1\/sqs\/aws4_request, /,
          ),
        },
        body,
      },
    ]);
  });

  test.each<[string, Said]>([
    ['was not answered', 'hung up'],
    ['failed within', failed('InternalError', 500)],
    ['had no place', [503, '<html>Service Unavailable</html>']],
    ['was throttled', failed('com.amazonaws.sqs#RequestThrottled')],
    ['came too often', failed('TooMany', 429)],
  ])('that %s is tried again after a while', async (_, answer) => {
    const { origin, seen, slept, chance } = await service(answer, answer, STORED);
    await taskQueue(`${origin}/tasks`, REGION, chance).enqueue(TASK);
    expect(seen).toHaveLength(3);
    expect(slept).toEqual([100, 200]);
  });

  test('that is not answered in time is tried again too', async () => {
    const { origin, seen, chance } = await service('silence', STORED);
    const patience = [new AbortController(), new AbortController()];
    const timeouts = vi.spyOn(AbortSignal, 'timeout');
    onTestFinished(() => timeouts.mockRestore());
    for (const { signal } of patience) timeouts.mockReturnValueOnce(signal);
    const sqs = { name: 'sqs', origin, region: REGION, version: '1.0', ...chance } as const;
    const called = callService(sqs, 'AmazonSQS.SendMessage', {});
    await expect.poll(() => seen.length).toBe(1);
    patience[0]?.abort();
    expect(await called).toEqual({ MessageId: '1' });
    expect(seen).toHaveLength(2);
    expect(timeouts).toHaveBeenCalledWith(3_000);
  });

  test('that cannot be taken after three tries is so for good', async () => {
    const { origin, seen, chance } = await service(
      'hung up',
      failed('Broken', 500),
      failed('Broken', 500),
      STORED,
    );
    const enqueued = taskQueue(`${origin}/tasks`, REGION, chance).enqueue(TASK);
    await expect(enqueued).rejects.toMatchObject({ name: 'Broken', message: 'why' });
    expect(seen).toHaveLength(3);
  });

  test('that is refused is not tried again', async () => {
    const { origin, seen, chance } = await service(
      failed('com.amazon.coral.service#AccessDeniedException'),
      STORED,
    );
    const enqueued = taskQueue(`${origin}/tasks`, REGION, chance).enqueue(TASK);
    await expect(enqueued).rejects.toMatchObject({ name: 'AccessDeniedException', message: 'why' });
    expect(seen).toHaveLength(1);
  });
});

describe('a secret', () => {
  test('is read by its name or ARN', async () => {
    const { origin, seen, chance } = await service([200, '{"SecretString":"s3cret"}']);
    expect(await readSecret({ id: 'chat/jwt', region: REGION, origin }, chance)).toBe('s3cret');
    const target = {
      'x-amz-target': 'secretsmanager.GetSecretValue',
      'content-type': 'application/x-amz-json-1.1',
    };
    expect(seen).toMatchObject([{ headers: target, body: { SecretId: 'chat/jwt' } }]);
  });

  test('without a text is of no use', async () => {
    const { origin, chance } = await service([200, '{"SecretBinary":"AA=="}']);
    await expect(readSecret({ id: 'jwt', region: REGION, origin }, chance)).rejects.toThrow('no text value');
  });

  test.each([
    ['eu-central-1', 'https://secretsmanager.eu-central-1.amazonaws.com'],
    ['cn-north-1', 'https://secretsmanager.cn-north-1.amazonaws.com.cn'],
  ])('of %s is at %s', async (region, origin) => {
    const fetched = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('{"SecretString":"s"}'));
    onTestFinished(() => fetched.mockRestore());
    const { chance } = await service();
    await readSecret({ id: 'jwt', region }, chance);
    expect(requestIn(fetched.mock.calls).url).toBe(`${origin}/`);
  });

  test('cannot be asked for by a function without credentials', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', '');
    const { origin, chance } = await service();
    await expect(readSecret({ id: 'jwt', region: REGION, origin }, chance)).rejects.toThrow(
      'no AWS credentials',
    );
  });
});
