import { describe, expect, test } from 'vitest';
import { memberOf } from '../../lambdas/core/conversation.ts';
import { conversationOfBooking, messageIdOf } from '../../lambdas/core/ids.ts';
import { faultyPorts } from '../fakes/faulty-ports.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';
import { Chat, callerOf } from '../promises/chat.ts';
import { BOOKING, CLIENT, OTHER_BOOKING, OWNER, prepare } from '../promises/crowd.ts';

const ID = conversationOfBooking(BOOKING);
const ann = callerOf(CLIENT);
const ben = callerOf(OWNER);
const at = (...seqs: readonly number[]) => seqs.map((seq) => messageIdOf(ID, seq));

async function scene(count: number) {
  const ground = memoryPorts({ headEntries: 4 });
  const chat = new Chat(ground);
  await prepare(chat);
  for (let said = 1; said <= count; said += 1) {
    ground.clock.pass(1_500);
    await chat.send(said % 3 === 0 ? ann : ben, BOOKING, `${said}`);
  }
  const stateOf = async (userId: string) => {
    const head = await ground.ports.log.head(ID);
    return head && memberOf(head, userId)?.read;
  };
  return { ground, chat, stateOf };
}

describe('a receipt', () => {
  test('leaves no marks behind where all before it is read, the reader’s own messages included', async () => {
    const { chat, stateOf } = await scene(60);
    for (let seq = 1; seq <= 60; seq += 10) {
      await chat.read(ann, at(...Array.from({ length: 10 }, (_, index) => seq + index)));
    }
    expect(await stateOf(CLIENT)).toMatchObject({ upTo: 60, also: {} });
  });

  test('keeps marks exactly where something before them is unread', async () => {
    const { chat, stateOf } = await scene(12);
    await chat.read(ann, at(11, 5, 7));
    expect(await stateOf(CLIENT)).toMatchObject({
      upTo: 0,
      also: { 5: expect.any(Number), 7: expect.any(Number) },
    });
    await chat.read(ann, at(1, 2, 4));
    expect(await stateOf(CLIENT)).toMatchObject({ upTo: 7, also: { 11: expect.any(Number) } });
    await chat.read(ann, at(8, 10));
    expect(await stateOf(CLIENT)).toMatchObject({ upTo: 12, also: {} });
  });

  test('counts below the newest messages too, whatever was read in between', async () => {
    const { chat } = await scene(20);
    await chat.read(ann, at(2, 7, 13, 20));
    const [summary] = await chat.list(ann, []);
    const others = Array.from({ length: 20 }, (_, index) => index + 1).filter((seq) => seq % 3 !== 0);
    expect(summary?.unreadCount).toBe(others.length - 4);
  });

  test('whose answer was lost is not told again to others by its repeat, and counts once', async () => {
    const { ground, chat, stateOf } = await scene(4);
    const device = await chat.connect(OWNER, 'ben/1');
    await chat.join(device, BOOKING);
    await chat.read(ann, at(1));
    const once = await stateOf(CLIENT);
    await chat.read(ann, at(1));
    expect(await stateOf(CLIENT)).toEqual(once);
    expect(chat.events('ben/1', 'messagesMarkedAsRead')).toHaveLength(1);
    const lost = faultyPorts(ground.ports, (call) => (call === 'log.saveRead' ? 'done unanswered' : 'done'));
    await expect(new Chat({ ...ground, ports: lost }).read(ann, at(2))).rejects.toThrow();
    expect(await chat.read(ann, at(2))).toEqual(at(2));
    expect(await stateOf(CLIENT)).toMatchObject({ upTo: 3, version: 2 });
  });

  test('of several conversations is all or nothing', async () => {
    const { chat, stateOf } = await scene(3);
    await chat.send(ben, OTHER_BOOKING, 'for cat');
    const foreign = messageIdOf(conversationOfBooking(OTHER_BOOKING), 1);
    for (const bad of [foreign, ...at(4), 'nonsense', messageIdOf('c'.padEnd(23, 'x'), 1)]) {
      await expect(chat.read(ann, [...at(1), bad])).rejects.toMatchObject({ reason: 'not-a-party' });
    }
    expect(await stateOf(CLIENT)).toMatchObject({ upTo: 0, also: {}, version: 0 });
    expect(await chat.read(ben, [...at(3), foreign])).toEqual(at(3));
  });
});
