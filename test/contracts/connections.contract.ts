import { beforeAll, describe, expect, test } from 'vitest';
import { connectionOf, type Fixture, type MakeFixture, unique } from './fixture.ts';

/** What every store of connections does. */
export function connectionsContract(make: MakeFixture): void {
  describe('a store of connections', () => {
    let fixture: Fixture;
    beforeAll(async () => {
      fixture = await make();
    });
    const opened = async (userId = unique('user')) => {
      const connection = connectionOf(userId);
      await fixture.ports.connections.open(connection, fixture.clock.now());
      return { connection, key: { userId, connectionId: connection.connectionId } };
    };

    test('finds a connection as it was opened, and none that was not', async () => {
      const { connections } = fixture.ports;
      const { connection } = await opened();
      expect(await connections.find(connection.connectionId)).toStrictEqual(connection);
      expect(await connections.find(unique('connection'))).toBeUndefined();
    });

    test('shows a connection among its user’s devices, in no room yet', async () => {
      const { connections } = fixture.ports;
      const { connection, key } = await opened();
      const device = {
        ...key,
        wire: 'native',
        dialect: 'booking',
        expiresAt: connection.caller.expiresAt,
        connectedAt: fixture.clock.now(),
        joined: [],
        joinedAfter: {},
        rooms: [],
      };
      expect(await connections.device(key.userId, key.connectionId)).toStrictEqual(device);
      expect(await connections.devicesOf([key.userId], true)).toStrictEqual([device]);
    });

    test('is nobody’s device before it has authenticated', async () => {
      const { connections } = fixture.ports;
      const userId = unique('user');
      const { caller, ...stranger } = connectionOf(userId);
      await connections.open(stranger, fixture.clock.now());
      expect(await connections.find(stranger.connectionId)).toStrictEqual(stranger);
      expect(await connections.devicesOf([userId], true)).toEqual([]);
      // Its token may be the first to say what it speaks.
      const known = { ...stranger, dialect: 'direct', caller: { ...caller, dialect: 'direct' } } as const;
      await connections.renew(known, fixture.clock.now());
      expect(await connections.find(stranger.connectionId)).toStrictEqual(known);
      expect(await connections.devicesOf([userId], true)).toHaveLength(1);
    });

    test('remembers of connection and device whether it counts along', async () => {
      const { connections } = fixture.ports;
      const counting = { ...connectionOf(unique('user')), offsets: true };
      const { connectionId, caller } = counting;
      await connections.open(counting, fixture.clock.now());
      expect(await connections.find(connectionId)).toStrictEqual(counting);
      await connections.renew(counting, fixture.clock.now());
      expect(await connections.device(caller.userId, connectionId)).toMatchObject({ offsets: true });
    });

    test('reads the devices of several users, and of none', async () => {
      const { connections } = fixture.ports;
      const ann = await opened();
      const annToo = await opened(ann.key.userId);
      const ben = await opened();
      const devices = await connections.devicesOf([ann.key.userId, ben.key.userId, unique('user')], true);
      const ids = devices.map(({ connectionId }) => connectionId);
      expect(new Set(ids)).toEqual(new Set([ann, annToo, ben].map(({ key }) => key.connectionId)));
      expect(await connections.devicesOf([], true)).toEqual([]);
    });

    test('renews a token and keeps what the device has joined and since when it is there', async () => {
      const { connections } = fixture.ports;
      const { connection, key } = await opened();
      const connectedAt = fixture.clock.now();
      await connections.join(key, 'room', 0);
      fixture.clock.pass(60_000);
      const caller = { ...connection.caller, expiresAt: 77 };
      await connections.renew({ ...connection, caller }, fixture.clock.now());
      expect(await connections.find(key.connectionId)).toMatchObject({ caller: { expiresAt: 77 } });
      expect(await connections.device(key.userId, key.connectionId)).toMatchObject({
        expiresAt: 77,
        joined: ['room'],
        connectedAt,
      });
    });

    test('does not bring back by a renewal what has ended', async () => {
      const { connections } = fixture.ports;
      const { connection, key } = await opened();
      await connections.dismiss(key);
      await connections.close(key.connectionId);
      await connections.renew(connection, fixture.clock.now());
      expect(await connections.find(key.connectionId)).toBeUndefined();
      expect(await connections.devicesOf([key.userId], true)).toEqual([]);
    });

    test('does not bring back a device by a renewal that another wire asks for', async () => {
      const { connections } = fixture.ports;
      const connection = { ...connectionOf(unique('user')), wire: 'socket.io' as const };
      const { userId } = connection.caller;
      await connections.renew(connection, fixture.clock.now());
      expect(await connections.devicesOf([userId], true)).toEqual([]);
      await connections.admit(connection, fixture.clock.now());
      const caller = { ...connection.caller, expiresAt: 77 };
      await connections.renew({ ...connection, caller }, fixture.clock.now());
      expect(await connections.devicesOf([userId], true)).toMatchObject([{ expiresAt: 77 }]);
    });

    test('closes a connection once, and gives it as it was; the device goes by itself', async () => {
      const { connections } = fixture.ports;
      const { connection, key } = await opened();
      await connections.join(key, 'room', 0);
      expect(await connections.close(key.connectionId)).toStrictEqual(connection);
      expect(await connections.find(key.connectionId)).toBeUndefined();
      expect(await connections.close(key.connectionId)).toBeUndefined();
      expect(await connections.devicesOf([key.userId], true)).toHaveLength(1);
      await connections.dismiss(key);
      await connections.dismiss(key);
      expect(await connections.devicesOf([key.userId], true)).toEqual([]);
    });

    test('keeps a device that is lost, and nothing of it changes but that it goes', async () => {
      const { connections } = fixture.ports;
      const { key } = await opened();
      const lostAt = fixture.clock.now();
      await connections.join(key, 'room', 3);
      await connections.saveTyping(key, { conversationId: 'room', until: 1 });
      await connections.lose(key, lostAt);
      const lost = await connections.device(key.userId, key.connectionId);
      expect(lost).toMatchObject({ ...key, lostAt, joinedAfter: { room: 3 } });
      expect(lost?.typing).toBeUndefined();
      await connections.lose(key, lostAt + 1_000);
      expect(await connections.join(key, 'another', 0)).toBe('gone');
      await connections.leave(key, 'room');
      await connections.reroute(key, 'elsewhere');
      await connections.saveTyping(key, { conversationId: 'room', until: 1 });
      expect(await connections.everyDeviceOf([key.userId], true)).toStrictEqual([lost]);
      expect(await connections.devicesOf([key.userId], true)).toEqual([]);
      expect(await connections.devicesAt([key])).toStrictEqual([lost]);
      await connections.dismiss(key);
      await connections.lose(key, lostAt);
      expect(await connections.everyDeviceOf([key.userId], true)).toEqual([]);
    });

    test('reads devices by their keys, as many as there are', async () => {
      const { connections } = fixture.ports;
      const [ann, ben] = [await opened(), await opened()];
      const nobody = { userId: ann.key.userId, connectionId: unique('connection') };
      const found = await connections.devicesAt([ann.key, nobody, ben.key]);
      expect(new Set(found.map(({ userId }) => userId))).toEqual(new Set([ann.key.userId, ben.key.userId]));
      expect(await connections.devicesAt([])).toEqual([]);
    });

    test('joins and leaves rooms, each as often as asked', async () => {
      const { connections } = fixture.ports;
      const { key } = await opened();
      const joined = async () => (await connections.device(key.userId, key.connectionId))?.joined;
      for (const room of ['one', 'two', 'one']) expect(await connections.join(key, room, 0)).toBe('joined');
      expect(new Set(await joined())).toEqual(new Set(['one', 'two']));
      await connections.leave(key, 'one');
      await connections.leave(key, 'one');
      expect(await joined()).toEqual(['two']);
      await connections.leave(key, 'two');
      expect(await joined()).toEqual([]);
      expect(await connections.join(key, 'three', 0)).toBe('joined');
      expect(await joined()).toEqual(['three']);
    });

    test('sees every join that was answered in a consistent read', async () => {
      const { connections } = fixture.ports;
      const { key } = await opened();
      const rooms = Array.from({ length: 8 }, (_, index) => `room-${index}`);
      await Promise.all(rooms.map((room) => connections.join(key, room, 0)));
      const [device] = await connections.devicesOf([key.userId], true);
      expect(new Set(device?.joined)).toEqual(new Set(rooms));
    });

    test('is full at 500 rooms, but joins again what it has joined', async () => {
      const { connections } = fixture.ports;
      const { key } = await opened();
      const rooms = Array.from({ length: 500 }, (_, index) => `room-${index}`);
      for (let from = 0; from < rooms.length; from += 50) {
        await Promise.all(rooms.slice(from, from + 50).map((room) => connections.join(key, room, 0)));
      }
      expect(await connections.join(key, 'one too many', 0)).toBe('full');
      expect(await connections.join(key, 'room-7', 0)).toBe('joined');
      await connections.leave(key, 'room-7');
      expect(await connections.join(key, 'one more', 0)).toBe('joined');
    });

    test('keeps after which message a device has joined, until it leaves', async () => {
      const { connections } = fixture.ports;
      const { key } = await opened();
      const joinedAfter = async () => (await connections.device(key.userId, key.connectionId))?.joinedAfter;
      await connections.join(key, 'one', 7);
      await connections.join(key, 'two', 0);
      await connections.join(key, 'one', 9);
      expect(await joinedAfter()).toEqual({ one: 7, two: 0 });
      await connections.leave(key, 'one');
      expect(await joinedAfter()).toEqual({ two: 0 });
      await connections.join(key, 'one', 9);
      expect(await joinedAfter()).toEqual({ one: 9, two: 0 });
    });

    test('lets a device begin with the rooms of the one whose place it takes', async () => {
      const { connections } = fixture.ports;
      const origin = { connectionId: 'the first=', at: 7 };
      const connection = {
        ...connectionOf(unique('user'), { origin }),
        wire: 'socket.io' as const,
      };
      const { userId } = connection.caller;
      const told = { one: { from: 4, to: 5 } };
      const resumed = { joinedAfter: { one: 3, two: 0 }, via: 'another', told };
      await connections.admit(connection, fixture.clock.now(), resumed);
      const device = await connections.device(userId, connection.connectionId);
      expect(device).toMatchObject({ ...resumed, origin });
      expect(new Set(device?.joined)).toEqual(new Set(['one', 'two']));
      await connections.admit(connection, fixture.clock.now());
      expect(await connections.device(userId, connection.connectionId)).toMatchObject(resumed);
      const later = { joinedAfter: {}, via: 'elsewhere' };
      await connections.admit(connection, fixture.clock.now(), later);
      expect(await connections.device(userId, connection.connectionId)).toMatchObject({
        ...resumed,
        via: 'elsewhere',
      });
    });

    test('makes a device of a connection that its wire keeps, says how to reach it, and lets it go', async () => {
      const { connections } = fixture.ports;
      const connection = { ...connectionOf(unique('user')), wire: 'socket.io' as const };
      const key = { userId: connection.caller.userId, connectionId: connection.connectionId };
      await connections.admit(connection, fixture.clock.now());
      expect(await connections.find(key.connectionId)).toBeUndefined();
      expect(await connections.join(key, 'room', 0)).toBe('joined');
      await connections.reroute(key, 'another');
      const device = await connections.device(key.userId, key.connectionId);
      expect(device).toMatchObject({ ...key, wire: 'socket.io', joined: ['room'], via: 'another' });
      await connections.dismiss(key);
      await connections.reroute(key, 'another');
      expect(await connections.devicesOf([key.userId], true)).toEqual([]);
    });

    test('keeps what a device is not to be told again, wherever it is reached from then on', async () => {
      const { connections } = fixture.ports;
      const connection = { ...connectionOf(unique('user')), wire: 'socket.io' as const };
      const key = { userId: connection.caller.userId, connectionId: connection.connectionId };
      const told = { room: { from: 3, to: 7 } };
      await connections.admit(connection, fixture.clock.now(), { joinedAfter: { room: 0 }, via: 'aside' });
      await connections.reroute(key, key.connectionId, told);
      await connections.reroute(key, 'another');
      expect(await connections.devicesOf([key.userId], true)).toMatchObject([{ via: 'another', told }]);
    });

    test('makes no device of a connection that is gone', async () => {
      const { connections } = fixture.ports;
      const { key } = await opened();
      await connections.dismiss(key);
      expect(await connections.join(key, 'room', 0)).toBe('gone');
      await connections.leave(key, 'room');
      await connections.saveTyping(key, { conversationId: 'room', until: 1 });
      await connections.saveTyping(key, undefined);
      expect(await connections.device(key.userId, key.connectionId)).toBeUndefined();
      expect(await connections.devicesOf([key.userId], true)).toEqual([]);
    });

    test('notes where a device’s user types, and clears it', async () => {
      const { connections } = fixture.ports;
      const { key } = await opened();
      const typing = { conversationId: 'room', until: 123 };
      const noted = async () => (await connections.device(key.userId, key.connectionId))?.typing;
      await connections.saveTyping(key, typing);
      expect(await noted()).toStrictEqual(typing);
      await connections.saveTyping(key, undefined);
      await connections.saveTyping(key, undefined);
      expect(await noted()).toBeUndefined();
    });
  });
}
