import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connectGateway } from '../../lambdas/aws/gateway.ts';
import { startGateway } from '../../local/gateway/gateway.ts';
import type { PostFault } from '../../local/gateway/stage.ts';
import { connect, type TestClient } from '../gateway/test-client.ts';

/** What a request meets that never gets an answer. */
const PATIENCE_MS = 500;

/** The emulator with clients connected, and the gateway under test in front of it. */
async function scene(
  count: number,
  faultOf: (connection: number, nth: number) => PostFault | undefined = () => undefined,
  {
    random = () => 0.5,
    timeoutMs = PATIENCE_MS,
  }: { readonly random?: () => number; readonly timeoutMs?: number } = {},
) {
  const ids: string[] = [];
  const posts = new Map<string, number>();
  const stage = await startGateway({
    stage: 'ws',
    routes: {
      $connect: async (event: { readonly requestContext: { readonly connectionId: string } }) => {
        ids.push(event.requestContext.connectionId);
        return { statusCode: 200 };
      },
    },
    chaos: {
      postFault: (id) => {
        const nth = posts.get(id) ?? 0;
        posts.set(id, nth + 1);
        return faultOf(ids.indexOf(id), nth);
      },
    },
  });
  onTestFinished(() => stage.close());
  const clients: TestClient[] = [];
  for (let index = 0; index < count; index += 1) clients.push(await connect(stage.webSocketUrl));
  const slept: number[] = [];
  const clock = { now: Date.now, sleep: async (ms: number) => void slept.push(ms) };
  const gateway = connectGateway({ callbackUrl: stage.callbackUrl, clock, random, timeoutMs });
  const postsTo = (index: number) => posts.get(ids[index] ?? '') ?? 0;
  return { stage, gateway, ids, clients, slept, postsTo };
}

describe('a post', () => {
  test('reaches its connection as it is', async () => {
    const { gateway, ids, clients } = await scene(2);
    const frame = JSON.stringify({ text: 'zwei\n€ 👋 \u2028' });
    expect(await gateway.post(ids[1] ?? '', frame)).toBe('delivered');
    expect(await clients[1]?.frames.next()).toBe(frame);
    expect(clients[0]?.frames.all).toEqual([]);
  });

  test.each(['throttled', 'failed'] as const)(
    'that is %s is repeated after a pause that grows, and arrives once',
    async (fault) => {
      const { gateway, ids, clients, slept, postsTo } = await scene(1, (_, nth) =>
        nth < 3 ? fault : undefined,
      );
      expect(await gateway.post(ids[0] ?? '', 'hello')).toBe('delivered');
      expect(await clients[0]?.frames.next()).toBe('hello');
      expect(postsTo(0)).toBe(4);
      expect(slept).toEqual([50, 100, 200]);
      await clients[0]?.flushed();
      expect(clients[0]?.frames.all).toEqual(['hello']);
    },
  );

  test('is repeated after pauses that differ from one function to another', async () => {
    const slept = [];
    for (const random of [() => 0, () => 0.999]) {
      const run = await scene(1, (_, nth) => (nth < 1 ? 'throttled' : undefined), { random });
      await run.gateway.post(run.ids[0] ?? '', 'hello');
      slept.push(...run.slept);
    }
    expect(slept).toEqual([25, expect.closeTo(75, 0)]);
  });

  test.each(['throttled', 'failed'] as const)(
    'that is always %s has failed after four tries',
    async (fault) => {
      const { gateway, ids, postsTo } = await scene(1, () => fault);
      expect(await gateway.post(ids[0] ?? '', 'hello')).toBe('failed');
      expect(postsTo(0)).toBe(4);
    },
  );

  test('that is not answered has failed, and is not repeated, as it may have arrived', async () => {
    const { gateway, ids, slept, postsTo } = await scene(1, () => 'hung');
    expect(await gateway.post(ids[0] ?? '', 'hello')).toBe('failed');
    expect(postsTo(0)).toBe(1);
    expect(slept).toEqual([]);
  });

  test('to a connection that has ended finds it gone, at once', async () => {
    const { stage, gateway, ids, clients, slept } = await scene(1);
    stage.cut(ids[0] ?? '');
    await clients[0]?.closed;
    expect(await gateway.post(ids[0] ?? '', 'hello')).toBe('gone');
    expect(await gateway.post('L0SM9cOFvHcCIhw=', 'hello')).toBe('gone');
    expect(slept).toEqual([]);
  });

  test('that is refused, or finds nobody listening, has failed and is not repeated', async () => {
    const { stage, gateway, ids, slept } = await scene(1);
    expect(await gateway.post('no id at all!', 'hello')).toBe('failed');
    expect(await gateway.post(ids[0] ?? '', 'x'.repeat(128 * 1024 + 1))).toBe('failed');
    await stage.close();
    expect(await gateway.post(ids[0] ?? '', 'hello')).toBe('failed');
    expect(slept).toEqual([]);
  });

  test('does not wait for a hundred others that hang', async () => {
    const hangs = (connection: number) => (connection === 0 ? 'hung' : undefined);
    const { gateway, ids, clients } = await scene(2, hangs, { timeoutMs: 20_000 });
    const hanging = Array.from({ length: 100 }, () => gateway.post(ids[0] ?? '', 'lost'));
    const first = await Promise.race([gateway.post(ids[1] ?? '', 'hello'), ...hanging]);
    expect(first).toBe('delivered');
    expect(await clients[1]?.frames.next()).toBe('hello');
  });
});

describe('a connection', () => {
  test('that is closed ends for its client, who may come back', async () => {
    const { gateway, ids, clients } = await scene(1);
    await gateway.close(ids[0] ?? '');
    expect(await clients[0]?.closed).toMatchObject({ code: 1000 });
    await gateway.close(ids[0] ?? '');
  });

  test('is closed though the gateway is busy, and nothing is thrown where it cannot be', async () => {
    const sent = mockClient(ApiGatewayManagementApiClient);
    onTestFinished(() => sent.restore());
    const busy = Object.assign(new Error('busy'), { $metadata: { httpStatusCode: 429 } });
    sent
      .on(DeleteConnectionCommand)
      .rejectsOnce(busy)
      .rejectsOnce(busy)
      .resolvesOnce({})
      .rejects(new Error('down'));
    sent.on(PostToConnectionCommand).rejects(new Error('down'));
    const clock = { now: Date.now, sleep: async () => undefined };
    const gateway = connectGateway({ callbackUrl: 'http://nowhere.invalid', clock, random: () => 0 });
    await gateway.close('some');
    expect(sent.commandCalls(DeleteConnectionCommand)).toHaveLength(3);
    await gateway.close('other');
    expect(sent.commandCalls(DeleteConnectionCommand)).toHaveLength(4);
    expect(await gateway.post('some', 'hello')).toBe('failed');
    expect(sent.commandCalls(PostToConnectionCommand)).toHaveLength(1);
  });
});
