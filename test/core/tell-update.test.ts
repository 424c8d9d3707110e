import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deleteMessage, editMessage } from '../../lambdas/core/amend-message.ts';
import { changeConversation } from '../../lambdas/core/change-conversation.ts';
import type { CommandOf, VerbName } from '../../lambdas/core/commands.ts';
import type { Caller, DialectName } from '../../lambdas/core/connection.ts';
import { lastSeq, memberOf } from '../../lambdas/core/conversation.ts';
import { conversationOfBooking, messageIdOf } from '../../lambdas/core/ids.ts';
import { joinConversation } from '../../lambdas/core/join-conversation.ts';
import { saveBooking, saveBusiness } from '../../lambdas/core/keep-directory.ts';
import { markConversationRead } from '../../lambdas/core/mark-conversation-read.ts';
import { markRead } from '../../lambdas/core/mark-read.ts';
import type { Verb } from '../../lambdas/core/outcome.ts';
import { publishMessage } from '../../lambdas/core/publish-message.ts';
import type { Delivery, SignalOf } from '../../lambdas/core/signals.ts';
import { tellUpdate } from '../../lambdas/core/tell-update.ts';
import { countUnread } from '../../lambdas/core/unread.ts';
import { Turns } from '../fakes/in-turn.ts';
import { type MemoryPorts, memoryPorts } from '../fakes/memory-ports.ts';
import { runs } from '../promises/runs.ts';

const ID = conversationOfBooking('haircut');
const to = { conversationId: ID };

type Update = SignalOf<'conversation-updated'>;

/** The booking of Ann at Ben’s; each has a device that shows lists, and Ben one more that does not. */
class Desk {
  readonly ground: MemoryPorts;
  /** What arrived at each user's list, in this order. */
  readonly heard = new Map<string, Update[]>();
  readonly #arrival: (call: string) => Promise<void>;

  constructor(ground: MemoryPorts, arrival: (call: string) => Promise<void> = async () => undefined) {
    this.ground = ground;
    this.#arrival = arrival;
  }

  async open(): Promise<void> {
    const { ports } = this.ground;
    await saveBusiness(ports, { businessId: 'salon', name: 'Salon', ownerId: 'ben' });
    await saveBooking(ports, { bookingId: 'haircut', clientId: 'ann', businessId: 'salon' });
    await this.#connect('ann', 'support');
    await this.#connect('ben', 'support');
    const other = await this.#connect('ben', 'booking');
    await this.do(joinConversation, other, { to: { bookingId: 'haircut' } });
  }

  async #connect(userId: string, dialect: DialectName): Promise<Caller> {
    const connectionId = `${userId}-${dialect}`;
    const caller = { userId, name: userId, dialect, expiresAt: 9e15, connectionId };
    const connection = { connectionId, wire: 'native', dialect, caller } as const;
    await this.ground.ports.connections.open(connection, this.ground.clock.now());
    return caller;
  }

  async do<K extends VerbName>(verb: Verb<K>, caller: Caller, command: CommandOf<K>) {
    const { reply, deliveries, afterwards } = await verb(this.ground.ports, caller, command);
    await this.deliver(deliveries);
    await afterwards?.(this.deliver);
    return reply;
  }

  readonly deliver = async (deliveries: readonly Delivery[]): Promise<void> => {
    for (const { signal, devices = [] } of deliveries) {
      if (signal.kind !== 'conversation-updated') continue;
      for (const { userId } of devices) {
        await this.#arrival(`arrival at ${userId}`);
        this.heard.set(userId, [...(this.heard.get(userId) ?? []), signal]);
      }
    }
  };

  /** Takes the tasks off the queue and does them all at once, and those that follow. */
  async work(): Promise<void> {
    const { queue, ports } = this.ground;
    while (queue.length > 0) {
      const due = queue.splice(0).map(async ({ task }) => {
        if (task.kind === 'tell-update') {
          await tellUpdate(ports, task.conversationId, task.users, this.deliver);
        }
      });
      await Promise.all(due);
    }
  }

  last(userId: string): Update | undefined {
    return this.heard.get(userId)?.at(-1);
  }
}

const ann: Caller = { userId: 'ann', name: 'Ann', dialect: 'support', expiresAt: 9e15 };
const ben: Caller = { userId: 'ben', name: 'Ben', dialect: 'support', expiresAt: 9e15 };

async function desk(): Promise<Desk> {
  const opened = new Desk(memoryPorts());
  await opened.open();
  return opened;
}

