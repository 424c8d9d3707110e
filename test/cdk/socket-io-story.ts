import { expect, it, vi } from 'vitest';
import { disconnect, nativeClients, runTasks, socketIoClients, tokenFor } from './policed-clients.ts';
import { type Scene, said } from './scene.ts';

const ROOM = 'socket.io';
const TYPING = `42${JSON.stringify(['typing', { bookingId: ROOM, isTyping: true }])}`;
const JOIN = `421${JSON.stringify(['joinBooking', ROOM])}`;
const JOINED = expect.stringMatching(/^431\[\{"ok":true/);
const OPEN = expect.stringMatching(/^0\{"sid"/);
const ADMITTED = expect.stringMatching(/^40\{"sid"/);
const ACKNOWLEDGED = expect.stringMatching(/^437\[\{"ok":true/);
const MESSAGE = expect.stringMatching(/^42\["newMessage"/);

const event = (name: string, data: unknown) => `427${JSON.stringify([name, data])}`;

/** Devices with socket.io-client, on either transport. */
export function tellSocketIoStory(scene: Scene): void {
  const clients = () => socketIoClients(scene.functions);
  const hello = (token: string, more: object = {}) => `40${JSON.stringify({ token, ...more })}`;

  /** A device of Ann's on a WebSocket, in the room and typing; returns what it was told as it was let in. */
  async function annAt(connectionId: string, more: object = {}) {
    const { open, say } = clients();
    await open(connectionId);
    await runTasks(scene.functions, 'greet-socket');
    expect(scene.functions.taken(connectionId)).toEqual([OPEN]);
    const [admitted = '', ...missed] = await say(connectionId, hello(scene.ann, more));
    expect(admitted).toEqual(ADMITTED);
    expect(await say(connectionId, JOIN)).toContainEqual(JOINED);
    await say(connectionId, TYPING);
    return { admitted: JSON.parse(admitted.slice(2)), missed };
  }

  /** What the other side says in the room. */
  async function catSays() {
    const { message } = await nativeClients(scene.functions).frame(
      'default',
      'cat',
      'sendMessage',
      said(ROOM),
    );
    return message._id;
  }

  it('the other side is there, on a native connection and on long-polling', async () => {
    const cat = await tokenFor('cat', { name: 'Cat' });
    const { connect, frame } = nativeClients(scene.functions);
    await connect('cat', cat);
    expect(await frame('default', 'cat', 'joinBooking', ROOM)).toMatchObject({ ok: true });
    const { begin, post } = clients();
    const sid = await begin();
    expect(await post(sid, hello(cat))).toEqual([ADMITTED]);
    expect(await post(sid, JOIN)).toContainEqual(JOINED);
  });

  it('a client on a WebSocket is greeted, let in, and served', async () => {
    const { say } = clients();
    await annAt('ann-1');
    const id = await catSays();
    expect(scene.functions.taken('ann-1')).toContainEqual(MESSAGE);
    expect(await say('ann-1', event('sendMessage', said(ROOM)))).toContainEqual(ACKNOWLEDGED);
    expect(await say('ann-1', event('markAsRead', { messageIds: [id] }))).toContainEqual(ACKNOWLEDGED);
    const renewed = await tokenFor('ann', { name: 'Ann', email: 'ann@example.com' });
    expect(await say('ann-1', event('authenticate', renewed))).toContainEqual(ACKNOWLEDGED);
    await say('ann-1', '3');
    expect(await say('ann-1', event('leaveBooking', ROOM))).toContainEqual(ACKNOWLEDGED);
  });

  it('one without a good token is refused', async () => {
    const { open, say } = clients();
    await open('stranger-1');
    expect(await say('stranger-1', hello('no token'))).toEqual([expect.stringMatching(/^44\{"message"/)]);
  });

  it('one that was lost is recovered, before or after anybody has noticed', async () => {
    const first = await annAt('ann-2');
    const offset = await catSays();
    await disconnect(scene.functions, 'ann-2');
    await catSays();
    const back = { pid: first.admitted.pid, offset };
    const second = await annAt('ann-3', back);
    expect(second.admitted).toEqual(first.admitted);
    expect(second.missed).toEqual([MESSAGE]);
    const third = await annAt('ann-4', back);
    expect(third.admitted).toEqual(first.admitted);
    expect(scene.functions.isOpen('ann-3')).toBe(false);
  });

  it('one that says what it may not is ended', async () => {
    const { say } = clients();
    await annAt('ann-5');
    await say('ann-5', 'nonsense');
    expect(scene.functions.isOpen('ann-5')).toBe(false);
  });

  it('a client on long-polling is let in and served, and says goodbye', async () => {
    const { begin, post, postLast } = clients();
    const sid = await begin();
    expect(await post(sid, hello(scene.ann))).toEqual([ADMITTED]);
    expect(await post(sid, JOIN)).toContainEqual(JOINED);
    expect(await post(sid, event('sendMessage', said(ROOM)))).toContainEqual(ACKNOWLEDGED);
    // A booking whose conversation nobody has opened yet.
    expect(await post(sid, event('sendMessage', said('polling')))).toContainEqual(ACKNOWLEDGED);
    await postLast(sid, TYPING);
    await postLast(sid, '1');
  });

  it('a client on long-polling counts what its user has not read', async () => {
    const { begin, post } = clients();
    const sid = await begin();
    await post(sid, hello(scene.ann, { dialect: 'direct' }));
    const counted = await post(sid, event('get_unread_count', null));
    expect(counted).toContainEqual(expect.stringContaining('unread_count'));
  });

  it('one that has begun there moves to a WebSocket', async () => {
    const { begin, post, poll, open, say } = clients();
    const sid = await begin();
    expect(await post(sid, hello(scene.ann))).toEqual([ADMITTED]);
    expect(await post(sid, JOIN)).toContainEqual(JOINED);
    await open('ann-6', sid);
    expect(await say('ann-6', '2probe')).toEqual(['3probe']);
    expect(await poll(sid)).toEqual(['6']);
    await catSays();
    expect(await say('ann-6', '5')).toEqual([MESSAGE]);
    expect(await say('ann-6', event('sendMessage', said(ROOM)))).toContainEqual(ACKNOWLEDGED);
    await disconnect(scene.functions, 'ann-6');
  });

  it('the sweep pings those that are there, and ends those that are not', async () => {
    const { sweep } = clients();
    await annAt('ann-7');
    await annAt('ann-8');
    scene.functions.drop('ann-8');
    scene.functions.taken('ann-7');
    await sweep();
    expect(scene.functions.taken('ann-7')).toContain('2');
    const A_CYCLE_AND_A_HALF = 14 * 60_000;
    vi.setSystemTime(Date.now() + A_CYCLE_AND_A_HALF);
    await sweep();
    expect(scene.functions.isOpen('ann-7')).toBe(false);
  });

  it('those that never join, and those that a push does not reach, are ended by the tasks', async () => {
    const { open } = clients();
    await open('stranger-2');
    await annAt('ann-9');
    scene.functions.drop('ann-9');
    await catSays();
    await runTasks(scene.functions);
    expect(scene.functions.isOpen('stranger-2')).toBe(false);
  });
}
