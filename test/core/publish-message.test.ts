import { describe, expect, test } from 'vitest';
import { conversationOfBooking } from '../../lambdas/core/ids.ts';
import { holdFirst, Turns } from '../fakes/in-turn.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';
import { Chat, callerOf } from '../promises/chat.ts';
import { BOOKING, CLIENT, OWNER, prepare, STRANGER } from '../promises/crowd.ts';

const KEY = 'the one';
const ann = callerOf(CLIENT);
const ben = callerOf(OWNER);

async function scene() {
  const turns = new Turns();
  const chat = new Chat(memoryPorts({ turn: turns.turn }));
  await prepare(chat);
  const sayOften = async (times: number, afterMs = 2_000) => {
    for (let said = 0; said < times; said += 1) {
      chat.ground.clock.pass(afterMs);
      await chat.send(ben, BOOKING, `${said}`);
    }
  };
  const idsStored = async () =>
    (await chat.history(ann, BOOKING))
      .filter(({ clientMessageId }) => clientMessageId === KEY)
      .map(({ id }) => id);
  return { turns, chat, sayOften, idsStored };
}

describe('a first try that goes on late', () => {
  test.each(['log.head', 'log.append'])(
    'at its %s finds what its retry has stored, though 20 messages came since',
    async (call) => {
      const { turns, chat, sayOften, idsStored } = await scene();
      await sayOften(15);
      const held = holdFirst(call);
      await turns.during(held.turn, async () => {
        const first = chat.send(ann, BOOKING, 'hello', KEY);
        await held.reached;
        chat.ground.clock.pass(1_500);
        const { id } = await chat.send(ann, BOOKING, 'hello', KEY);
        await sayOften(20);
        held.letGo();
        expect((await first).id).toBe(id);
        expect(await idsStored()).toEqual([id]);
      });
    },
  );

  test('finds it although the clock of the function that stored it is half a second behind', async () => {
    const { turns, chat, sayOften, idsStored } = await scene();
    await sayOften(15, 10_000);
    chat.ground.clock.pass(10_000);
    const held = holdFirst('log.head');
    await turns.during(held.turn, async () => {
      const first = chat.send(ann, BOOKING, 'hello', KEY);
      await held.reached;
      chat.ground.clock.pass(-500);
      const { id } = await chat.send(ann, BOOKING, 'hello', KEY);
      await sayOften(10, 10);
      held.letGo();
      expect((await first).id).toBe(id);
      expect(await idsStored()).toEqual([id]);
    });
  });

  test('at its claim is told that its retry has stored the message', async () => {
    const { turns, chat, sayOften, idsStored } = await scene();
    const held = holdFirst('claims.claim');
    await turns.during(held.turn, async () => {
      const first = chat.send(ann, BOOKING, 'hello', KEY);
      await held.reached;
      const { id } = await chat.send(ann, BOOKING, 'hello', KEY);
      await sayOften(20);
      held.letGo();
      expect((await first).id).toBe(id);
      expect(await idsStored()).toEqual([id]);
    });
  });
});

describe('a claim', () => {
  test('on which the first try relies is not given up by a retry that is refused', async () => {
    const { turns, chat, sayOften, idsStored } = await scene();
    for (let said = 0; said < 9; said += 1) await chat.send(ann, BOOKING, `${said}`);
    const held = holdFirst('log.append');
    await turns.during(held.turn, async () => {
      const first = chat.send(ann, BOOKING, 'hello', KEY);
      await held.reached;
      await chat.send(ann, BOOKING, 'the tenth');
      await expect(chat.send(ann, BOOKING, 'hello', KEY)).rejects.toMatchObject({ reason: 'rate-limited' });
      chat.ground.clock.pass(10_000);
      held.letGo();
      const { id } = await first;
      await sayOften(20);
      expect((await chat.send(ann, BOOKING, 'hello', KEY)).id).toBe(id);
      expect(await idsStored()).toEqual([id]);
    });
  });

  test('on which a retry relies is not given up by the first try that is refused', async () => {
    const { turns, chat, sayOften, idsStored } = await scene();
    for (let said = 0; said < 10; said += 1) await chat.send(ann, BOOKING, `${said}`);
    const held = holdFirst('claims.release');
    await turns.during(held.turn, async () => {
      const first = chat.send(ann, BOOKING, 'hello', KEY);
      await held.reached;
      chat.ground.clock.pass(10_000);
      const { id } = await chat.send(ann, BOOKING, 'hello', KEY);
      held.letGo();
      await expect(first).rejects.toMatchObject({ reason: 'rate-limited' });
      await sayOften(20);
      expect((await chat.send(ann, BOOKING, 'hello', KEY)).id).toBe(id);
      expect(await idsStored()).toEqual([id]);
    });
  });

  test.each([
    ['a stranger’s', callerOf(STRANGER), 'not-a-party', undefined],
    ['the wrong side’s', ann, 'not-a-party', 'business'],
  ] as const)('of %s send is given up when it is refused', async (_, caller, reason, role) => {
    const { chat } = await scene();
    await chat.send(ann, BOOKING, 'first');
    const sending = chat.send(caller, BOOKING, 'hello', KEY, role);
    await expect(sending).rejects.toMatchObject({ reason });
    const claim = {
      userId: caller.userId,
      conversationId: conversationOfBooking(BOOKING),
      clientMessageId: KEY,
    };
    expect(await chat.ports.claims.claim(claim, 'another try', chat.ground.clock.now())).toEqual({});
  });
});

describe('two tries at once', () => {
  test('are answered with one message, which the devices hear once', async () => {
    const { turns, chat, idsStored } = await scene();
    const caller = await chat.connect(OWNER, 'ben/1');
    await chat.join(caller, BOOKING);
    const held = holdFirst('log.append');
    await turns.during(held.turn, async () => {
      const first = chat.send(ann, BOOKING, 'hello', KEY);
      await held.reached;
      const second = await chat.send(ann, BOOKING, 'hello', KEY);
      held.letGo();
      expect(await first).toEqual(second);
      expect(await idsStored()).toEqual([second.id]);
      expect(chat.heard('ben/1')).toHaveLength(1);
    });
  });
});

describe('a send', () => {
  test('that loses its place to others again and again is asked to try again, and leaves nothing behind', async () => {
    const ground = memoryPorts();
    const { log } = ground.ports;
    const beaten = { ...log, append: async () => 'taken' as const };
    const chat = new Chat({ ...ground, ports: { ...ground.ports, log: beaten } });
    await prepare(chat);
    await expect(chat.send(ann, BOOKING, 'hello', KEY)).rejects.toMatchObject({ reason: 'busy' });
    expect(ground.stored(conversationOfBooking(BOOKING))).toEqual([]);
    expect((await new Chat(ground).send(ann, BOOKING, 'hello', KEY)).seq).toBe(1);
  });

  test('never dates a message before the one that it follows, whoever’s clock is behind', async () => {
    const { chat } = await scene();
    const first = await chat.send(ben, BOOKING, 'first');
    chat.ground.clock.pass(-5_000);
    const second = await chat.send(ann, BOOKING, 'second');
    expect(second.createdAt).toBe(first.createdAt);
  });

  test('tells the lists of activity at most once a minute', async () => {
    const calls: string[] = [];
    const chat = new Chat(memoryPorts({ turn: async (call) => void calls.push(call) }));
    await prepare(chat);
    for (let said = 0; said < 9; said += 1) {
      await chat.send(ben, BOOKING, `${said}`);
      chat.ground.clock.pass(14_900);
    }
    expect(calls.filter((call) => call === 'conversations.touch')).toHaveLength(1);
  });
});