describe('devices that show lists are told how a conversation stands', () => {
  test('after a message: what it says, and how much each has not read', async () => {
    const room = await desk();
    await room.do(publishMessage, ann, { to, content: 'hello' });
    await room.do(publishMessage, ann, { to, content: 'anybody?' });
    await room.work();
    expect(room.last('ben')).toMatchObject({ lastMessage: { content: 'anybody?' }, unread: { ben: 2 } });
    expect(room.last('ann')).toMatchObject({ lastMessage: { content: 'anybody?' }, unread: { ann: 0 } });
  });

  test('after reading: the reader alone, and only where something was unread', async () => {
    const room = await desk();
    await room.do(publishMessage, ann, { to, content: 'one' });
    await room.do(publishMessage, ann, { to, content: 'two' });
    await room.work();
    room.heard.clear();
    await room.do(markRead, ben, { messageIds: [messageIdOf(ID, 1)] });
    await room.work();
    expect(room.heard.get('ben')).toMatchObject([{ unread: { ben: 1 } }]);
    await room.do(markConversationRead, ben, { to });
    await room.work();
    expect(room.last('ben')).toMatchObject({ unread: { ben: 0 } });
    await room.do(markConversationRead, ben, { to });
    await room.do(markRead, ben, { messageIds: [messageIdOf(ID, 2)] });
    await room.work();
    expect(room.heard.get('ben')).toHaveLength(2);
    expect(room.heard.get('ann')).toBeUndefined();
  });

  test('after the last message was edited or deleted, and not after an earlier one was', async () => {
    const room = await desk();
    await room.do(publishMessage, ann, { to, content: 'one' });
    await room.do(publishMessage, ann, { to, content: 'two' });
    await room.work();
    room.heard.clear();
    await room.do(editMessage, ann, { messageId: messageIdOf(ID, 1), content: 'first' });
    await room.do(deleteMessage, ann, { messageId: messageIdOf(ID, 1) });
    await room.work();
    expect(room.heard.size).toBe(0);
    await room.do(editMessage, ann, { messageId: messageIdOf(ID, 2), content: 'second' });
    await room.work();
    expect(room.last('ben')).toMatchObject({ lastMessage: { content: 'second' } });
    await room.do(deleteMessage, ann, { messageId: messageIdOf(ID, 2) });
    await room.work();
    expect(room.last('ben')).toMatchObject({ lastMessage: { content: '', deletedAt: expect.any(Number) } });
  });

  test('after a change of status or title', async () => {
    const room = await desk();
    await room.do(changeConversation, ann, { to, status: 'archived', title: 'Done' });
    await room.work();
    for (const userId of ['ann', 'ben']) {
      expect(room.last(userId)).toMatchObject({ conversation: { status: 'archived', title: 'Done' } });
    }
  });

  test('once, in whatever order the table gives what is in a row', async () => {
    const room = await desk();
    await room.do(publishMessage, ann, { to, content: 'hello' });
    await room.do(markConversationRead, ben, { to });
    room.ground.queue.length = 0;
    const { log } = room.ground.ports;
    let looks = 0;
    const head = async (id: string) => {
      const found = await log.head(id);
      looks += 1;
      return looks % 2 === 0 ? backwards(found) : found;
    };
    await tellUpdate({ ...room.ground.ports, log: { ...log, head } }, ID, undefined, room.deliver);
    for (const userId of ['ann', 'ben']) expect(room.heard.get(userId)).toHaveLength(1);
  });

  test('but not where nobody shows lists: nothing is put on the queue', async () => {
    const room = await desk();
    const { connections } = room.ground.ports;
    for (const userId of ['ann', 'ben']) {
      await connections.dismiss({ userId, connectionId: `${userId}-support` });
    }
    await room.do(publishMessage, ann, { to, content: 'hello' });
    await room.do(editMessage, ann, { messageId: messageIdOf(ID, 1), content: 'hello!' });
    await room.do(markConversationRead, ben, { to });
    expect(room.ground.queue.filter(({ task }) => task.kind === 'tell-update')).toEqual([]);
  });
});

test('however the words cross on their way, the last one is true', async () => {
  const deed = fc.constantFrom('send', 'send', 'read', 'edit', 'close', 'open');
  const property = fc.asyncProperty(
    fc.scheduler(),
    fc.array(deed, { minLength: 2, maxLength: 4 }),
    async (scheduler, deeds) => {
      const turns = new Turns();
      const room = new Desk(memoryPorts({ turn: turns.turn, headEntries: 3 }), turns.turn);
      await room.open();
      await room.do(publishMessage, ann, { to, content: 'hello' });
      const decide = (call: string) => scheduler.schedule(Promise.resolve(), call);
      await turns.during(decide, () =>
        scheduler.waitFor(Promise.all(deeds.map((kind) => act(room, kind).then(() => room.work())))),
      );
      await room.work();
      await expectTruth(room);
    },
  );
  await fc.assert(property, runs(200));
});

async function act(room: Desk, kind: string): Promise<unknown> {
  switch (kind) {
    case 'send':
      return room.do(publishMessage, ann, { to, content: 'again' });
    case 'read':
      return room.do(markConversationRead, ben, { to });
    case 'edit':
      return room.do(editMessage, ann, { messageId: messageIdOf(ID, 1), content: 'hi' });
    default:
      return room.do(changeConversation, ben, { to, title: kind });
  }
}

async function expectTruth({ ground: { ports }, heard }: Desk): Promise<void> {
  const head = await ports.log.head(ID);
  if (!head) throw new Error('The conversation is gone.');
  for (const userId of ['ann', 'ben']) {
    const self = memberOf(head, userId);
    const told = heard.get(userId)?.at(-1);
    expect(told?.lastMessage?.seq).toBe(lastSeq(head));
    expect(told?.lastMessage?.content).toBe(head.entries[0]?.content);
    expect(told?.conversation.title).toBe(head.conversation.title);
    expect(told?.unread[userId]).toBe(self && (await countUnread(ports, head, self)));
  }
}

/** The same with the fields of every object the other way round. */
function backwards<T>(value: T): T {
  if (Array.isArray(value)) return value.map(backwards) as T;
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, field]) => [name, backwards(field)] as const);
  return Object.fromEntries(fields.toReversed()) as T;
}
