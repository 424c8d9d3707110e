import { PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { describe, expect, it } from 'vitest';
import { deploy, gate } from './deployment.ts';
import { firstId, managementClient, operations } from './management.ts';
import { connect } from './test-client.ts';

const KIB = 1024;

describe('a post', () => {
  it('reaches the client as a text frame', async () => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl);
    const answer = await operations(gateway, firstId(gateway)).post('{"event":"newMessage","é":"✓"}');
    expect(answer.$metadata.httpStatusCode).toBe(200);
    expect(await client.frames.next()).toBe('{"event":"newMessage","é":"✓"}');
  });

  it('reaches the client as text though it was bytes', async () => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl);
    const kinds: boolean[] = [];
    client.socket.on('message', (_data, isBinary) => kinds.push(isBinary));
    await operations(gateway, firstId(gateway)).post(Buffer.from('bytes'));
    expect(await client.frames.next()).toBe('bytes');
    expect(kinds).toEqual([false]);
  });

  it.each(['', new Uint8Array()])('of nothing is an empty frame', async (data) => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl);
    await operations(gateway, firstId(gateway)).post(data);
    expect(await client.frames.next()).toBe('');
  });

  it('keeps its place behind the posts awaited before it', async () => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl);
    const { post } = operations(gateway, firstId(gateway));
    // The first is large enough to be compressed, which takes a turn or two.
    const sent = ['x'.repeat(100 * KIB), '1', '2'];
    for (const data of sent) await post(data);
    await client.flushed();
    expect(client.frames.all).toEqual(sent);
  });

  it('may hold 128 KB', async () => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl);
    await operations(gateway, firstId(gateway)).post('x'.repeat(128 * KIB));
    expect(await client.frames.next()).toHaveLength(128 * KIB);
  });

  it('of more than 128 KB is a PayloadTooLargeException, and the connection stays', async () => {
    const gateway = await deploy();
    const client = await connect(gateway.webSocketUrl);
    const { post } = operations(gateway, firstId(gateway));
    await expect(post('x'.repeat(128 * KIB + 1))).rejects.toMatchObject({
      name: 'PayloadTooLargeException',
      $metadata: { httpStatusCode: 413 },
    });
    await post('next');
    expect(await client.frames.next()).toBe('next');
  });

  it('to a client that does not read is a LimitExceededException once its buffer is full', async () => {
    const gateway = await deploy(() => ({ limits: { clientBufferBytes: 64 * KIB } }));
    const client = await connect(gateway.webSocketUrl, { perMessageDeflate: false });
    client.socket.pause();
    const { post } = operations(gateway, firstId(gateway));
    const untilRefused = async () => {
      for (let posts = 0; posts < 1000; posts += 1) await post('x'.repeat(128 * KIB));
    };
    await expect(untilRefused()).rejects.toMatchObject({
      name: 'LimitExceededException',
      $metadata: { httpStatusCode: 429 },
    });
    client.socket.resume();
  });

  it.each([
    ['throttled', 'LimitExceededException', 429],
    ['failed', 'InternalServerErrorException', 500],
  ] as const)('can be made to be %s: %s', async (fault, name, httpStatusCode) => {
    const gateway = await deploy(() => ({ chaos: { postFault: () => fault } }));
    const client = await connect(gateway.webSocketUrl);
    const { post } = operations(gateway, firstId(gateway));
    await expect(post('x')).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
    await client.flushed();
    expect(client.frames.all).toEqual([]);
  });

  it('can be made to hang until its caller gives up', async () => {
    const asked = gate();
    const gateway = await deploy(() => ({
      chaos: {
        postFault: () => {
          asked.open();
          return 'hung';
        },
      },
    }));
    await connect(gateway.webSocketUrl);
    const caller = new AbortController();
    const command = new PostToConnectionCommand({ ConnectionId: firstId(gateway), Data: 'x' });
    const client = managementClient(gateway);
    const post = client.send(command, { abortSignal: caller.signal });
    const outcome = post.then(
      () => 'answered',
      ({ name }) => name,
    );
    await asked.opened;
    // Another exchange later it would have been answered.
    await operations(gateway, firstId(gateway)).get();
    expect(await Promise.race([outcome, Promise.resolve('pending')])).toBe('pending');
    caller.abort();
    await expect(post).rejects.toMatchObject({ name: 'AbortError' });
  });
});
