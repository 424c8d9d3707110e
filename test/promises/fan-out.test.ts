import { describe, expect, test } from 'vitest';
import type { Message } from '../../lambdas/core/conversation.ts';
import type { Posted } from '../../lambdas/core/gateway.ts';
import { conversationOfBooking } from '../../lambdas/core/ids.ts';
import type { Signal } from '../../lambdas/core/signals.ts';
import { createOutbox } from '../../lambdas/handlers/outbox.ts';
import { faultyPorts } from '../fakes/faulty-ports.ts';
import { memoryGateway } from '../fakes/memory-gateway.ts';
import { memoryLogbook } from '../fakes/memory-logbook.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';
import { BOOKING } from './crowd.ts';

const ROOM = conversationOfBooking(BOOKING);
const FOR_EVER = 9e15;

const message: Message = {
  id: `${ROOM}.1`,
  conversation: {
    id: ROOM,
    kind: 'booking',
    bookingId: BOOKING,
    businessId: 'salon',
    createdAt: 0,
    touchedAt: 0,
  },
  seq: 1,
  sender: { userId: 'ann', name: 'Ann' },
  role: 'client',
  type: 'text',
  content: 'hello',
  attachments: [],
  reactions: [],
  createdAt: 0,
  isRead: false,
  readBy: [],
};
const said: Signal = { kind: 'message-published', message };
const typing: Signal = {
  kind: 'typing',
  conversation: message.conversation,
  person: message.sender,
  isTyping: true,
};

/** Users with devices in a room, and an outbox that reaches them. */
async function scene(outcome: (id: string) => Posted | Promise<Posted> = () => 'delivered', lag = () => 0) {
  const ground = memoryPorts({ lag });
  const gateway = memoryGateway({ outcome });
  const log = memoryLogbook();
  const outbox = createOutbox({ ports: ground.ports, gateway, log });
  const { connections } = ground.ports;
  const add = async (userId: string, count: number, expiresAt = FOR_EVER) => {
    const added = Array.from({ length: count }, async (_, index) => {
      const connectionId = `${userId}/${index}`;
      const caller = { userId, name: userId, dialect: 'booking', connectionId, expiresAt } as const;
      await connections.open(
        { connectionId, wire: 'native', dialect: 'booking', caller },
        ground.clock.now(),
      );
      await connections.join({ userId, connectionId }, ROOM, 0);
      return connectionId;
    });
    return Promise.all(added);
  };
  const work = async () => {
    for (const { task } of ground.queue.splice(0)) {
      if (task.kind === 'push') await outbox.push(task.signal, task.devices);
      if (task.kind === 'deliver') {
        await outbox.push(task.signal, await connections.devicesOf(task.users, true));
      }
    }
  };
  const countsOf = (ids: readonly string[]) => new Set(ids.map((id) => gateway.framesOf(id).length));
  return { ...ground, gateway, log, outbox, add, work, countsOf };
}

/** A post that is answered when the test says so. */
function hanging() {
  const answers: ((outcome: Posted) => void)[] = [];
  const post = () => new Promise<Posted>((resolve) => answers.push(resolve));
  return {
    post,
    answers,
    answerAll: (outcome: Posted) => {
      for (const answer of answers.splice(0)) answer(outcome);
    },
  };
}

