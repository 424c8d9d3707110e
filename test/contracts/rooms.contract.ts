import { beforeAll, describe, expect, test } from 'vitest';
import type { Caller, Connection } from '../../lambdas/core/connection.ts';
import type { DeviceKey } from '../../lambdas/core/ports.ts';
import type { Run, Slice } from '../../lambdas/core/rooms.ts';
import { LOST, shardsOf } from '../../lambdas/core/rooms.ts';
import { connectionOf, type Fixture, type MakeFixture, unique } from './fixture.ts';

/** Everything in one part of a list, run by run. */
async function wholeOf<Item>(runOf: (slice: Slice) => Promise<Run<Item>>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for (let after: string | undefined; ; ) {
    const { items, next } = await runOf({ most: 3, ...(after !== undefined && { after }) });
    expect(items.length).toBeLessThanOrEqual(3);
    all.push(...items);
    if (next === undefined) return all;
    after = next;
  }
}

/** What every store of rooms does. */
export function roomsContract(make: MakeFixture): void {
  describe('rooms', () => {
    let fixture: Fixture;
    beforeAll(async () => {
      fixture = await make();
    });
    const devicesIn = async (room: string): Promise<readonly DeviceKey[]> => {
      const shards = Array.from({ length: shardsOf(room) }, (_, shard) =>
        wholeOf((slice) => fixture.ports.rooms.devicesIn(room, shard, slice)),
      );
      return (await Promise.all(shards)).flat();
    };
    const keysIn = async (room: string) => new Set((await devicesIn(room)).map((key) => JSON.stringify(key)));
    const keyOf = ({ connectionId, caller }: Connection & { readonly caller: Caller }) =>
      JSON.stringify({ userId: caller.userId, connectionId });
    const inRooms = (...rooms: readonly string[]) => ({ ...connectionOf(unique('user')), rooms });

    test.each(['native', 'socket.io'] as const)(
      'hold the devices of a %s wire that are in them',
      async (wire) => {
        const { connections } = fixture.ports;
        const [one, other] = [unique('therapist:'), unique('therapist:')];
        const [ann, ben, cat] = [inRooms(one, other), inRooms(one), inRooms()].map((made) => ({
          ...made,
          wire,
        }));
        if (!ann || !ben || !cat) throw new Error('unreachable');
        for (const connection of [ann, ben, cat]) {
          if (wire === 'native') await connections.open(connection, fixture.clock.now());
          else await connections.admit(connection, fixture.clock.now());
        }
        expect(await keysIn(one)).toEqual(new Set([keyOf(ann), keyOf(ben)]));
        expect(await keysIn(other)).toEqual(new Set([keyOf(ann)]));
        const { userId } = ann.caller;
        const device = await connections.device(userId, ann.connectionId);
        expect(device?.rooms).toEqual([one, other]);
        await connections.dismiss({ userId, connectionId: ann.connectionId });
        expect(await keysIn(one)).toEqual(new Set([keyOf(ben)]));
        expect(await keysIn(other)).toEqual(new Set());
      },
    );

    test('are those of the latest token', async () => {
      const { connections } = fixture.ports;
      const [before, both, after] = [unique('room'), unique('room'), unique('room')];
      const connection = inRooms(before, both);
      await connections.open(connection, fixture.clock.now());
      await connections.renew({ ...connection, rooms: [both, after] }, fixture.clock.now());
      const { userId } = connection.caller;
      expect((await connections.device(userId, connection.connectionId))?.rooms).toEqual([both, after]);
      expect(await keysIn(before)).toEqual(new Set());
      for (const room of [both, after]) expect(await keysIn(room)).toEqual(new Set([keyOf(connection)]));
      await connections.renew({ ...connection, rooms: [] }, fixture.clock.now());
      expect((await connections.device(userId, connection.connectionId))?.rooms).toEqual([]);
      for (const room of [both, after]) expect(await keysIn(room)).toEqual(new Set());
    });

    test('hold a device that is lost in that of the lost, until it is forgotten', async () => {
      const { connections } = fixture.ports;
      const room = unique('room');
      const [one, other] = [inRooms(room), inRooms()];
      for (const connection of [one, other]) await connections.open(connection, fixture.clock.now());
      const key = ({ caller: { userId }, connectionId }: typeof one) => ({ userId, connectionId });
      const lost = async () => {
        const found = await keysIn(LOST);
        return [one, other].map((connection) => found.has(keyOf(connection)));
      };
      for (const [connection, expected] of [
        [one, [true, false]],
        [other, [true, true]],
      ] as const) {
        await connections.lose(key(connection), fixture.clock.now());
        expect(await lost()).toEqual(expected);
      }
      await connections.dismiss(key(one));
      expect(await lost()).toEqual([false, true]);
      expect(await keysIn(room)).toEqual(new Set());
    });

    test('are read run by run, however many devices are in them', async () => {
      const { connections } = fixture.ports;
      const made = Array.from({ length: 20 }, () => inRooms('admins'));
      await Promise.all(made.map((connection) => connections.open(connection, fixture.clock.now())));
      const found = await devicesIn('admins');
      expect(found).toHaveLength(20);
      expect(await keysIn('admins')).toEqual(new Set(made.map(keyOf)));
    });
  });

  describe('everyone', () => {
    let fixture: Fixture;
    beforeAll(async () => {
      fixture = await make();
    });

    test('is whoever has a connection that speaks for a user, by device', async () => {
      const { connections, everyone } = fixture.ports;
      const ann = connectionOf(unique('user'), { email: 'ann@example.com', role: 'admin' });
      const annToo = connectionOf(ann.caller.userId);
      const others = Array.from({ length: 30 }, () => connectionOf(unique('user')));
      const since = fixture.clock.now();
      const { caller: _, ...stranger } = connectionOf(unique('user'));
      for (const connection of [ann, annToo, ...others, stranger]) await connections.open(connection, since);
      const connected = async () => {
        const shards = Array.from({ length: everyone.shards }, (_, shard) =>
          wholeOf((slice) => everyone.connectedIn(shard, slice)),
        );
        return (await Promise.all(shards)).flat();
      };
      const here = [ann, annToo, ...others];
      expect(new Set((await connected()).map(({ caller }) => caller.connectionId))).toEqual(
        new Set(here.map(({ connectionId }) => connectionId)),
      );
      expect(await connected()).toContainEqual({ caller: ann.caller, since });
      for (const { connectionId } of here.slice(1)) await connections.close(connectionId);
      expect(await connected()).toEqual([{ caller: ann.caller, since }]);
    });
  });
}
