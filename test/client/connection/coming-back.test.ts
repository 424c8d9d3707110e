import { describe, expect, it, vi } from 'vitest';
import type { FakeSocket } from '../../fakes/fake-server.ts';
import { C, message, Scene } from './scene.ts';

const MINUTE_MS = 60_000;

describe('a connection that does not come about', () => {
  it('is tried again after longer and longer pauses, each different', async () => {
    const scene = new Scene();
    const pauses: number[] = [];
    scene.connection.open();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await scene.turn();
      scene.socket.onerror?.();
      await scene.turn();
      const before = scene.clock.now();
      while (scene.sockets.length === attempt + 1) {
        scene.clock.advance(100);
        await scene.turn();
      }
      pauses.push(scene.clock.now() - before);
    }
    // 1, 2, 4 and 5 s, each less 38 % by these dice.
    expect(pauses).toEqual([700, 1_300, 2_500, 3_200, 3_200]);
  });

  it('is given up after as many attempts as are allowed', async () => {
    const scene = new Scene({ reconnectionAttempts: 2 });
    scene.connection.open();
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await scene.turn();
      scene.socket.onerror?.();
      scene.clock.advance(5_000);
    }
    expect(scene.changes.map(({ kind }) => kind)).toEqual([
      ...['failed', 'attempt', 'failed', 'attempt', 'failed', 'gave-up'],
    ]);
    expect(scene.connection.state).toBe('closed');
    expect(scene.clock.scheduled).toBe(0);
  });

  it('fails when nobody answers, or the token does not come', async () => {
    for (const credentials of [() => ({}), () => new Promise<never>(() => undefined)]) {
      const scene = new Scene({ credentials });
      scene.connection.open();
      await scene.turn();
      scene.clock.advance(20_000);
      expect(scene.changes.at(-1)).toMatchObject({ kind: 'failed', error: { message: 'timeout' } });
    }
  });

  it('fails when whoever gives the token does, and is tried again', async () => {
    const credentials = vi.fn(() => ({ token: 'x' }));
    credentials.mockImplementationOnce(() => {
      throw new Error('the session has ended');
    });
    const scene = new Scene({ credentials });
    scene.connection.open();
    await scene.turn();
    expect(scene.changes.at(-1)).toMatchObject({ error: { message: 'the session has ended' } });
    scene.clock.advance(5_000);
    await scene.admit();
    expect(scene.connection.state).toBe('open');
  });

  it('fails where the WebSocket takes no such URL', async () => {
    const scene = new Scene();
    vi.spyOn(scene.sockets, 'push').mockImplementationOnce(() => {
      throw new SyntaxError('no such URL');
    });
    scene.connection.open();
    await scene.turn();
    expect(scene.changes.at(-1)).toMatchObject({ kind: 'failed', error: { message: 'no such URL' } });
  });

  it('does not come about once it is closed', async () => {
    const scene = new Scene();
    scene.connection.open();
    scene.connection.close();
    await scene.turn();
    expect(scene.sockets).toHaveLength(0);
    scene.connection.open();
    await scene.turn();
    scene.connection.close();
    scene.socket.onopen?.();
    await scene.turn();
    expect(scene.socket.sent).toHaveLength(0);
    expect(scene.socket.closedWith).toBe(1000);
    expect(scene.clock.scheduled).toBe(0);
  });
});

describe('the network', () => {
  it('that has gone takes the connection along; that comes back has it tried at once', async () => {
    const scene = new Scene();
    await scene.enter();
    scene.network(false);
    expect(scene.changes.at(-1)).toEqual({ kind: 'lost', reason: 'transport close' });
    scene.network(true);
    await scene.turn();
    expect(scene.sockets).toHaveLength(2);
  });

  it('that seems to have come back has the connection looked after', async () => {
    const scene = new Scene();
    const socket = await scene.enter();
    scene.network(true);
    expect(socket.count('ping')).toBe(1);
  });
});

