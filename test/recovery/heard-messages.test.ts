import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Caller } from '../../lambdas/core/connection.ts';
import { Fault } from '../../lambdas/core/fault.ts';
import { conversationOfPair, type UserId } from '../../lambdas/core/ids.ts';
import { publishMessage } from '../../lambdas/core/publish-message.ts';
import { type Lost, resumeRooms } from '../../lambdas/core/resume-rooms.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';
import { runs } from '../promises/runs.ts';
import { type Push, pushesOf } from './pushes.ts';

/** Devices that hear of every conversation without joining it. */

const PEERS = ['ben', 'cat', 'dan'] as const;

/** Who says something: somebody to Ann, or Ann from the device that is lost at times, or from another. */
type From = 'peer' | 'this device' | 'another device';

const callerOf = (userId: UserId, connectionId: string): Caller => ({
  userId,
  name: userId,
  dialect: 'appointment',
  expiresAt: Number.POSITIVE_INFINITY,
  connectionId,
});

async function scene(headEntries = 10) {
  const fixture = memoryPorts({ headEntries });
  const { ports, clock } = fixture;
  for (const userId of ['ann', ...PEERS])
    await ports.directory.saveProfile({ userId, name: userId, source: 'platform' });
  clock.pass(1_000_000_000);
  const say = async (room: number, from: From = 'peer', afterMs = 1_000): Promise<string> => {
    clock.pass(afterMs);
    const peer = PEERS[room % PEERS.length] ?? 'ben';
    const [sender, receiver] = from === 'peer' ? [peer, 'ann'] : ['ann', peer];
    const device = from === 'this device' ? 'phone' : 'laptop';
    const command = { to: { userId: receiver }, content: 'x', echo: 'elsewhere' } as const;
    const { reply, afterwards } = await publishMessage(ports, callerOf(sender, device), command);
    await afterwards?.(async () => undefined);
    return reply.message.id;
  };
  const hearsSince = () => clock.now();
  const resume = async (lost: Partial<Lost> & { readonly hearsSince: number }) => {
    const again = { ...callerOf('ann', 'later'), origin: { connectionId: 'phone', at: 0 } };
    const told = await resumeRooms(ports, again, { joinedAfter: {}, lastSeen: undefined, ...lost });
    return told?.map(({ id }) => id);
  };
  /** All that was said since then that the device was to hear, in the order of the pushes. */
  const pushedSince = (ms: number) => {
    const rooms = PEERS.map((peer) => conversationOfPair('ann', peer));
    const pushes = pushesOf(new Map(rooms.map((id) => [id, storedIn(id)])));
    const isHeard = ({ entry }: Push) => entry.createdAt > ms && entry.unheardBy !== 'phone';
    return pushes.filter(isHeard).map(({ id }) => id);
  };
  const storedIn = (id: string) => {
    try {
      return fixture.stored(id);
    } catch {
      return [];
    }
  };
  return { ports, clock, say, resume, hearsSince, pushedSince };
}

