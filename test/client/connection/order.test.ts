import { describe, expect, it } from 'vitest';
import { C, message, Scene } from './scene.ts';

describe('the messages of a conversation', () => {
  it('are told in order, each once, both events of one', async () => {
    const scene = new Scene();
    const socket = await scene.enter(3);
    for (const seq of [5, 6, 4, 4, 6]) socket.say(message(seq));
    socket.say(message(5, 'notification'));
    socket.say(message(5, 'notification'));
    expect(scene.heard.map(({ name, args }) => [name, args[0]])).toEqual([
      ['newMessage', 4],
      ['newMessage', 5],
      ['newMessage', 6],
      ['notification', 5],
    ]);
  });

  it('wait a moment for one that is missing, and then it is asked for', async () => {
    const scene = new Scene();
    const socket = await scene.enter(3);
    socket.say(message(5));
    scene.clock.advance(999);
    expect(socket.count('parley:resume')).toBe(0);
    scene.clock.advance(1);
    expect(socket.payload('parley:resume')).toMatchObject({ joined: { [C]: 3 } });
    socket.say(message(7));
    const events = [message(4), message(5)];
    socket.answer('parley:resume', { ok: true, events, positions: { [C]: 5 }, complete: true });
    await scene.turn();
    expect(scene.told).toEqual(['4', '5']);
    socket.say(message(6));
    expect(scene.told).toEqual(['4', '5', '6', '7']);
  });

  it('wait for one that is missing though the connection is lost while it is asked for', async () => {
    const scene = new Scene();
    const first = await scene.enter(3);
    first.say(message(5));
    scene.clock.advance(1_000);
    first.onclose?.();
    await scene.turn();
    expect(scene.told).toEqual([]);
    scene.clock.advance(5_000);
    const second = await scene.admit();
    expect(second.payload('parley:resume')).toMatchObject({ joined: { [C]: 3 } });
    const events = [message(4), message(5)];
    second.answer('parley:resume', { ok: true, events, positions: { [C]: 5 }, complete: true });
    await scene.turn();
    expect(scene.told).toEqual(['4', '5']);
  });

  it('do not wait for what the server does not have either', async () => {
    const scene = new Scene();
    const socket = await scene.enter(3);
    socket.say(message(5));
    scene.clock.advance(1_000);
    socket.answer('parley:resume', { ok: true, positions: { [C]: 3 }, complete: true });
    await scene.turn();
    expect(scene.told).toEqual(['5']);
  });

  it('wait for one that is missing where the server will not say, and it is asked for again', async () => {
    const scene = new Scene();
    const socket = await scene.enter(3);
    socket.say(message(5));
    for (let times = 1; times <= 3; times += 1) {
      scene.clock.advance(1_000);
      expect(socket.count('parley:resume')).toBe(times);
      socket.answer('parley:resume', { ok: false, error: { code: 'CONFLICT' } });
      await scene.turn();
    }
    expect(scene.told).toEqual([]);
    socket.say(message(4));
    expect(scene.told).toEqual(['4', '5']);
  });

  it('wait for nothing any more once the connection is closed', async () => {
    const scene = new Scene();
    const socket = await scene.enter(3);
    socket.say(message(5));
    scene.clock.advance(1_000);
    scene.connection.close();
    await scene.turn();
    expect(scene.clock.scheduled).toBe(0);
  });

  it('wait for one that is missing from what was told of a loss', async () => {
    const scene = new Scene();
    (await scene.enter(3)).onclose?.();
    scene.clock.advance(5_000);
    const second = await scene.admit();
    second.answer('parley:resume', { ok: true, events: [message(5)], positions: { [C]: 3 }, complete: true });
    await scene.turn();
    expect(scene.changes.at(-1)).toMatchObject({ kind: 'open', recovered: true });
    expect(scene.told).toEqual([]);
    scene.clock.advance(1_000);
    const events = [message(4), message(5)];
    expect(second.payload('parley:resume')).toMatchObject({ joined: { [C]: 3 } });
    second.answer('parley:resume', { ok: true, events, positions: { [C]: 5 }, complete: true });
    await scene.turn();
    expect(scene.told).toEqual(['4', '5']);
  });

  it.each(['x', {}])('go on after an answer in which their place is %j', async (place) => {
    const scene = new Scene();
    const socket = await scene.enter(3);
    socket.say(message(5));
    scene.clock.advance(1_000);
    socket.answer('parley:resume', {
      ok: true,
      events: [message(4)],
      positions: { [C]: place },
      complete: true,
    });
    await scene.turn();
    socket.say(message(6));
    expect(scene.told).toEqual(['4', '5', '6']);
  });

  it('count those that were sent from here and make no event', async () => {
    const scene = new Scene();
    const socket = await scene.enter(0);
    scene.connection.ask({ action: 'message:send', args: [{ recipientId: 'ben', content: 'mine' }] });
    socket.say(message(2));
    expect(scene.told).toEqual([]);
    socket.answer('message:send', { ok: true }, `${C}.1`);
    expect(scene.told).toEqual(['2']);
  });

  it('wait for those that were sent from here and make one, whatever the reply says', async () => {
    const scene = new Scene();
    const socket = await scene.enter(0);
    scene.connection.ask({ action: 'sendMessage', args: [{ bookingId: 'b1', content: 'mine' }] });
    socket.say(message(2));
    socket.answer('sendMessage', { ok: true }, `${C}.1`);
    expect(scene.told).toEqual([]);
    socket.say(message(1));
    expect(scene.told).toEqual(['1', '2']);
  });

  it('are told as they come where not all of them are heard', async () => {
    const scene = new Scene();
    const socket = await scene.enter(0);
    const elsewhere = (seq: number) => ({ event: 'message_sent', data: seq, offset: `cOTHER.${seq}` });
    for (const seq of [4, 9, 4, 8]) socket.say(elsewhere(seq));
    expect(scene.told).toEqual(['4', '9', '8']);
  });

  it('wait for each other where all are heard without joining', async () => {
    const scene = new Scene();
    const socket = await scene.enter(0, { hearsAll: true });
    const direct = (seq: number) => ({ event: 'receive_message', data: seq, offset: `cOTHER.${seq}` });
    for (const seq of [4, 6]) socket.say(direct(seq));
    expect(scene.told).toEqual(['4']);
    scene.clock.advance(1_000);
    expect(socket.payload('parley:resume')).toMatchObject({ joined: {}, heard: { cOTHER: 4 } });
    socket.say(direct(5));
    expect(scene.told).toEqual(['4', '5', '6']);
  });

  it('are not asked for where the room was left', async () => {
    const scene = new Scene();
    const socket = await scene.enter(3);
    scene.connection.ask({ action: 'leaveBooking', args: ['b1'] });
    socket.answer('leaveBooking', { ok: true });
    socket.onclose?.();
    scene.clock.advance(5_000);
    expect((await scene.admit()).payload('parley:resume')).toMatchObject({ joined: {} });
  });

  it('are asked for again after a flood that leaves out one', async () => {
    const scene = new Scene();
    const socket = await scene.enter(0);
    for (let seq = 2; seq < 510; seq += 1) socket.say(message(seq));
    expect(scene.changes.at(-1)).toEqual({ kind: 'lost', reason: 'transport error' });
    scene.clock.advance(5_000);
    const second = await scene.admit();
    expect(second.payload('parley:resume')).toMatchObject({ joined: { [C]: 0 } });
    // What waited is kept no longer, whatever the answer.
    second.answer('parley:resume', { ok: false });
    await scene.turn();
    second.say(message(510));
    expect(scene.changes.at(-1)).toMatchObject({ kind: 'open', recovered: false });
  });
});

