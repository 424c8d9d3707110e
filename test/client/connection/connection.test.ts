import { describe, expect, it } from 'vitest';
import { C, message, Scene } from './scene.ts';

describe('a connection', () => {
  it('says who comes in its first frame, and not in the URL', async () => {
    const scene = new Scene({ credentials: async () => ({ token: 'secret', dialect: 'direct' }) });
    scene.connection.open();
    const socket = await scene.admit();
    expect(socket.url).toBe('wss://example.com/ws?offsets=1');
    expect(socket.sent).toEqual([
      { action: 'parley:connect', data: { token: 'secret', dialect: 'direct', replaces: false }, id: 1 },
    ]);
    expect(scene.changes.map(({ kind }) => kind)).toEqual(['open']);
    expect(scene.connection.state).toBe('open');
  });

  it('is told why it is refused, and does not try again where it is told not to', async () => {
    const scene: Scene = new Scene({
      onChange: ({ kind }) => {
        if (kind === 'failed') scene.connection.suspend();
      },
    });
    scene.connection.open();
    await scene.turn();
    scene.socket.onopen?.();
    await scene.turn();
    const [message, code] = ['Authentication error', 'AUTHENTICATION_FAILED'];
    scene.socket.answer('parley:connect', { ok: false, error: { message, code } });
    await scene.turn();
    const error = { message, data: { code } };
    expect(scene.changes.at(-1)).toMatchObject({ kind: 'failed', error, attempt: 0 });
    scene.clock.advance(3_600_000);
    expect(scene.sockets).toHaveLength(1);
    expect(scene.clock.scheduled).toBe(0);
  });

  it('comes back, into its rooms, and is told what it has missed', async () => {
    const scene = new Scene();
    const first = await scene.enter(4);
    first.say(message(5));
    first.onclose?.();
    scene.clock.advance(5_000);
    const second = await scene.admit();
    expect(second.payload('parley:resume')).toMatchObject({ joined: { [C]: 5 } });
    second.say(message(8));
    const events = [message(6), message(7)];
    second.answer('parley:resume', { ok: true, events, positions: { [C]: 7 }, complete: true });
    await scene.turn();
    expect(scene.changes.at(-1)).toMatchObject({ kind: 'open', recovered: true });
    expect(scene.told).toEqual(['5', '6', '7', '8']);
  });
});