describe('a device that was away and hears all', () => {
  test('is told what was said in every conversation since it began', async () => {
    const { say, resume, hearsSince } = await scene();
    await say(0);
    await say(1);
    const since = hearsSince();
    const missed = [await say(1), await say(2), await say(1, 'another device')];
    expect(await resume({ hearsSince: since })).toEqual(missed);
  });

  test('is told what followed the last message that it saw, whatever conversation that was of', async () => {
    const { say, resume, hearsSince } = await scene();
    const since = hearsSince();
    const said = [await say(0), await say(1), await say(2), await say(0), await say(1)];
    for (let seen = 0; seen < said.length; seen += 1)
      expect(await resume({ hearsSince: since, lastSeen: said[seen] })).toEqual(said.slice(seen + 1));
  });

  test('is told nothing that was pushed before it began, whatever it claims to have seen', async () => {
    const { say, resume, hearsSince } = await scene();
    const seen = await say(0);
    await say(0);
    await say(1);
    const since = hearsSince();
    const missed = [await say(1), await say(0)];
    expect(await resume({ hearsSince: since, lastSeen: seen })).toEqual(missed);
  });

  test('is not told of what it has sent itself, if the sending device is not', async () => {
    const { say, resume, hearsSince } = await scene();
    const since = hearsSince();
    const first = await say(0);
    await say(0, 'this device');
    const second = await say(0, 'another device');
    await say(1, 'this device');
    expect(await resume({ hearsSince: since })).toEqual([first, second]);
    expect(await resume({ hearsSince: since, lastSeen: first })).toEqual([second]);
    expect(await resume({ hearsSince: since, lastSeen: second })).toEqual([]);
  });

  test('is told of a conversation whose activity the lists have not been told of for a minute', async () => {
    const { say, resume, hearsSince } = await scene();
    await say(0);
    await say(0, 'peer', 59_000);
    const since = hearsSince();
    const missed = await say(0, 'peer', 900);
    expect(await resume({ hearsSince: since })).toEqual([missed]);
  });

  test('is told nothing of a conversation that it has joined but what followed that', async () => {
    const { say, resume, hearsSince } = await scene();
    const since = hearsSince();
    await say(0);
    const [second, elsewhere] = [await say(0), await say(1)];
    const joinedAfter = { [conversationOfPair('ann', 'ben')]: 1 };
    expect(await resume({ hearsSince: since, joinedAfter })).toEqual([second, elsewhere]);
  });

  test('hears only of rooms that it has joined where its dialect does not hear all', async () => {
    const { ports, say } = await scene();
    await say(0);
    const again = { ...callerOf('ann', 'later'), origin: { connectionId: 'phone', at: 0 } };
    expect(await resumeRooms(ports, again, { joinedAfter: {}, lastSeen: undefined })).toEqual([]);
  });

  test('cannot be told where more than 100 conversations were active', async () => {
    const { ports, clock, resume, hearsSince } = await scene();
    const since = hearsSince();
    const others = Array.from({ length: 101 }, (_, place) => `peer ${place}`);
    for (const [place, userId] of others.entries()) {
      await ports.directory.saveProfile({ userId, name: userId, source: 'platform' });
      clock.pass(1_000);
      const command = { to: { userId: 'ann' }, content: 'x' };
      const { afterwards } = await publishMessage(ports, callerOf(userId, userId), command);
      await afterwards?.(async () => undefined);
      const told = await (place >= 99 ? resume({ hearsSince: since }) : undefined);
      if (place === 99) expect(told).toHaveLength(100);
      if (place === 100) expect(told).toBeUndefined();
    }
  });

  test('makes a send that has not seen it yet look again', async () => {
    const { ports, say, resume, hearsSince } = await scene();
    const since = hearsSince();
    await say(0);
    await resume({ hearsSince: since });
    const head = await ports.log.head(conversationOfPair('ann', 'ben'));
    expect(head?.knock).toBeDefined();
  });

  test('waits until what was stored just before has come into the lists', async () => {
    const { ports, say, resume, hearsSince } = await scene();
    const since = hearsSince();
    let late: Promise<string> | undefined;
    const { sleep } = ports.clock;
    Object.assign(ports.clock, {
      sleep: async (ms: number) => {
        late ??= say(2, 'peer', 1);
        await late;
        return sleep(ms);
      },
    });
    const told = await resume({ hearsSince: since });
    expect(told).toEqual([await late]);
  });
});

const story = fc.array(
  fc.record({
    room: fc.nat(2),
    from: fc.constantFrom<From>('peer', 'peer', 'this device', 'another device'),
    afterMs: fc.oneof(fc.constant(0), fc.nat(200), fc.nat(5_000), fc.nat(100_000)),
  }),
  { maxLength: 60 },
);

test('a device that hears all and is lost again and again is told everything once, in the order of the pushes', async () => {
  const property = fc.asyncProperty(
    story,
    fc.integer({ min: 1, max: 12 }),
    fc.nat(10),
    fc.array(fc.nat(9)),
    async (told, headEntries, early, strides) => {
      const { say, resume, hearsSince, pushedSince } = await scene(headEntries);
      const sayAll = async (part: typeof told) => {
        for (const { room, from, afterMs } of part) await say(room, from, afterMs).catch(unlessHasty);
      };
      await sayAll(told.slice(0, early));
      const since = hearsSince();
      await sayAll(told.slice(early));
      const expected = pushedSince(since);
      let seen = 0;
      for (const stride of strides) {
        expect(await resume({ hearsSince: since, lastSeen: expected[seen - 1] })).toEqual(
          expected.slice(seen),
        );
        seen = Math.min(expected.length, seen + stride);
      }
    },
  );
  await fc.assert(property, runs(150));
});

/** Nobody may say more than ten things in ten seconds. */
function unlessHasty(thrown: unknown): void {
  if (!(thrown instanceof Fault) || thrown.reason !== 'rate-limited') throw thrown;
}
