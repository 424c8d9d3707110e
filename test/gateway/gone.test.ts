import { describe, expect, it } from 'vitest';
import { type Deployment, deploy, type RouteEvent } from './deployment.ts';
import { firstId, NEVER_CONNECTED, operations } from './management.ts';
import { connect } from './test-client.ts';

describe('a GoneException', () => {
  const GONE = { name: 'GoneException', $metadata: { httpStatusCode: 410 } };

  it.each(['post', 'get', 'remove'] as const)('meets a %s to one that never connected', async (operation) => {
    const gateway = await deploy();
    await expect(operations(gateway, NEVER_CONNECTED)[operation]('x')).rejects.toMatchObject(GONE);
  });

  it.each(['post', 'get', 'remove'] as const)('meets a %s to one that has gone', async (operation) => {
    const gateway = await deploy((recording) => ({ routes: { $disconnect: recording() } }));
    const client = await connect(gateway.webSocketUrl);
    const id = firstId(gateway);
    client.socket.close();
    await gateway.events.next();
    await expect(operations(gateway, id)[operation]('x')).rejects.toMatchObject(GONE);
  });

  it('meets a post from inside $connect', async () => {
    const refusals: unknown[] = [];
    const gateway: Deployment = await deploy(() => ({
      routes: {
        $connect: async ({ requestContext }: RouteEvent) => {
          const { post } = operations(gateway, requestContext.connectionId);
          await post('too early').catch((error) => refusals.push(error));
          return { statusCode: 200 };
        },
      },
    }));
    const client = await connect(gateway.webSocketUrl);
    expect(refusals).toMatchObject([GONE]);
    await operations(gateway, firstId(gateway)).post('in time');
    expect(await client.frames.next()).toBe('in time');
  });

  it('meets a post between the answer of $connect and the 101', async () => {
    const gateway = await deploy((recording) => ({
      routes: { $connect: recording() },
      chaos: { connectDelayMs: 50 },
    }));
    const opening = connect(gateway.webSocketUrl);
    const { requestContext } = await gateway.events.next();
    const { post } = operations(gateway, requestContext.connectionId);
    await expect(post('x')).rejects.toMatchObject(GONE);
    gateway.clock.advance(50);
    await opening;
    await post('x');
  });

  it('meets a post until the configured delay after the 101 has passed', async () => {
    const gateway = await deploy(() => ({ chaos: { postConnectDelayMs: 100 } }));
    const client = await connect(gateway.webSocketUrl);
    const { post } = operations(gateway, firstId(gateway));
    await expect(post('x')).rejects.toMatchObject(GONE);
    gateway.clock.advance(100);
    await post('x');
    expect(await client.frames.next()).toBe('x');
  });
});
