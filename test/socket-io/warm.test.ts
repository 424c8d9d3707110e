import { describe, expect, test } from 'vitest';
import { endSocket } from '../../lambdas/wire/socket-io/lifecycle.ts';
import { linkWebSocket } from '../../lambdas/wire/socket-io/upgrade.ts';
import { warmFunctions } from './warm-functions.ts';

/* What one warm function remembers, while another serves frames of the same WebSocket. */

const PING = '42["message","ping"]';
const A_MINUTE = 60_000;

/** A session on HTTP long-polling that two WebSockets were opened to take over. */
async function halfway() {
  const warm = await warmFunctions();
  const { one, parts } = warm;
  const poll = (method: string, query: object, body = '') => {
    const known = { EIO: '4', transport: 'polling', ...query };
    return one.poll({ method, query: known, body, handshake: { query: {}, address: '' } }, async () => {});
  };
  const { sid } = JSON.parse((await poll('GET', {})).body.slice(1)) as { readonly sid: string };
  await poll('POST', { sid }, '40');
  for (const id of ['first', 'second']) await linkWebSocket(parts, id, sid);
  const session = () => parts.store.find('first');
  return { ...warm, session };
}

describe('a session that a WebSocket carries', () => {
  test('is read by each function once, for events and acknowledgements', async () => {
    const { one, other, gateway, webSocket } = await warmFunctions();
    const id = await webSocket('40');
    for (const warm of [one, other]) {
      warm.reads();
      for (const packet of [PING, PING, '439["unasked"]', PING]) await warm.frame(id, packet);
      expect(warm.reads()).toBe(1);
    }
    expect(gateway.framesOf(id).filter((frame) => frame.includes('message-back'))).toHaveLength(6);
  });

  test.each([
    ['a goodbye', '41'],
    ['a second CONNECT', '40'],
    ['a pong', '3'],
    ['binary data', '451-["message",{"_placeholder":true,"num":0}]'],
    ['a namespace that is not there', '40/custom'],
    ['an acknowledgement with binary data', '461-0[{"_placeholder":true,"num":0}]'],
  ])('is read again for %s', async (_, packet) => {
    const { one, webSocket } = await warmFunctions();
    const id = await webSocket('40');
    await one.frame(id, PING);
    one.reads();
    await one.frame(id, packet);
    expect(one.reads()).toBe(1);
  });

  test('is no more when one function has ended it, whose end closes the WebSocket', async () => {
    const { one, other, gateway, webSocket } = await warmFunctions();
    const id = await webSocket('40');
    await one.frame(id, PING);
    await other.frame(id, '1');
    expect(gateway.cutOff).toEqual([id]);
  });

  test('is believed in for a minute, should its WebSocket have stayed open', async () => {
    const { one, other, clock, heard, webSocket } = await warmFunctions();
    const id = await webSocket('40');
    await one.frame(id, PING);
    await other.end(id);
    clock.pass(A_MINUTE - 1);
    await one.frame(id, PING);
    expect(heard).toHaveLength(2);
    clock.pass(1);
    expect(await one.frame(id, PING)).toBe(false);
    expect(heard).toHaveLength(2);
  });
});

describe('an acknowledgement that the server awaits', () => {
  test('is taken once, whichever functions it comes to', async () => {
    const answers: unknown[] = [];
    const { one, other, gateway, webSocket } = await warmFunctions((echo) => ({
      ...echo,
      acknowledged: async (_, ...answer) => void answers.push(answer),
    }));
    const id = await webSocket('40');
    await one.frame(id, '42["ask-me","why?"]');
    await other.frame(id, PING);
    const question = gateway.framesOf(id).find((frame) => frame.includes('"question"')) ?? '';
    const answer = `43${/^42(\d+)/.exec(question)?.[1]}["because"]`;
    one.reads();
    other.reads();
    await Promise.all([one.frame(id, answer), other.frame(id, answer), one.frame(id, answer)]);
    expect(answers).toEqual([[{ question: 'why?' }, ['because']]]);
    expect([one.reads(), other.reads()]).toEqual([0, 0]);
  });
});

describe('what an application keeps of a socket', () => {
  type Kept = { readonly until: number };

  test('is read again once it does not stand any more, and may have been renewed by then', async () => {
    const seen: unknown[] = [];
    let now = () => 0;
    const { one, other, clock, webSocket } = await warmFunctions((echo) => ({
      ...echo,
      isCurrent: (data) => (data as Kept).until > now(),
      connect: async () => ({ kind: 'accepted', data: { until: now() + 10_000 } }),
      receive: async ({ data }, { name, keep }) => {
        seen.push(data);
        if (name === 'renew') await keep({ until: now() + 30_000 });
        return {};
      },
    }));
    now = () => clock.now();
    const begin = now();
    const id = await webSocket('40');
    await one.frame(id, PING);
    await other.frame(id, '42["renew"]');
    one.reads();
    await one.frame(id, PING);
    expect(one.reads()).toBe(0);
    clock.pass(10_000);
    await one.frame(id, PING);
    await one.frame(id, PING);
    expect(one.reads()).toBe(1);
    const [first, renewed] = [{ until: begin + 10_000 }, { until: begin + 30_000 }];
    expect(seen).toEqual([first, first, first, renewed, renewed]);
    clock.pass(30_000);
    await one.frame(id, PING);
    await one.frame(id, PING);
    expect(one.reads()).toBe(2);
  });
});