describe('a token', () => {
  const fresh = { expiresIn: 3 * MINUTE_MS };

  it('that is to expire has the connection replaced before, by one with the next', async () => {
    let token = 'first';
    const scene = new Scene({ credentials: () => ({ token }) });
    const first = await scene.enter(0, fresh);
    token = 'second';
    scene.clock.advance(2 * MINUTE_MS);
    const second = await scene.admit(fresh);
    expect(second.payload('parley:connect')).toEqual({ token: 'second', replaces: true });
    second.answer('parley:resume', { ok: true, positions: { [C]: 0 }, complete: true });
    await scene.turn();
    scene.clock.advance(MINUTE_MS);
    expect(first.closedWith).toBe(1000);
    expect(scene.changes.map(({ kind }) => kind)).toEqual(['open']);
  });

  it('that is the same still has it replaced no more, and lost when it has expired', async () => {
    const scene = new Scene();
    await scene.enter(0, fresh);
    scene.clock.advance(2 * MINUTE_MS);
    const second = await scene.admit({ expiresIn: MINUTE_MS });
    second.answer('parley:resume', { ok: true, positions: { [C]: 0 }, complete: true });
    await scene.turn();
    scene.clock.advance(MINUTE_MS);
    expect(scene.sockets).toHaveLength(2);
    expect(scene.changes.at(-1)).toEqual({ kind: 'lost', reason: 'transport close' });
  });

  it('that is another user’s by now does not take its place', async () => {
    const scene = new Scene();
    const first = await scene.enter(0, fresh);
    scene.clock.advance(2 * MINUTE_MS);
    const second = await scene.admit({ ...fresh, userId: 'ben' });
    expect(second.closedWith).toBe(1000);
    first.say(message(1));
    expect(scene.told).toEqual(['1']);
    scene.clock.advance(MINUTE_MS);
    expect(scene.changes.at(-1)).toEqual({ kind: 'lost', reason: 'transport close' });
  });

  it('that somebody else renews has it neither replaced nor lost', async () => {
    const scene = new Scene({ isRenewed: true });
    const socket = await scene.enter(0, fresh);
    scene.clock.advance(2 * MINUTE_MS);
    await scene.turn();
    expect(scene.sockets).toHaveLength(1);
    scene.connection.ask({ action: 'parley:connect', args: [{ token: 'next' }], done: () => undefined });
    socket.answer('parley:connect', { ok: true, userId: 'ann', ...fresh });
    scene.clock.advance(2 * MINUTE_MS);
    expect(scene.changes.map(({ kind }) => kind)).toEqual(['open']);
    scene.clock.advance(MINUTE_MS);
    expect(scene.changes.map(({ kind }) => kind)).toEqual(['open', 'lost']);
  });
});

/** Lets time pass until a connection, which is answered meanwhile, is to be replaced, and lets its client in there. */
async function replacementOf(first: FakeSocket, scene: Scene): Promise<FakeSocket> {
  while (scene.sockets.length === 1) {
    scene.clock.advance(10_000);
    await scene.turn();
    if (first.sent.at(-1)?.action === 'ping') first.answer('ping', { ok: true, at: scene.at });
  }
  return scene.admit();
}

describe('a connection that is to be cut soon', () => {
  it('is replaced by another one, which takes over with what was missed', async () => {
    const scene = new Scene();
    const first = await scene.enter(1);
    const second = await replacementOf(first, scene);
    expect(scene.sockets).toHaveLength(2);
    first.say(message(2));
    const typing = { event: 'typing', data: 'typing' };
    for (const socket of [first, second]) socket.say(typing);
    const events = [message(2), message(3)];
    second.answer('parley:resume', { ok: true, events, positions: { [C]: 3 }, complete: true });
    await scene.turn();
    first.say(message(3));
    second.say(typing);
    first.say({ event: 'late', data: 'late' });
    first.say(typing);
    expect(scene.told).toEqual(['2', 'typing', '3', 'typing', 'late']);
    scene.clock.advance(20_000);
    expect(first.closedWith).toBe(1000);
    expect(second.closedWith).toBeUndefined();
    expect(scene.changes.map(({ kind }) => kind)).toEqual(['open']);
  });

  it('stays where the other is not told what it has missed, and so would be in no room', async () => {
    const scene = new Scene();
    const first = await scene.enter(1);
    const second = await replacementOf(first, scene);
    second.answer('parley:resume', { ok: false, error: { code: 'CONFLICT' } });
    await scene.turn();
    scene.clock.advance(30_000);
    expect([first.closedWith, second.closedWith]).toEqual([undefined, 1000]);
    first.say(message(2));
    expect(scene.told).toEqual(['2']);
    scene.clock.advance(30_000);
    await scene.turn();
    expect(scene.sockets).toHaveLength(3);
    expect(scene.changes.map(({ kind }) => kind)).toEqual(['open']);
  });

  it('stays where no other comes about, and that is tried again', async () => {
    const scene = new Scene();
    const first = await scene.enter(1);
    for (let minutes = 0; minutes < 110; minutes += 1) {
      scene.clock.advance(MINUTE_MS);
      await scene.turn();
      if (scene.sockets.length > 1) scene.socket.onerror?.();
      if (first.sent.at(-1)?.action === 'ping') first.answer('ping', { ok: true, at: scene.at });
    }
    expect(scene.sockets.length).toBeGreaterThan(2);
    expect(scene.connection.state).toBe('open');
    first.say(message(2));
    expect(scene.told).toEqual(['2']);
  });
});