describe('what was missed', () => {
  it('is asked for in parts, and until there is no more', async () => {
    const scene = new Scene();
    const first = await scene.enter(0);
    for (let room = 0; room < 120; room += 1) {
      scene.connection.ask({ action: 'joinBooking', args: [`other-${room}`] });
      first.answer('joinBooking', { ok: true }, `cROOM${room}.1`);
    }
    first.onclose?.();
    scene.clock.advance(5_000);
    const second = await scene.admit();
    const asked = () => Object.keys((second.payload('parley:resume') as { joined: object }).joined);
    const positions = () => Object.fromEntries(asked().map((id) => [id, 2]));
    expect(asked()).toHaveLength(100);
    second.answer('parley:resume', { ok: true, positions: positions(), complete: true, more: true });
    await scene.turn();
    expect(second.payload('parley:resume')).toMatchObject({ joined: { [C]: 2 } });
    second.answer('parley:resume', { ok: true, positions: positions(), complete: true });
    await scene.turn();
    expect(asked()).toHaveLength(21);
    expect(second.payload('parley:resume')).toHaveProperty('since');
    second.answer('parley:resume', { ok: true, positions: positions(), complete: true });
    await scene.turn();
    expect(second.count('parley:resume')).toBe(3);
    expect(scene.changes.at(-1)).toMatchObject({ kind: 'open', recovered: true });
  });

  it('is not all there where the server says so, or does not say', async () => {
    for (const answer of [{ ok: true, positions: { [C]: 9 }, complete: false }, { ok: false }]) {
      const scene = new Scene();
      (await scene.enter(0)).onclose?.();
      scene.clock.advance(5_000);
      const second = await scene.admit();
      second.answer('parley:resume', answer);
      await scene.turn();
      expect(scene.changes.at(-1)).toMatchObject({ kind: 'open', recovered: false });
    }
  });

  it('is nobody else’s', async () => {
    const scene = new Scene();
    const first = await scene.enter(3);
    first.onclose?.();
    scene.connection.ask({ action: 'sendMessage', args: [{ bookingId: 'b1', content: 'Ann’s' }] });
    scene.clock.advance(5_000);
    const second = await scene.admit({ userId: 'ben' });
    expect(second.sent).toHaveLength(1);
    expect(scene.changes.at(-1)).toMatchObject({ kind: 'open', recovered: false });
  });
});
