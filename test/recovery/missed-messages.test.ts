import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { messageIdOf } from '../../lambdas/core/ids.ts';
import { resumeRooms } from '../../lambdas/core/resume-rooms.ts';
import type { Told } from '../../lambdas/core/told.ts';
import { connectionOf, entryAt, type Opened, openedBy, unique } from '../contracts/fixture.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';
import { runs } from '../promises/runs.ts';
import { pushesOf } from './pushes.ts';

const ann = unique('ann');
const { caller } = connectionOf(ann);

/** A scene of so many rooms that Ann is in, with a log that a test writes. */
async function scene(rooms: number, headEntries = 10) {
  const fixture = memoryPorts({ headEntries });
  const { log } = fixture.ports;
  const opened: Opened[] = [];
  for (let room = 0; room < rooms; room += 1) opened.push(await openedBy(fixture, { client: ann }));
  let at = 1_000_000;
  const last = new Map<string, number>();
  const say = async (room: number, afterMs = 1_000): Promise<string> => {
    at += afterMs;
    const { id, owner } = opened[room] ?? opened[0] ?? raise();
    const seq = (last.get(id) ?? 0) + 1;
    last.set(id, seq);
    const head = await log.head(id);
    await log.append(id, entryAt(seq, owner, { createdAt: at }), head?.knock);
    return messageIdOf(id, seq);
  };
  const joinedAfter = () => Object.fromEntries(opened.map(({ id }) => [id, 0]));
  const resume = async (
    lastSeen: string | undefined,
    after: Record<string, number> = joinedAfter(),
    told: Told = {},
  ) =>
    (await resumeRooms(fixture.ports, caller, { joinedAfter: after, lastSeen, told }))?.map(({ id }) => id);
  return { fixture, opened, say, resume, joinedAfter, idOf: (room: number) => opened[room]?.id ?? raise() };
}

function raise(): never {
  throw new Error('There is no such room.');
}

describe('a device that was away', () => {
  test('is told what was said after the last message that it saw', async () => {
    const { say, resume } = await scene(1);
    const ids = [];
    for (let said = 0; said < 35; said += 1) ids.push(await say(0));
    for (const seen of [34, 30, 12, 0]) expect(await resume(ids[seen])).toEqual(ids.slice(seen + 1));
  });

  test('and had seen none, is told what was said since it joined', async () => {
    const { say, resume, idOf } = await scene(1);
    const ids = [];
    for (let said = 0; said < 25; said += 1) ids.push(await say(0));
    expect(await resume(undefined)).toEqual(ids);
    expect(await resume(undefined, { [idOf(0)]: 20 })).toEqual(ids.slice(20));
    expect(await resume(undefined, { [idOf(0)]: 25 })).toEqual([]);
    expect(await resume(undefined, {})).toEqual([]);
  });

  test('is told nothing that was said before it joined, whatever it claims to have seen', async () => {
    const { say, resume, idOf } = await scene(1);
    const [first = ''] = [await say(0), await say(0)];
    const third = await say(0);
    expect(await resume(first, { [idOf(0)]: 2 })).toEqual([third]);
  });

  test('goes by the time of the last message where it has left its room', async () => {
    const { say, resume, idOf } = await scene(2);
    await say(1);
    const seen = await say(0);
    const missed = [await say(1), await say(1)];
    await say(0);
    expect(await resume(seen, { [idOf(1)]: 0 })).toEqual(missed);
  });

  test.each([
    ['of a place where nothing was said yet', (id: string) => messageIdOf(id, 9)],
    ['that is none', () => 'no message'],
    ['of a conversation that does not exist', () => messageIdOf(`c${'x'.repeat(22)}`, 1)],
  ])('cannot be told anything by a message %s', async (_, seen) => {
    const { say, resume, idOf } = await scene(1);
    await say(0);
    expect(await resume(seen(idOf(0)))).toBeUndefined();
  });

  test('cannot be told anything by a message of somebody else’s conversation, though it exists', async () => {
    const { fixture, resume } = await scene(1);
    const { id, owner } = await openedBy(fixture);
    await fixture.ports.log.append(id, entryAt(1, owner), undefined);
    expect(await resume(messageIdOf(id, 1))).toBeUndefined();
  });

  test('hears nothing of a room whose member it is no more', async () => {
    const { fixture, opened, say, resume } = await scene(2);
    const seen = await say(0);
    await say(1);
    const missed = await say(0);
    const [, left] = opened;
    if (!left) throw new Error('There are two rooms.');
    const business = { ...left.business, ownerId: unique('owner') };
    const booking = { ...left.booking, clientId: unique('client') };
    await fixture.ports.directory.saveBooking(booking);
    await fixture.ports.directory.saveBusiness(business);
    await fixture.ports.conversations.reconcile(booking, business, fixture.clock.now());
    expect(await resume(seen)).toEqual([missed]);
  });

  test('is told up to 1,000 messages, and beyond that that it cannot be told', async () => {
    const { say, resume } = await scene(2);
    const seen = await say(0);
    const ids = [];
    for (let said = 0; said < 1_000; said += 1) ids.push(await say(said % 2));
    expect(await resume(seen)).toEqual(ids);
    await say(1);
    expect(await resume(seen)).toBeUndefined();
  });
});