/** Lets everything happen that waits for nothing. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a receiver that does not answer', () => {
  test('delays nobody else', async () => {
    const hung = hanging();
    const { outbox, add, gateway, countsOf } = await scene((id) =>
      id === 'ann/3' ? hung.post() : 'delivered',
    );
    const devices = [...(await add('ann', 8)), ...(await add('ben', 8))];
    const delivered = outbox.deliver([{ signal: said, users: ['ann', 'ben'] }]);
    await settled();
    expect(countsOf(devices.filter((id) => id !== 'ann/3'))).toEqual(new Set([1]));
    hung.answerAll('failed');
    await delivered;
    expect(gateway.cutOff).toEqual(['ann/3']);
  });

  test('keeps nobody else waiting with hundreds of devices of its own', async () => {
    const hung = hanging();
    const { outbox, add, work, countsOf } = await scene((id) =>
      id.startsWith('ann') ? hung.post() : 'delivered',
    );
    await add('ann', 450);
    const others = [...(await add('ben', 2)), ...(await add('cat', 1))];
    const delivered = outbox.deliver([{ signal: said, users: ['ann', 'ben', 'cat'] }]);
    await settled();
    expect(countsOf(others)).toEqual(new Set([1]));
    while (hung.answers.length > 0) {
      hung.answerAll('delivered');
      await settled();
    }
    await delivered;
    const rest = work();
    for (let round = 0; round < 9; round += 1) {
      await settled();
      hung.answerAll('delivered');
    }
    await rest;
    expect(countsOf(others)).toEqual(new Set([1]));
  });

  test('keeps nobody else waiting though it is told of more than they are', async () => {
    const hung = hanging();
    const { outbox, add, countsOf } = await scene((id) => (id.startsWith('ben') ? hung.post() : 'delivered'));
    await add('ben', 150);
    const others = await add('ann', 1);
    const deliveries = [
      { signal: typing, users: ['ben'] },
      { signal: said, users: ['ben', 'ann'] },
    ];
    const delivered = outbox.deliver(deliveries);
    await settled();
    expect(countsOf(others)).toEqual(new Set([1]));
    for (let round = 0; round < 6; round += 1) {
      hung.answerAll('delivered');
      await settled();
    }
    await delivered;
  });

  test('takes one of a bounded number of posts that are under way at once', async () => {
    const hung = hanging();
    const { outbox, add, countsOf } = await scene(() => hung.post());
    const devices = await add('ann', 250);
    const delivered = outbox.deliver([{ signal: said, users: ['ann'] }]);
    let most = 0;
    for (let round = 0; round < 5; round += 1) {
      await settled();
      most = Math.max(most, hung.answers.length);
      hung.answerAll('delivered');
    }
    await delivered;
    expect(most).toBe(100);
    expect(countsOf(devices)).toEqual(new Set([1]));
  });
});

describe('a post', () => {
  test('that may have arrived is not repeated, and its device is cut off after all others were served', async () => {
    const cutOffAtPost: number[] = [];
    const { outbox, add, gateway } = await scene((id) => {
      cutOffAtPost.push(gateway.cutOff.length);
      return id === 'ann/0' ? 'failed' : 'delivered';
    });
    await add('ann', 250);
    await outbox.deliver([{ signal: said, users: ['ann'] }]);
    expect(cutOffAtPost).toEqual(Array.from({ length: 250 }, () => 0));
    expect(gateway.cutOff).toEqual(['ann/0']);
  });

  test('of a mere hint cuts nobody off', async () => {
    const { outbox, add, gateway } = await scene(() => 'failed');
    await add('ben', 2);
    await outbox.deliver([{ signal: typing, users: ['ben'] }]);
    expect(gateway.cutOff).toEqual([]);
  });

  test('that throws is its receiver’s matter alone', async () => {
    const { outbox, add, gateway, log, countsOf } = await scene((id) =>
      id === 'ann/0' ? Promise.reject(new Error('out of order')) : 'delivered',
    );
    const [, ...others] = await add('ann', 3);
    await outbox.deliver([{ signal: said, users: ['ann'] }]);
    expect(countsOf(others)).toEqual(new Set([1]));
    expect(gateway.cutOff).toEqual(['ann/0']);
    expect(log.errors).toMatchObject([{ event: 'post', fields: { connectionId: 'ann/0' } }]);
  });

  test('is followed by no other of its connection before it is answered, and by none when it fails', async () => {
    const hung = hanging();
    const { outbox, add, gateway } = await scene(() => hung.post());
    await add('ben', 1);
    const signals = [typing, said, said].map((signal) => ({ signal, users: ['ben'] }));
    const delivered = outbox.deliver(signals, { connectionId: 'ben/0', frames: ['answer'] });
    await settled();
    expect(hung.answers).toHaveLength(1);
    hung.answerAll('delivered');
    await settled();
    expect(gateway.framesOf('ben/0')).toEqual(['answer']);
    expect(hung.answers).toHaveLength(1);
    hung.answerAll('failed');
    await delivered;
    expect(gateway.framesOf('ben/0')).toEqual(['answer']);
    expect(gateway.cutOff).toEqual(['ben/0']);
  });

  test('is tallied in the log', async () => {
    const outcomes = new Map<string, Posted>([
      ['ann/0', 'failed'],
      ['ann/1', 'gone'],
    ]);
    const { outbox, add, log, clock } = await scene((id) => outcomes.get(id) ?? 'delivered');
    await add('ann', 5);
    clock.pass(60_000);
    await outbox.deliver([{ signal: said, users: ['ann'] }]);
    const fields = { signals: ['message-published'], delivered: 3, gone: 1, failed: 1, queued: 0 };
    expect(log.infos).toContainEqual({ event: 'push', fields });
  });
});

describe('a connection that turns out to be gone', () => {
  test.each([
    ['is forgotten', 60_000, true, 0],
    ['is forgotten however young, once it has joined a room', 0, true, 0],
    ['is kept while it is so young that one cannot post to it yet', 14_000, false, 1],
    ['is forgotten later, though it joined nothing', 16_000, false, 0],
  ])('%s', async (_, age, hasJoined, left) => {
    const { outbox, add, ports, clock } = await scene(() => 'gone');
    const [connectionId = ''] = await add('ann', 1);
    if (!hasJoined) await ports.connections.leave({ userId: 'ann', connectionId }, ROOM);
    clock.pass(age);
    const reads = [{ conversationId: ROOM, messageIds: [message.id] }];
    const read: Signal = { kind: 'messages-read', reader: { userId: 'ann', name: 'Ann' }, readAt: 1, reads };
    await outbox.deliver([{ signal: read, users: ['ann'] }]);
    expect(await ports.connections.devicesOf(['ann'], true)).toHaveLength(left);
    expect((await ports.connections.find(connectionId)) !== undefined).toBe(left === 1);
  });

  test('is forgotten though only its device is left', async () => {
    const { outbox, add, ports, clock } = await scene(() => 'gone');
    const [connectionId = ''] = await add('ann', 1);
    const [device] = await ports.connections.devicesOf(['ann'], true);
    await ports.connections.close(connectionId);
    const left = { joinedAfter: { [ROOM]: 0 }, via: connectionId };
    if (device)
      await ports.connections.admit({ ...device, caller: { ...device, name: 'Ann' } }, clock.now(), left);
    clock.pass(60_000);
    await outbox.deliver([{ signal: said, users: ['ann'] }]);
    expect(await ports.connections.devicesOf(['ann'], true)).toEqual([]);
  });
});

describe('many receivers', () => {
  test('are served here up to 300 devices, the rest by the queue, each exactly once', async () => {
    const { outbox, add, work, countsOf, queue, log } = await scene();
    const devices = await add('ann', 730);
    await outbox.deliver([{ signal: said, users: ['ann'] }]);
    expect(queue.map(({ task }) => task.kind)).toEqual(['push', 'push', 'push', 'push', 'push']);
    expect(log.infos).toContainEqual({
      event: 'push',
      fields: { signals: ['message-published'], delivered: 300, gone: 0, failed: 0, queued: 430 },
    });
    await work();
    expect(queue).toEqual([]);
    expect(countsOf(devices)).toEqual(new Set([1]));
  });

  test('of whom there are over 100 are read where they are served, each exactly once', async () => {
    const { outbox, add, work, countsOf, queue } = await scene();
    const users = Array.from({ length: 230 }, (_, index) => `user-${index}`);
    const devices = (await Promise.all(users.map((userId) => add(userId, 2)))).flat();
    await outbox.deliver([{ signal: said, users }]);
    expect(queue.map(({ task }) => task.kind)).toEqual(['deliver', 'deliver']);
    await work();
    expect(countsOf(devices)).toEqual(new Set([1]));
  });

  test('fit into the messages of the queue', async () => {
    const { outbox, add, ports, queue } = await scene();
    const devices = await add('ann', 400);
    const rooms = Array.from({ length: 20 }, (_, index) => conversationOfBooking(`other ${index}`));
    for (const connectionId of devices) {
      for (const room of rooms) await ports.connections.join({ userId: 'ann', connectionId }, room, 1);
    }
    await outbox.deliver([{ signal: said, users: ['ann'] }]);
    expect(queue).toHaveLength(1);
    // SQS takes 256 KB; the rooms of one device alone may be 28.
    expect(JSON.stringify(queue[0]?.task).length).toBeLessThan(50_000);
  });

  test('are all served, and the sender hears of no failure, though the queue takes nothing', async () => {
    const { ports, gateway, log, add, countsOf } = await scene();
    const devices = await add('ann', 450);
    const broken = faultyPorts(ports, (call) => (call === 'tasks.enqueue' ? 'not done' : 'done'));
    await createOutbox({ ports: broken, gateway, log }).deliver([{ signal: said, users: ['ann'] }]);
    expect(countsOf(devices)).toEqual(new Set([1]));
    expect(new Set(log.errors.map(({ event }) => event))).toEqual(new Set(['enqueue']));
  });

  test('that can neither be read nor queued are no failure of the sender’s, who is answered', async () => {
    const { ports, gateway, log, add } = await scene();
    await add('ann', 1);
    const broken = faultyPorts(ports, () => 'not done');
    const answer = { connectionId: 'ann/0', frames: ['answer'] };
    await createOutbox({ ports: broken, gateway, log }).deliver([{ signal: said, users: ['ann'] }], answer);
    expect(gateway.framesOf('ann/0')).toEqual(['answer']);
    expect(log.errors.map(({ event }) => event)).toEqual(['read-devices', 'enqueue']);
  });
});

describe('a device whose token has expired', () => {
  test('is pushed nothing, here or from the queue', async () => {
    const { outbox, add, ports, clock, countsOf, queue, work } = await scene();
    const expired = await add('ann', 2, clock.now());
    const late = await add('ben', 400, clock.now() + 1_000);
    await outbox.deliver([{ signal: said, users: ['ann', 'ben'] }]);
    expect(queue).toHaveLength(1);
    clock.pass(1_000);
    await work();
    expect(countsOf(expired)).toEqual(new Set([0]));
    expect(late.filter((id) => countsOf([id]).has(1))).toHaveLength(300);
    expect(await ports.connections.devicesOf(['ann'], true)).toHaveLength(2);
  });

  test('while an earlier frame is under way is sent no further one', async () => {
    const hung = hanging();
    const { outbox, add, clock, gateway } = await scene(() => hung.post());
    await add('ben', 1, clock.now() + 1_000);
    const delivered = outbox.deliver([said, said].map((signal) => ({ signal, users: ['ben'] })));
    await settled();
    clock.pass(1_000);
    hung.answerAll('delivered');
    await delivered;
    expect(gateway.framesOf('ben/0')).toHaveLength(1);
  });

  test('but was renewed a moment ago misses nothing, though reads lag behind', async () => {
    const { outbox, add, ports, clock, countsOf } = await scene(undefined, () => 5_000);
    const [connectionId = ''] = await add('ben', 1, clock.now() + 9_000);
    clock.pass(8_000);
    const caller = {
      userId: 'ben',
      name: 'Ben',
      dialect: 'booking',
      connectionId,
      expiresAt: FOR_EVER,
    } as const;
    await ports.connections.renew({ connectionId, wire: 'native', dialect: 'booking', caller }, clock.now());
    clock.pass(2_000);
    const devices = await ports.connections.devicesOf(['ben'], false);
    expect(devices).toMatchObject([{ expiresAt: clock.now() - 1_000 }]);
    await outbox.deliver([{ signal: said, users: ['ben'], devices }]);
    expect(countsOf([connectionId])).toEqual(new Set([1]));
  });
});
