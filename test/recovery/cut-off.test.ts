import { describe, expect, test } from 'vitest';
import type { Posted } from '../../lambdas/core/gateway.ts';
import type { Signal } from '../../lambdas/core/signals.ts';
import { createOutbox } from '../../lambdas/handlers/outbox.ts';
import { createMessaging } from '../../lambdas/handlers/runtime.ts';
import { perform } from '../../lambdas/handlers/task.ts';
import type { SocketIoServer } from '../../lambdas/wire/socket-io/server.ts';
import { connectionOf, unique } from '../contracts/fixture.ts';
import { memoryGateway } from '../fakes/memory-gateway.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';

const silent = { info: () => undefined, error: () => undefined };

async function scene(outcome: Posted = 'delivered') {
  const ground = memoryPorts();
  const { ports, clock } = ground;
  const gateway = memoryGateway({ outcome: () => outcome });
  const connection = { ...connectionOf(unique('ann')), wire: 'socket.io' as const };
  const { userId } = connection.caller;
  const key = { userId, connectionId: connection.connectionId };
  await ports.connections.admit(connection, clock.now());
  const reads = [{ conversationId: 'room', messageIds: ['room.1'] }];
  const receipt: Signal = {
    kind: 'messages-read',
    reader: { userId, name: 'Ann' },
    readAt: clock.now(),
    reads,
  };
  return { ground, ports, gateway, key, receipt };
}

describe('a push of which nobody knows whether it has arrived', () => {
  test('ends the session, whatever carries it', async () => {
    const { ground, ports, gateway, key, receipt } = await scene('failed');
    await createOutbox({ ports, gateway, log: silent }).deliver([{ signal: receipt, users: [key.userId] }]);
    expect(ground.queue.map(({ task }) => task)).toEqual([{ kind: 'end-socket', ...key }]);
    expect(gateway.cutOff).toEqual([]);
  });
});

describe('the end of a session that a push has found dead', () => {
  const ending = async (isThere: boolean) => {
    const { ground, ports, gateway, key } = await scene();
    const ended: string[] = [];
    const end = async (connectionId: string) => {
      ended.push(connectionId);
      return isThere;
    };
    const messaging = createMessaging({}, { log: silent });
    const working = { ...messaging, ports, gateway, outbox: createOutbox({ ports, gateway, log: silent }) };
    await perform(working, { end } as unknown as SocketIoServer, { kind: 'end-socket', ...key });
    expect(ended).toEqual([key.connectionId]);
    return ground.ports.connections.devicesOf([key.userId], true);
  };

  test('is its wire’s matter', async () => {
    expect(await ending(true)).toHaveLength(1);
  });

  test('takes the device with it that a function left behind when it died', async () => {
    expect(await ending(false)).toEqual([]);
  });
});
