import { describe, expect, it, vi } from 'vitest';
import { C, Scene } from './scene.ts';

const send = (content: string, bookingId = 'b1') => ({
  action: 'sendMessage',
  args: [{ bookingId, content }],
});

describe('what is sent in a conversation', () => {
  it('goes one by one, and not behind what is sent elsewhere', async () => {
    const scene = new Scene();
    const socket = await scene.enter();
    scene.connection.ask(send('one'));
    scene.connection.ask(send('two'));
    scene.connection.ask(send('elsewhere', 'b2'));
    const sent = () =>
      socket.sent.flatMap(({ data }) => (data as { readonly content?: string }).content ?? []);
    expect(sent()).toEqual(['one', 'elsewhere']);
    socket.say({ reply: 3, data: { ok: true }, offset: `${C}.1` });
    expect(sent()).toEqual(['one', 'elsewhere', 'two']);
  });

  it('is repeated on the next connection under the same name, until it is answered', async () => {
    const scene = new Scene();
    const first = await scene.enter();
    const done = vi.fn();
    scene.connection.ask({ ...send('one'), done });
    const name = (first.payload('sendMessage') as { readonly clientMessageId: string }).clientMessageId;
    expect(name.length).toBeGreaterThan(20);
    first.onclose?.();
    scene.clock.advance(5_000);
    const second = await scene.admit();
    second.answer('parley:resume', { ok: true, positions: { [C]: 0 }, complete: true });
    await scene.turn();
    expect(second.payload('sendMessage')).toEqual({ bookingId: 'b1', content: 'one', clientMessageId: name });
    expect(done).not.toHaveBeenCalled();
    second.answer('sendMessage', { ok: true }, `${C}.1`);
    expect(done.mock.calls).toEqual([[expect.objectContaining({ data: { ok: true } })]]);
  });

  it('keeps the name that it was given', async () => {
    const scene = new Scene();
    const socket = await scene.enter();
    scene.connection.ask({ action: 'sendMessage', args: [{ bookingId: 'b1', clientMessageId: 'mine' }] });
    expect(socket.payload('sendMessage')).toEqual({ bookingId: 'b1', clientMessageId: 'mine' });
  });

  it('is asked again on the same connection when no answer comes, and the other side is there', async () => {
    const scene = new Scene();
    const socket = await scene.enter();
    scene.connection.ask(send('one'));
    scene.clock.advance(20_000);
    socket.answer('ping', { ok: true, at: scene.at });
    expect(socket.count('sendMessage')).toBe(2);
    expect(scene.connection.state).toBe('open');
  });

  it('is not repeated once it is given up', async () => {
    const scene = new Scene();
    const socket = await scene.enter();
    const giveUp = scene.connection.ask(send('one'));
    const giveUpWaiting = scene.connection.ask(send('two'));
    giveUp();
    giveUpWaiting();
    scene.clock.advance(20_000);
    expect(socket.count('sendMessage')).toBe(1);
  });
});

describe('anything else', () => {
  it('waits for a connection, unless it is only worth saying now', async () => {
    const scene = new Scene();
    const lost = vi.fn();
    scene.connection.ask({ action: 'markAsRead', args: [1, 2] });
    scene.connection.ask({ action: 'typing', args: [], isVolatile: true, done: lost });
    expect(lost.mock.calls).toEqual([['lost']]);
    scene.connection.open();
    const socket = await scene.admit();
    expect(socket.sent.slice(1)).toEqual([{ action: 'markAsRead', args: [1, 2] }]);
  });

  it('is lost with its connection', async () => {
    const scene = new Scene();
    const socket = await scene.enter();
    const done = vi.fn();
    scene.connection.ask({ action: 'markAsRead', args: [], done });
    socket.onclose?.();
    expect(done.mock.calls).toEqual([['lost']]);
  });

  it('fails when it is not answered in time', async () => {
    const scene = new Scene();
    const socket = await scene.enter();
    const done = vi.fn();
    scene.connection.ask({ action: 'markAsRead', args: [], done, timeoutMs: 1_000 });
    scene.clock.advance(1_000);
    expect(done.mock.calls).toEqual([['timeout']]);
    socket.answer('markAsRead', { ok: true });
    expect(done).toHaveBeenCalledTimes(1);
  });

  it('is refused where it is too large for a frame, and the connection stays', async () => {
    const scene = new Scene();
    const socket = await scene.enter();
    const done = vi.fn();
    scene.connection.ask({ action: 'x', args: ['ß'.repeat(20_000)], done });
    const error = { code: 'INVALID_PAYLOAD', message: 'Payload too large' };
    expect(done.mock.calls).toEqual([[{ data: { ok: false, error }, place: undefined }]]);
    expect(socket.count('x')).toBe(0);
  });

  it('is not taken without end', () => {
    const scene = new Scene();
    const done = vi.fn();
    for (let count = 0; count < 1_005; count += 1) scene.connection.ask({ ...send('x', `b${count}`), done });
    expect(done).toHaveBeenCalledTimes(5);
    scene.connection.close();
    expect(done).toHaveBeenCalledTimes(1_005);
  });
});