test('what an application did for a socket that had gone by then is undone', async () => {
  const left: unknown[] = [];
  const { one, other, webSocket } = await warmFunctions((echo) => ({
    ...echo,
    receive: async (_, { name, keep }) => {
      if (name === 'renew') await keep('renewed');
      return {};
    },
    disconnected: async ({ data }) => void left.push(data),
  }));
  const id = await webSocket('40');
  await one.frame(id, PING);
  await other.end(id);
  await one.frame(id, '42["renew"]');
  expect(left).toEqual([{}, 'renewed']);
});

describe('a goodbye', () => {
  test('that another function serves closes the WebSocket', async () => {
    const { one, other, gateway, parts, webSocket } = await warmFunctions();
    const id = await webSocket('40');
    await one.frame(id, PING);
    await other.frame(id, '41');
    expect(gateway.cutOff).toEqual([id]);
    expect((await parts.store.find(id))?.sockets.size).toBe(0);
    await other.ended(id);
    expect(await parts.store.find(id)).toBeUndefined();
  });

  test('is for good: nobody joins again over the same WebSocket', async () => {
    const { one, other, parts, gateway, webSocket } = await warmFunctions();
    const id = await webSocket('40');
    await one.frame(id, PING);
    await other.frame(id, '41');
    await other.frame(id, '40{"as":"somebody else"}');
    expect(gateway.framesOf(id).filter((frame) => frame.startsWith('40'))).toHaveLength(1);
    expect(await parts.store.find(id)).toBeUndefined();
  });

  test('to one of several namespaces closes nothing, and nothing was remembered', async () => {
    const { one, other, gateway, heard, webSocket } = await warmFunctions((echo) => ({
      ...echo,
      namespaces: new Set(['/', '/custom']),
    }));
    const id = await webSocket('40');
    await one.frame(id, '40/custom');
    await one.frame(id, '42/custom,["message"]');
    await other.frame(id, '41/custom');
    expect(gateway.cutOff).toEqual([]);
    await other.frame(id, '40/custom');
    one.reads();
    await one.frame(id, '42/custom,["message"]');
    await one.frame(id, '42/custom,["message"]');
    expect(one.reads()).toBe(2);
    await other.frame(id, '41/custom');
    await one.frame(id, '42/custom,["message"]');
    expect(heard).toHaveLength(3);
    expect(gateway.cutOff).toEqual([id]);
  });

  test('by HTTP long-polling, while the session moves, closes the WebSocket that it has moved to', async () => {
    const { one, gateway, parts, session } = await halfway();
    const before = await session();
    await one.frame('first', '5');
    await one.frame('first', PING);
    if (before) await endSocket(parts, before, '/');
    expect(gateway.cutOff).toEqual(['first']);
  });
});

describe('recovery', () => {
  test('closes the WebSocket of the session that it takes the socket from before it answers', async () => {
    const { one, other, gateway, webSocket } = await warmFunctions((echo) => ({
      ...echo,
      isRecoverable: true,
      isTheirs: async () => true,
      stateOf: async () => 'what it had joined',
      connect: async ({ lost }) => ({
        kind: 'accepted',
        data: {},
        ...(lost && { recovered: { told: undefined, caughtUp: async () => {} } }),
      }),
    }));
    const lost = await webSocket('40');
    await one.frame(lost, PING);
    const [reply = ''] = gateway.framesOf(lost);
    const { sid, pid } = JSON.parse(reply.slice(2)) as { readonly sid: string; readonly pid: string };
    const found = await webSocket();
    await other.frame(found, `40${JSON.stringify({ pid })}`);
    expect(gateway.framesOf(found)).toEqual([`40${JSON.stringify({ sid, pid })}`]);
    expect(gateway.cutOff).toEqual([lost]);
  });
});

describe('a WebSocket that has taken a session over', () => {
  test('carries it to the end: no other takes it over', async () => {
    const { one, other, gateway, session } = await halfway();
    const before = await session();
    await one.frame('first', '5');
    await one.frame('first', PING);
    other.readsLate(before);
    await other.frame('second', '5');
    other.readsLate(before);
    await other.frame('second', PING);
    expect(gateway.cutOff).toEqual(['second', 'second']);
    expect((await session())?.webSocket).toBe('first');
    expect(gateway.framesOf('second')).toEqual([]);
  });
});
