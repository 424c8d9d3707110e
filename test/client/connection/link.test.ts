import { describe, expect, it, vi } from 'vitest';
import { C, message, Scene } from './scene.ts';

const MINUTE_MS = 60_000;

describe('a connection that is silent', () => {
  it('says something before it is taken for idle, and no more often than it must', async () => {
    const scene = new Scene();
    const socket = await scene.enter();
    let answered = 0;
    for (let minute = 0; minute < 60; minute += 1) {
      scene.clock.advance(MINUTE_MS);
      if (socket.count('ping') === answered) continue;
      socket.answer('ping', { ok: true, at: scene.at });
      answered += 1;
    }
    expect(socket.count('ping')).toBe(6);
  });

  it('is lost when that is not answered', async () => {
    const scene = new Scene();
    const socket = await scene.enter();
    scene.clock.advance(11 * MINUTE_MS);
    expect(scene.changes.find(({ kind }) => kind === 'lost')).toEqual({
      kind: 'lost',
      reason: 'ping timeout',
    });
    expect(socket.closedWith).toBe(4000);
  });

  it('is looked after when the clock has jumped: the machine may have slept', async () => {
    const scene = new Scene();
    const socket = await scene.enter();
    scene.clock.advance(MINUTE_MS);
    vi.spyOn(scene.clock, 'now').mockReturnValue(scene.clock.now() + 3_600_000);
    scene.clock.advance(MINUTE_MS);
    expect(socket.count('ping')).toBe(1);
    vi.restoreAllMocks();
    socket.answer('ping', { ok: true });
    scene.clock.advance(MINUTE_MS / 2);
    expect(scene.connection.state).toBe('open');
  });
});

describe('a server that says what nobody understands', () => {
  const NONSENSE = [
    '',
    '{',
    'null',
    '7',
    '[]',
    '"x"',
    '{"event":7}',
    '{"reply":"x"}',
    '{"reply":99,"data":{}}',
    '{"message":"Internal server error","connectionId":"x","requestId":"y"}',
  ];

  it.each(NONSENSE)('is passed over: %s', async (text) => {
    const scene = new Scene();
    const socket = await scene.enter();
    socket.say(text);
    socket.say(message(1));
    expect(scene.told).toEqual(['1']);
    expect(scene.connection.state).toBe('open');
  });

  it.each([undefined, null, 7, 'x', [], {}, { ok: 'yes' }])('does not let in with %j', async (answer) => {
    const scene = new Scene();
    scene.connection.open();
    await scene.turn();
    scene.socket.onopen?.();
    await scene.turn();
    scene.socket.answer('parley:connect', answer);
    await scene.turn();
    expect(scene.changes.at(-1)).toMatchObject({ kind: 'failed', error: { data: { code: 'INTERNAL' } } });
    expect(scene.connection.state).toBe('connecting');
  });

  it.each([
    {},
    { ok: true, events: [null, 7, {}, { event: 7 }], positions: { [C]: 'x' }, complete: true },
    { ok: true, events: 7 },
    { ok: true, positions: 7, more: true },
  ])('cannot keep it from coming back: %j', async (answer) => {
    const scene = new Scene();
    (await scene.enter()).onclose?.();
    scene.clock.advance(5_000);
    const socket = await scene.admit();
    for (let answers = 0; answers < 60; answers += 1) {
      socket.answer('parley:resume', answer);
      await scene.turn();
    }
    expect(scene.connection.state).toBe('open');
    expect(socket.count('parley:resume') <= 50).toBe(true);
  });

  it('floods a client that is not let in yet in vain', async () => {
    const scene = new Scene();
    scene.connection.open();
    await scene.turn();
    for (let count = 0; count <= 1_000; count += 1) scene.socket.say({ event: 'x', data: count });
    expect(scene.changes.at(-1)).toMatchObject({ kind: 'failed', error: { message: 'websocket error' } });
  });
});

describe('an application that fails at what it is told', () => {
  it('is told the rest all the same, and its failure is reported', async () => {
    const scene = new Scene({
      onChange: ({ kind }) => {
        if (kind === 'open') throw new Error('mine');
      },
    });
    const socket = await scene.enter();
    socket.say(message(1));
    expect(scene.told).toEqual(['1']);
    expect(() => scene.clock.advance(0)).toThrow('mine');
  });
});