describe('a device that may have been told of a message before the last one that it saw, or after it, or never', () => {
  /** Three messages a second apart; that one was being pushed until so long (ms) after it was due. */
  const threeWith = async (late: number, takesMs: number) => {
    const { fixture, say, resume, idOf } = await scene(1);
    const ids = [await say(0), await say(0), await say(0)];
    const [entry] = await fixture.ports.log.entriesAt(idOf(0), [late]);
    await fixture.ports.log.noteLate(idOf(0), late, (entry?.createdAt ?? 0) + takesMs);
    return { ids, resume, room: idOf(0) };
  };

  test('cannot be told what it has missed, whichever it names last', async () => {
    const { ids, resume } = await threeWith(1, 1_500);
    expect(await resume(ids[0])).toBeUndefined();
    expect(await resume(ids[1])).toBeUndefined();
    expect(await resume(ids[2])).toEqual([]);
    expect(await resume(undefined)).toEqual(ids);
  });

  test('is told what it has missed where nothing was pushed meanwhile', async () => {
    const { ids, resume } = await threeWith(1, 900);
    for (const seen of [0, 1, 2]) expect(await resume(ids[seen])).toEqual(ids.slice(seen + 1));
  });

  test('cannot be told anything either where the two are of different rooms', async () => {
    const { fixture, say, resume, idOf } = await scene(2);
    await say(1);
    const seen = await say(0);
    expect(await resume(seen)).toEqual([]);
    await fixture.ports.log.noteLate(idOf(1), 1, Number.MAX_SAFE_INTEGER);
    expect(await resume(seen)).toBeUndefined();
  });

  test('is looked after so far back that many others may have been told meanwhile', async () => {
    const { fixture, say, resume, idOf } = await scene(1);
    const ids = [];
    for (let said = 0; said < 40; said += 1) ids.push(await say(0, 400));
    await fixture.ports.log.noteLate(idOf(0), 5, Number.MAX_SAFE_INTEGER);
    expect(await resume(ids[38])).toBeUndefined();
  });

  test('was told of it when it last came back, and so has it, whatever became of the push', async () => {
    const { ids, resume, room } = await threeWith(1, 1_500);
    const told = { [room]: { from: 1, to: 1 } };
    expect(await resume(ids[0], { [room]: 0 }, told)).toEqual(ids.slice(1));
    expect(await resume(ids[1], { [room]: 0 }, told)).toEqual(ids.slice(2));
    expect(await resume(ids[1], { [room]: 0 }, { [room]: { from: 2, to: 2 } })).toBeUndefined();
  });

  test('has joined only afterwards, and so is not concerned', async () => {
    const { ids, resume, room } = await threeWith(1, 1_500);
    expect(await resume(ids[1], { [room]: 1 })).toEqual([ids[2]]);
  });
});

/** Messages of several rooms, so many ms after each other. */
const story = fc.array(
  fc.record({ room: fc.nat(2), afterMs: fc.oneof(fc.constant(0), fc.nat(200), fc.nat(5_000)) }),
  { maxLength: 70 },
);

test('a device in several rooms that is lost again and again is told everything once, in the order of the pushes', async () => {
  const property = fc.asyncProperty(
    story,
    fc.integer({ min: 1, max: 15 }),
    fc.array(fc.nat(12)),
    async (told, headEntries, strides) => {
      const { fixture, opened, say, resume } = await scene(3, headEntries);
      for (const { room, afterMs } of told) await say(room, afterMs);
      const logs = new Map(opened.map(({ id }) => [id, fixture.stored(id)]));
      const expected = pushesOf(logs).map(({ id }) => id);
      let seen = 0;
      for (const stride of strides) {
        expect(await resume(expected[seen - 1])).toEqual(expected.slice(seen));
        seen = Math.min(expected.length, seen + stride);
      }
    },
  );
  await fc.assert(property, runs(150));
});
