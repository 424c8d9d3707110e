import { expect, test } from 'vitest';
import { knownConnections } from '../../lambdas/handlers/known-connections.ts';
import { createOutbox } from '../../lambdas/handlers/outbox.ts';
import { type Abilities, type Asked, serveEvent } from '../../lambdas/handlers/serve-event.ts';
import { memoryGateway } from '../fakes/memory-gateway.ts';
import { memoryLogbook } from '../fakes/memory-logbook.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';

test('a connection that authenticates is known before it is answered, as it may speak on at once', async () => {
  const { ports, clock } = memoryPorts();
  const [gateway, log] = [memoryGateway(), memoryLogbook()];
  const outbox = createOutbox({ ports, gateway, log });
  const known = knownConnections(ports.connections);
  const claims = { userId: 'ann', name: 'Ann', expiresAt: clock.now() + 3_600_000 };
  const abilities: Abilities = { verbs: {}, tokens: { verify: async () => claims } };
  const answeredBefore: (readonly string[])[] = [];
  const asked: Asked = {
    connection: { connectionId: 'phone', wire: 'socket.io', dialect: 'booking' },
    voice: { connectionId: 'phone', event: () => [], reply: (value) => [JSON.stringify(value)] },
    name: 'authenticate',
    args: ['a token'],
    authenticated: async ({ userId }) => void answeredBefore.push([userId, ...gateway.framesOf('phone')]),
  };
  await serveEvent({ ports, outbox, known, defaultDialect: 'booking', log }, abilities, asked);
  expect(answeredBefore).toEqual([['ann']]);
  expect(gateway.framesOf('phone')).toHaveLength(1);
});
