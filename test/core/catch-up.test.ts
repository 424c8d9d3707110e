import { describe, expect, test } from 'vitest';
import { catchUp } from '../../lambdas/core/catch-up.ts';
import type { CommandOf } from '../../lambdas/core/commands.ts';
import { connectionOf, entryAt, type Opened, openedBy, unique } from '../contracts/fixture.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';

const ann = unique('ann');
const { caller } = connectionOf(ann);

/** Ann's device, and so many rooms that she is in, with a log that a test writes. */
async function scene(rooms = 1) {
  const fixture = memoryPorts();
  const { ports, clock } = fixture;
  const opened: Opened[] = [];
  for (let room = 0; room < rooms; room += 1) opened.push(await openedBy(fixture, { client: ann }));
  await ports.connections.open(
    { ...connectionOf(ann), connectionId: caller.connectionId, caller },
    clock.now(),
  );
  const say = async (id: string, times = 1) => {
    for (let said = 0; said < times; said += 1) {
      const head = await ports.log.head(id);
      const seq = (head?.entries[0]?.seq ?? 0) + 1;
      clock.pass(200);
      await ports.log.append(id, entryAt(seq, 'ben', { createdAt: clock.now() }), head?.knock);
      if (head) await ports.conversations.touch(head.conversation, head.members, clock.now());
    }
  };
  const ask = async (behind: Partial<CommandOf<'catch-up'>>) => {
    const { reply } = await catchUp(ports, caller, { joined: {}, heard: {}, ...behind });
    const rooms = reply.rooms.map((room) => ({ ...room, messages: room.messages.map(({ seq }) => seq) }));
    return { ...reply, rooms };
  };
  const [{ id } = raise()] = opened;
  return { fixture, ports, clock, opened, id, say, ask };
}

function raise(): never {
  throw new Error('There is no such room.');
}

const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('a device that catches up', () => {
  test('is told what follows the place that it names, and is in the room from then on', async () => {
    const { ports, id, say, ask } = await scene();
    await say(id, 35);
    for (const after of [0, 12, 34, 35]) {
      const { rooms, isComplete, device } = await ask({ joined: { [id]: after } });
      expect(rooms).toEqual([
        { conversationId: id, after, messages: upTo(after + 1, 35), upTo: 35, lastSeq: 35 },
      ]);
      expect(isComplete).toBe(true);
      expect(device).toEqual({ userId: ann, connectionId: caller.connectionId, joined: [id] });
    }
    expect((await ports.connections.device(ann, caller.connectionId))?.joined).toEqual([id]);
    expect((await ports.log.head(id))?.knock).toBeDefined();
  });

  test('is told in several answers of what is too much for one, and of nothing that is too much altogether', async () => {
    const { id, say, ask } = await scene();
    await say(id, 1_001);
    const first = await ask({ joined: { [id]: 1 } });
    expect(first.rooms).toMatchObject([{ messages: upTo(2, 201), upTo: 201, lastSeq: 1_001 }]);
    expect(first.isComplete).toBe(true);
    expect((await ask({ joined: { [id]: 201 } })).rooms).toMatchObject([{ messages: upTo(202, 401) }]);
    const all = await ask({ joined: { [id]: 0 } });
    expect(all.rooms).toMatchObject([{ messages: [], upTo: 1_001 }]);
    expect(all.isComplete).toBe(false);
  });

  test('that names a place which does not exist yet is told where the conversation stands', async () => {
    const { id, say, ask } = await scene();
    await say(id, 2);
    expect((await ask({ joined: { [id]: 9 } })).rooms).toMatchObject([{ after: 2, messages: [], upTo: 2 }]);
  });

  test('is not let into what is not its user’s, and leaves no trace there', async () => {
    const { fixture, ports, say, ask } = await scene();
    const { id } = await openedBy(fixture, {});
    await say(id, 2);
    const absent = `c${'0'.repeat(22)}`;
    const { rooms, device } = await ask({ joined: { [id]: 0, [absent]: 0 }, heard: { [id]: 0 }, since: 0 });
    expect(rooms.map(({ conversationId }) => conversationId)).not.toContain(id);
    expect(device.joined).toEqual([]);
    expect((await ports.log.head(id))?.knock).toBeUndefined();
    expect((await ports.connections.device(ann, caller.connectionId))?.joined).toEqual([]);
  });

  test('hears what was said elsewhere since then: all after the last that it heard of, or what was pushed since', async () => {
    const { clock, opened, say, ask } = await scene(3);
    const [one, two, three] = opened.map(({ id }) => id) as [string, string, string];
    await say(one, 3);
    await say(two, 3);
    clock.pass(3_600_000);
    const since = clock.now();
    await say(one, 2);
    await say(two, 2);
    const { rooms, at } = await ask({ joined: {}, heard: { [one]: 2 }, since });
    const byRoom = Object.fromEntries(rooms.map((room) => [room.conversationId, room]));
    expect(byRoom[one]).toMatchObject({ after: 2, messages: [3, 4, 5], upTo: 5 });
    expect(byRoom[two]).toMatchObject({ after: 3, messages: [4, 5], upTo: 5 });
    expect(byRoom[three]).toBeUndefined();
    expect(at).toBeGreaterThanOrEqual(since);
    expect((await ask({ joined: { [two]: 5 }, since })).rooms.map(({ messages }) => messages)).toEqual([
      [],
      [4, 5],
    ]);
  });

  test('is told that there was too much where more conversations were active than are looked through', async () => {
    const { opened, say, ask, clock } = await scene(101);
    const since = clock.now();
    for (const { id } of opened) await say(id);
    const [{ id } = raise()] = opened;
    const { rooms, isComplete } = await ask({ joined: { [id]: 0 }, since });
    expect(rooms).toMatchObject([{ conversationId: id, messages: [1] }]);
    expect(isComplete).toBe(false);
  });

  test('and whose connection has ended meanwhile is refused', async () => {
    const { ports, id, ask } = await scene();
    await ports.connections.dismiss({ userId: ann, connectionId: caller.connectionId });
    await expect(ask({ joined: { [id]: 0 } })).rejects.toMatchObject({ reason: 'token-missing' });
  });
});
